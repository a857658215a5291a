"""What an idiom may look at where the values at one place are no evidence by themselves."""

import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Final

from msgspec import Struct

from conformance.comparison.difference import Difference
from conformance.comparison.idioms.claim import Spellings
from conformance.comparison.idioms.error_places import Bodies
from conformance.comparison.idioms.error_words import is_in_words
from conformance.comparison.idioms.member_names import words_of
from conformance.comparison.values.columns import Column, is_numeric, objects_of, scalars_in
from conformance.comparison.values.lossless_json import Json, finite, spelling
from conformance.comparison.values.objects import members_holding, not_none
from conformance.comparison.values.side import found_under, values_under
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import JsonPath

_NUMBER: Final = re.compile(r"(?<![\w.])-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?![\w.])")
_NAMED_NUMBER: Final = re.compile(r"([A-Za-z$][\w$.-]*)\]?\"?\s*[=:]\s*\"?([0-9]{1,9})(?![\w.])")
_OF_NO_SHAPE: Final = frozenset({DifferenceKind.BYTES, DifferenceKind.LENGTH})
"""Lists of two lengths have one shape, and bytes have none."""
_MAX_ASKED: Final = 20_000
"""Characters of a request that are searched for numbers: more than any query or form has."""
_LONGEST_MEASUREMENT: Final = 60
"""No measurement has more digits."""


class WholeAnswers(Struct, frozen=True, dict=True):
    """Two answers beside each other: the request, their bodies as sent, and all differences.

    `refused` tells that both refuse with one status.
    """

    asked: str
    a: Json
    b: Json
    differences: Sequence[Difference]
    refused: bool

    @cached_property
    def requested_numbers(self) -> Sequence[Decimal]:
        """Return the numbers of the request in ascending order."""
        return sorted(set(map(Decimal, _NUMBER.findall(self.asked[:_MAX_ASKED]))))

    @cached_property
    def common_numbers(self) -> Sequence[Decimal]:
        """Return the numbers that both bodies have, in ascending order."""
        return sorted(_numbers_in(self.a) & _numbers_in(self.b))

    @cached_property
    def differ_in_words(self) -> bool:
        """Return whether two refusals differ only in the name of the error and its message.

        Their lists may have other lengths.
        """
        return self.refused and all(map(self._is_in_words_or_elsewhere, self.differences))

    @property
    def bodies(self) -> Bodies:
        """Return both bodies as sent."""
        return self.a, self.b

    def _is_in_words_or_elsewhere(self, found: Difference) -> bool:
        """Return whether a difference is of codes or messages, or not one of what bodies hold.

        How many elements a list has may differ too: it says no more of the error's name.
        """
        # headers and notes have no path; they may differ in any way
        is_of_the_body = found.paths is not None or found.facet is Facet.SHAPE
        if not is_of_the_body or found.kind in _OF_NO_SHAPE:
            return True
        return is_in_words(found, self.bodies)

    def asked_numbers(self, words: AbstractSet[str]) -> frozenset[int]:
        """Return a request's integers named with some words: `?per_page=9`, `{"first": 9}`."""
        found: set[int] = set()
        for name, number in _NAMED_NUMBER.findall(self.asked[:_MAX_ASKED]):
            if _has_any(words, name):
                found.add(int(number))
        return frozenset(found)

    def numbers_beside(
        self, paths: tuple[JsonPath, JsonPath], words: AbstractSet[str]
    ) -> frozenset[int]:
        """Return the integers of both bodies beside a place, whose name has one of some words."""
        first = found_under([self.a], paths[0][:-1])
        second = found_under([self.b], paths[1][:-1])
        in_both = set(_named_integers(first, words)) & set(_named_integers(second, words))
        return frozenset(in_both)

    def common_lengths(self, paths: tuple[JsonPath, JsonPath]) -> frozenset[int]:
        """Return the lengths of lists that share name and length in the objects at a place.

        The place is in either body.

        Asked for each member of these objects, they are looked for once.
        """
        if paths not in self._common_lengths:
            self._common_lengths[paths] = _common_lengths(
                *map(found_under, ([self.a], [self.b]), paths)
            )
        return self._common_lengths[paths]

    @cached_property
    def _common_lengths(self) -> dict[tuple[JsonPath, JsonPath], frozenset[int]]:
        return {}

    def columns(self, paths: tuple[JsonPath, JsonPath]) -> tuple[Column, Column] | None:
        """Return all that stands at a place, where both sides have as much of it."""
        a, b = values_under([self.a], paths[0]), values_under([self.b], paths[1])
        if a is None or b is None:
            return None
        return (a, b) if len(a) == len(b) else None


def _has_any(words: AbstractSet[str], name: str) -> bool:
    """Return whether a name has any of some words."""
    return not words.isdisjoint(words_of(name))


def _named_integers(column: Column, words: AbstractSet[str]) -> Iterator[int]:
    """Yield the integers of the objects of a column under names with any of some words."""
    members = chain.from_iterable(map(dict.items, objects_of(column)))
    for name, member in members:
        if type(member) is int and _has_any(words, name):
            yield member


def _common_lengths(a: Column, b: Column) -> frozenset[int]:
    in_both = _lengths_by_name(a) & _lengths_by_name(b)
    return frozenset(map(itemgetter(1), in_both))


def _lengths_by_name(place: Column) -> set[tuple[str, int]]:
    """Return the name and the length of each list in the first object at a place, if any."""
    lists = members_holding(objects_of(place[:1]), list)
    return {(name, len(value)) for name, (value,) in lists.items()}


WholeDetector = Callable[[Difference, WholeAnswers], Spellings]
"""Recognises an idiom in a difference that no other explains, given the whole answers, and names
the facts.
"""


def _numbers_in(body: Json) -> set[Decimal]:
    numeric = filter(is_numeric, scalars_in([body]))
    short = filter(_may_be_measured, numeric)
    return set(not_none(map(finite, short)))


def _may_be_measured(number: Json) -> bool:
    return len(spelling(number)) <= _LONGEST_MEASUREMENT
