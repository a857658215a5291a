"""Decide whether the path of a rule covers a place in two bodies."""

from collections.abc import Iterable
from itertools import filterfalse, product, starmap
from operator import attrgetter
from typing import Final

from conformance.comparison.bodies.markup import TEXT
from conformance.comparison.values.stops import Paths
from conformance.model.json_path import ANY_ELEMENT, JsonPath, Segment, covers
from conformance.model.rule import HeaderRule, NoteRule, NumberRule, Rule

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


def are_about_whole(rules: Iterable[Rule], path: JsonPath) -> bool:
    """Return whether any rule is about the value at a path as a whole, or about one around it.

    A rule about numbers leaves everything else to compare.
    """
    around = [path[:length] for length in range(len(path) + 1)]
    of_values = filterfalse(_is_narrow, rules)
    return any(starmap(covers, product(map(attrgetter("path"), of_values), around)))


def _is_narrow(rule: Rule) -> bool:
    """Return whether a rule is about less than the value at a path."""
    return isinstance(rule, HeaderRule | NoteRule | NumberRule)
