"""What two elements of lists have in common, though one side may spell it in another way."""

import re
from collections.abc import Hashable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

from conformance.comparison.idioms.member_names import is_no_text, normalised
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json, finite, spelling
from conformance.comparison.values.mapping import mapped

_ENOUGH_IN_COMMON: Final = 0.5
"""The share of the members of the smaller element that partners have in common."""
_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


def in_common(one: frozenset[Hashable], other: frozenset[Hashable]) -> int:
    """Return how many members two elements have in common, or 0 if these are too few."""
    common = len(one & other)
    return common if common >= _ENOUGH_IN_COMMON * min(len(one), len(other)) else 0


def features(element: Json) -> frozenset[Hashable]:
    """Return an object's members, or a list's elements by index, each value in one spelling.

    An object within an object counts by its members.
    """
    if isinstance(element, dict):
        return frozenset((path, in_one_spelling(value)) for path, value in _members(element))
    if isinstance(element, list):
        return frozenset((index, in_one_spelling(value)) for index, value in enumerate(element))
    return frozenset()


def _members(element: Json) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Yield the members of an object that are no objects, each with the names that lead there."""
    waiting: list[tuple[tuple[str, ...], Json]] = [((), element)]
    while waiting:
        above, here = waiting.pop()
        for name, value in here.items():
            path = (*above, _one_name(name))
            if isinstance(value, dict) and value:
                waiting.append((path, value))
            elif value is not None and not is_no_text(name, value):
                yield path, value


def in_one_spelling(value: Json) -> bytes:
    """Return what is equal for values that differ only in naming convention and scalar form."""
    return canonical(mapped(value, _one_name, lambda scalar, _: _as_text(scalar)))


_one_name: Final = lru_cache(maxsize=4_096)(normalised)


def _as_text(scalar: Json) -> str:
    """Return a scalar as text: `1`, `1.0` and `"1"` are one, as are `true` and `"true"`.

    Null and the empty text are one, too.
    """
    if scalar is None:
        return ""
    if isinstance(scalar, bool):
        return "true" if scalar else "false"
    if isinstance(scalar, str) and not _NUMBER.fullmatch(scalar):
        return scalar
    number = Decimal(scalar) if isinstance(scalar, str) else finite(scalar)
    return spelling(scalar) if number is None else str(number.normalize())
