"""What an idiom may look at where the values at one place are no evidence by themselves."""

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from functools import cached_property
from typing import Final

from msgspec import Struct

from conformance.comparison.difference import Difference
from conformance.comparison.idioms.claim import Spellings
from conformance.comparison.idioms.error_words import is_in_words
from conformance.comparison.idioms.member_names import words_of
from conformance.comparison.values.columns import Column, is_numeric
from conformance.comparison.values.lossless_json import Json, finite, spelling
from conformance.comparison.values.side import values_under
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import JsonPath

_NUMBER: Final = re.compile(r"(?<![\w.])-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?![\w.])")
_NAMED_NUMBER: Final = re.compile(r"([A-Za-z$][\w$.-]*)\]?\"?\s*[=:]\s*\"?([0-9]{1,9})(?![\w.])")
_MAX_ASKED: Final = 20_000


class WholeAnswers(Struct, frozen=True, dict=True):
    """Two answers beside each other: the request, their bodies as sent, and all differences.

    `refused` tells that both are errors of one status.
    """

    asked: str
    a: Json
    b: Json
    differences: Sequence[Difference]
    refused: bool

    @cached_property
    def requested_numbers(self) -> Sequence[Decimal]:
        """Return the numbers of the request in ascending order."""
        return sorted({Decimal(found) for found in _NUMBER.findall(self.asked[:_MAX_ASKED])})

    @cached_property
    def common_numbers(self) -> Sequence[Decimal]:
        """Return the numbers that both bodies have, in ascending order."""
        return sorted(_numbers_in(self.a) & _numbers_in(self.b))

    @cached_property
    def differ_in_words(self) -> bool:
        """Return whether two refusals differ only in the name of the error and its message."""
        return self.refused and all(
            is_in_words(found) or found.kind is DifferenceKind.BYTES
            for found in self.differences
            if found.paths is not None or found.facet is Facet.SHAPE
        )

    def asked_numbers(self, words: AbstractSet[str]) -> frozenset[int]:
        """Return a request's integers named with some words: `?per_page=9`, `{"first": 9}`."""
        found = _NAMED_NUMBER.findall(self.asked[:_MAX_ASKED])
        return frozenset(
            int(number) for name, number in found if not words.isdisjoint(words_of(name))
        )

    def numbers_beside(
        self, paths: tuple[JsonPath, JsonPath], words: AbstractSet[str]
    ) -> frozenset[int]:
        """Return the integers of both bodies beside a place, whose name has one of some words."""
        above = [
            values_under([body], path[:-1]) or []
            for body, path in zip((self.a, self.b), paths, strict=True)
        ]
        first, second = (
            {
                value
                for each in side
                if isinstance(each, dict)
                for name, value in each.items()
                if type(value) is int and not words.isdisjoint(words_of(name))
            }
            for side in above
        )
        return frozenset(first & second)

    def common_lengths(self, paths: tuple[JsonPath, JsonPath]) -> frozenset[int]:
        """Return the lengths of lists that share name and length in the objects at a place.

        The place is in either body.

        Asked for each member of these objects, they are looked for once.
        """
        if paths not in self._common_lengths:
            self._common_lengths[paths] = _common_lengths(
                *map(values_under, ([self.a], [self.b]), paths)
            )
        return self._common_lengths[paths]

    @cached_property
    def _common_lengths(self) -> dict[tuple[JsonPath, JsonPath], frozenset[int]]:
        return {}

    def columns(self, paths: tuple[JsonPath, JsonPath]) -> tuple[list[Json], list[Json]] | None:
        """Return all that stands at a place, where both sides have as much of it."""
        a, b = values_under([self.a], paths[0]), values_under([self.b], paths[1])
        return (a, b) if a is not None and b is not None and len(a) == len(b) else None


def _common_lengths(a: Column | None, b: Column | None) -> frozenset[int]:
    if not a or not b or not isinstance(a[0], dict) or not isinstance(b[0], dict):
        return frozenset()
    first, second = (
        {(name, len(held)) for name, held in side.items() if type(held) is list}
        for side in (a[0], b[0])
    )
    return frozenset(length for _, length in first & second)


WholeDetector = Callable[[Difference, WholeAnswers], Spellings]
"""Recognises an idiom in a difference that no other explains, given the whole answers, and names
the facts.
"""


def _numbers_in(body: Json) -> set[Decimal]:
    found: set[Decimal] = set()
    pending = [body]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
        elif is_numeric(value) and len(spelling(value)) <= 60:  # noqa: PLR2004 - no measurement is longer
            found.update({known} if (known := finite(value)) is not None else ())
    return found
