"""What two elements of lists have in common, though one side may spell it in another way."""

import re
from collections.abc import Hashable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

from conformance.comparison.idioms.member_names import is_no_text, normalised
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json, finite, spelling
from conformance.comparison.values.mapping import mapped
from conformance.comparison.values.timestamps import form_of_text, moment_of

_ENOUGH_IN_COMMON: Final = 0.5
"""The share of the members of the smaller element that partners have in common."""
MOST_RESPELLED: Final = 10_000
"""Elements that are spelled in a common way to be compared: about half a second of work."""
_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


def in_common(first: frozenset[Hashable], second: frozenset[Hashable]) -> int:
    """Return how many members two elements have in common, or 0 if these are too few."""
    common = len(first & second)
    enough = _ENOUGH_IN_COMMON * min(len(first), len(second))
    return common if common >= enough else 0


def features(element: Json) -> frozenset[Hashable]:
    """Return an object's members, or a list's elements by index, each value in one spelling.

    An object within an object counts by its members.
    """
    members: Iterable[tuple[Hashable, Json]] = ()
    if isinstance(element, dict):
        members = _members(element)
    elif isinstance(element, list):
        members = enumerate(element)
    return frozenset((place, in_one_spelling(value)) for place, value in members)


def _members(element: Json) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Yield the members of an object that are no objects, each with the names that lead there."""
    waiting: list[tuple[tuple[str, ...], Json]] = [((), element)]
    while waiting:
        above, here = waiting.pop()
        for name, value in here.items():
            path = (*above, _one_name(name))
            # an empty object says something: that nothing is in it
            is_inner_object = isinstance(value, dict) and value != {}
            if is_inner_object:
                waiting.append((path, value))
                continue
            says_nothing = value is None or is_no_text(name, value)
            if not says_nothing:
                yield path, value


def in_one_spelling(value: Json) -> bytes:
    """Return what is equal for values that differ only in naming convention and scalar form.

    Letter case and the space around a text are of its form.
    """
    return canonical(mapped(value, _one_name, lambda scalar, _: _as_text(scalar)))


_one_name: Final = lru_cache(maxsize=4_096)(normalised)


def _as_text(scalar: Json) -> str:
    """Return a scalar as text: `1`, `1.0` and `"1"` are one, as are `true` and `"true"`.

    Null and the empty text are one, too, and so is a moment in any zone.
    """
    if scalar is None:
        return ""
    if isinstance(scalar, bool):
        return str(scalar).lower()
    if isinstance(scalar, str):
        return _text_in_one_spelling(scalar)
    number = finite(scalar)
    if number is None:
        return spelling(scalar)
    return str(number.normalize())


def _text_in_one_spelling(text: str) -> str:
    if _NUMBER.fullmatch(text):
        return str(Decimal(text).normalize())
    if form_of_text(text):
        return moment_of(text)
    return text.strip().lower()
