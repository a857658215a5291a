"""Decide whether the path of a rule covers a place in two bodies."""

from itertools import filterfalse
from typing import Final

from conformance.comparison.bodies.markup import TEXT
from conformance.comparison.values.stops import Paths
from conformance.model.json_path import ANY_ELEMENT, JsonPath, Segment, covers

_OF_DOCUMENT: Final[frozenset[Segment]] = frozenset({ANY_ELEMENT, TEXT})
"""Steps that depend on the document: `[*]` for a repeated tag, `#text` beside attributes."""


def names_only(path: JsonPath) -> JsonPath:
    """Return a markup path without the steps that depend on the document."""
    return tuple(filterfalse(_OF_DOCUMENT.__contains__, path))


def is_about(pattern: JsonPath, paths: Paths, *, in_markup: bool) -> bool:
    """Return whether the path of a rule covers a place, as either side spells it."""
    first, second = paths
    if in_markup:
        pattern = names_only(pattern)
        first, second = names_only(first), names_only(second)
    if covers(pattern, first):
        return True
    is_spelled_otherwise = first != second
    return is_spelled_otherwise and covers(pattern, second)
