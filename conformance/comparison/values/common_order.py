"""Which matches of two lists one order holds: the most of them, or those that weigh most."""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat, takewhile
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.values.objects import positions_by

Marks = Sequence[Hashable]
"""What is equal for elements that belong together; None for an element that has no partner in this
way.
"""
Match = tuple[int, int]
"""The indexes of two partners: in the first list and in the second."""
_FEW_ALIKE: Final = 16
"""Pairs of equal elements for each element, up to which looking at each pair is fast."""
_LONGEST: Final = 10_000
"""Elements whose places are held as bits: of as many different ones, these take 12 MB."""
_MANY_ALIKE: Final = 1_000_000
"""Pairs of equal elements of two lists: about a second of work."""


def heaviest_path(weights: Sequence[Sequence[int]]) -> Iterator[Match]:
    """Yield the places on the way through a matrix that has the largest sum of weights.

    That is the method of Needleman and Wunsch (1970).
    """
    best = _best_sums(weights)
    i, j = 0, 0
    while i < len(weights) and j < len(weights[0]):
        weight = weights[i][j]
        if weight and best[i][j] == weight + best[i + 1][j + 1]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def length_of_common(pairs: Iterable[Match], x: Marks, y: Marks) -> int:
    """Return how many pairs of indexes have one mark, before the first that has not."""
    return len(list(takewhile(lambda pair: _are_one(x[pair[0]], y[pair[1]]), pairs)))


_Chain = tuple[int, int, "_Chain | None"]
"""A match, and the chain of those before it."""


def _unlinked(chain: _Chain | None) -> list[Match]:
    found: list[Match] = []
    while chain is not None:
        i, j, chain = chain
        found.append((i, j))
    return found[::-1]


def _best_sums(weights: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return for each two places how much partners from there on can have in common."""
    best = [[0] * (len(weights[0]) + 1) for _ in range(len(weights) + 1)]
    for i in reversed(range(len(weights))):
        check()
        for j, weight in reversed(list(enumerate(weights[i]))):
            best[i][j] = max(weight + best[i + 1][j + 1], best[i + 1][j], best[i][j + 1])
    return best


def _are_one(mark: Hashable, other: Hashable) -> bool:
    return mark is not None and mark == other


def longest_chain(candidates: Iterable[tuple[int, Sequence[int]]]) -> list[Match]:
    """Return the most matches that one order holds, by the method of Hunt and Szymanski (1977).

    A candidate is an index of the first list, and the indexes of the second that it matches.
    """
    ends: list[int] = []
    chains: list[_Chain] = []
    for i, matching in candidates:
        check()
        # from the last one on, so that no two of one mark are in a chain
        for j in reversed(matching):
            at = bisect_left(ends, j)
            ends[at : at + 1] = [j]
            chains[at : at + 1] = [(i, j, chains[at - 1] if at else None)]
    return _unlinked(chains[-1] if chains else None)


def in_one_order(marks: Sequence[bytes], others: Sequence[bytes]) -> int | None:
    """Return how many elements two lists of one length have in one order at most.

    None where too many are alike to find out.
    """
    places = positions_by(others)
    pairs = sum(map(len, map(places.get, marks, repeat(()))))
    if pairs > len(marks) * _FEW_ALIKE and len(marks) <= _LONGEST:
        return _by_bits(marks, places, len(others))
    return None if pairs > _MANY_ALIKE else _by_pairs(marks, places)


def _by_pairs(marks: Sequence[bytes], places: Mapping[bytes, Sequence[int]]) -> int:
    """Look at each pair of equal elements, by the method of Hunt and Szymanski."""
    ends: list[int] = []
    for mark in marks:
        # from the last one on, so that no two of one mark are in a sequence
        for index in reversed(places.get(mark, ())):
            at = bisect_left(ends, index)
            ends[at : at + 1] = [index]
    return len(ends)


def _by_bits(marks: Sequence[bytes], places: Mapping[bytes, Sequence[int]], length: int) -> int:
    """Look at all places of a mark at once, as the bits of a number, by the method of Hyyrö.

    It takes as long where all elements are alike as where none are.
    """
    bits = {mark: sum(map((1).__lshift__, at)) for mark, at in places.items()}
    every = (1 << length) - 1
    free = every
    for mark in marks:
        taken = free & bits.get(mark, 0)
        free = ((free + taken) | (free - taken)) & every
    return length - free.bit_count()
