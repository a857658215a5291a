"""What an idiom may look at where the values at one place are not evidence enough."""

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
_SHAPELESS: Final = frozenset({DifferenceKind.BYTES, DifferenceKind.LENGTH})
"""Differences that keep the shape of a list: its length; bytes have no shape."""
_MAX_REQUEST_CHARACTERS: Final = 20_000
"""How many characters of a request are searched for numbers: more than any query or form has."""
_LONGEST_MEASUREMENT: Final = 60
"""No measurement has more characters."""


class WholeAnswers(Struct, frozen=True, dict=True):
    """Two answers: the request as text, their bodies as sent, and all their differences.

    `refused` is true if both refuse with one status.
    """

    request_text: str
    a: Json
    b: Json
    differences: Sequence[Difference]
    refused: bool

    @cached_property
    def requested_numbers(self) -> Sequence[Decimal]:
        """Return the numbers in the request in ascending order."""
        return sorted(
            set(map(Decimal, _NUMBER.findall(self.request_text[:_MAX_REQUEST_CHARACTERS])))
        )

    @cached_property
    def common_numbers(self) -> Sequence[Decimal]:
        """Return the numbers that both bodies have, in ascending order."""
        return sorted(_numbers_in(self.a) & _numbers_in(self.b))

    @cached_property
    def differ_in_words(self) -> bool:
        """Return whether two refusals differ only in codes and messages.

        Headers, notes and the lengths of lists may differ, too.
        """
        return self.refused and all(map(self._is_in_words_or_elsewhere, self.differences))

    @property
    def bodies(self) -> Bodies:
        """Return both bodies as they were sent."""
        return self.a, self.b

    def _is_in_words_or_elsewhere(self, found: Difference) -> bool:
        """Return whether a difference is in codes or messages, or outside the bodies' contents.

        The length of a list does not count as content: it says nothing about the error's name.
        """
        # headers and notes have no path; they may differ in any way
        is_of_the_body = found.paths is not None or found.facet is Facet.SHAPE
        if not is_of_the_body or found.kind in _SHAPELESS:
            return True
        return is_in_words(found, self.bodies)

    def named_request_numbers(self, words: AbstractSet[str]) -> frozenset[int]:
        """Return the request's integers named with one of the words, as in `?per_page=9`."""
        found: set[int] = set()
        for name, number in _NAMED_NUMBER.findall(self.request_text[:_MAX_REQUEST_CHARACTERS]):
            if _has_any(words, name):
                found.add(int(number))
        return frozenset(found)

    def adjacent_numbers(
        self, paths: tuple[JsonPath, JsonPath], words: AbstractSet[str]
    ) -> frozenset[int]:
        """Return the integers next to a place, equal in both bodies, whose name has such a word."""
        first = found_under([self.a], paths[0][:-1])
        second = found_under([self.b], paths[1][:-1])
        in_both = set(_named_integers(first, words)) & set(_named_integers(second, words))
        return frozenset(in_both)

    def common_lengths(self, paths: tuple[JsonPath, JsonPath]) -> frozenset[int]:
        """Return the lengths of lists that have the same name and length in both bodies at a place.

        The lists are members of the object at the place.  Lengths are computed once for each place.
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
        """Return all values at a place on both sides; None unless both have equally many."""
        a, b = values_under([self.a], paths[0]), values_under([self.b], paths[1])
        if a is None or b is None:
            return None
        return (a, b) if len(a) == len(b) else None


def _has_any(words: AbstractSet[str], name: str) -> bool:
    """Return whether a name contains any of some words."""
    return not words.isdisjoint(words_of(name))


def _named_integers(column: Column, words: AbstractSet[str]) -> Iterator[int]:
    """Yield the integers of a column's objects whose names contain any of some words."""
    members = chain.from_iterable(map(dict.items, objects_of(column)))
    for name, member in members:
        if type(member) is int and _has_any(words, name):
            yield member


def _common_lengths(a: Column, b: Column) -> frozenset[int]:
    """Return the lengths of the lists that have one name and length in both columns."""
    in_both = _lengths_by_name(a) & _lengths_by_name(b)
    return frozenset(map(itemgetter(1), in_both))


def _lengths_by_name(place: Column) -> set[tuple[str, int]]:
    """Return the name and the length of each list in the first object at a place, if any."""
    lists = members_holding(objects_of(place[:1]), list)
    return {(name, len(value)) for name, (value,) in lists.items()}


WholeDetector = Callable[[Difference, WholeAnswers], Spellings]
"""Recognises an idiom in a difference that no other idiom explains, given the whole answers;
returns the facts of both sides, or None."""


def _numbers_in(body: Json) -> set[Decimal]:
    """Return the numbers in a body that are short enough to be measurements."""
    numeric = filter(is_numeric, scalars_in([body]))
    short = filter(_may_be_measured, numeric)
    return set(not_none(map(finite, short)))


def _may_be_measured(number: Json) -> bool:
    return len(spelling(number)) <= _LONGEST_MEASUREMENT
