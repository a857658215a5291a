"""Features: what two elements of lists have in common, whatever the spelling."""

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
"""The least share of the smaller element's features that partners have in common."""
MOST_RESPELLED: Final = 10_000
"""The largest number of elements that are respelled: about half a second of work."""
_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
"""A text that is a number."""


def in_common(first: frozenset[Hashable], second: frozenset[Hashable]) -> int:
    """Return the number of features that two elements have in common; 0 if there are too few."""
    common = len(first & second)
    enough = _ENOUGH_IN_COMMON * min(len(first), len(second))
    return common if common >= enough else 0


def features(element: Json) -> frozenset[Hashable]:
    """Return the members of an object, or the elements of a list with their index, in one spelling.

    Members of inner objects are features, too.  A scalar has none.
    """
    members: Iterable[tuple[Hashable, Json]] = ()
    if isinstance(element, dict):
        members = _members(element)
    elif isinstance(element, list):
        members = enumerate(element)
    return frozenset((place, in_one_spelling(value)) for place, value in members)


def _members(element: Json) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Yield the members of an object at any depth, with the names that lead there.

    Inner objects themselves and members without content are left out.
    """
    waiting: list[tuple[tuple[str, ...], Json]] = [((), element)]
    while waiting:
        above, here = waiting.pop()
        for name, value in here.items():
            path = (*above, _one_name(name))
            # an empty object is content
            is_inner_object = isinstance(value, dict) and value != {}
            if is_inner_object:
                waiting.append((path, value))
                continue
            says_nothing = value is None or is_no_text(name, value)
            if not says_nothing:
                yield path, value


def in_one_spelling(value: Json) -> bytes:
    """Return bytes that are equal for values with equal content.

    Naming convention, type of scalar, letter case and surrounding space are ignored.
    """
    return canonical(mapped(value, _one_name, lambda scalar, _: _as_text(scalar)))


_one_name: Final = lru_cache(maxsize=4_096)(normalised)
"""Returns the common form of all spellings of a name; cached."""


def _as_text(scalar: Json) -> str:
    """Return a scalar as text: `1`, `1.0` and `"1"` are equal, and so are `true` and `"true"`.

    Null is equal to the empty text; a time is equal to the same moment in another zone.
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
    """Return a text in one spelling, as a number or time if it is one."""
    if _NUMBER.fullmatch(text):
        return str(Decimal(text).normalize())
    if form_of_text(text):
        return moment_of(text)
    return text.strip().lower()
