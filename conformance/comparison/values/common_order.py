"""Finds the most or heaviest matches of two lists that keep their order."""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat, takewhile
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.values.objects import positions_by

Marks = Sequence[Hashable]
"""A mark for each element: equal for partners, None for an element without a partner."""
Match = tuple[int, int]
"""The indexes of two partners in the first and in the second list."""
_FEW_ALIKE: Final = 16
"""Up to this number of equal pairs for each element, visiting each pair is fast."""
_LONGEST: Final = 10_000
"""The longest list for which places are held as bits: 12 MB if all elements differ."""
_MANY_ALIKE: Final = 1_000_000
"""The largest number of equal pairs that are visited: about a second of work."""


def heaviest_path(weights: Sequence[Sequence[int]]) -> Iterator[Match]:
    """Yield the matches, in order, whose weights have the largest sum.

    `weights[i][j]` is the weight of the pair of element `i` and element `j`.  The method is that of
    Needleman and Wunsch (1970).
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
    """Return the number of index pairs with equal marks before the first pair without."""
    return len(list(takewhile(lambda pair: _are_one(x[pair[0]], y[pair[1]]), pairs)))


_Chain = tuple[int, int, "_Chain | None"]
"""A match, and the chain of the matches before it."""


def _unlinked(chain: _Chain | None) -> list[Match]:
    """Return the matches of a chain as a list, the first one first."""
    found: list[Match] = []
    while chain is not None:
        i, j, chain = chain
        found.append((i, j))
    return found[::-1]


def _best_sums(weights: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return for each pair of indexes the largest sum of weights from there to the ends."""
    best = [[0] * (len(weights[0]) + 1) for _ in range(len(weights) + 1)]
    for i in reversed(range(len(weights))):
        check()
        for j, weight in reversed(list(enumerate(weights[i]))):
            best[i][j] = max(weight + best[i + 1][j + 1], best[i + 1][j], best[i][j + 1])
    return best


def _are_one(mark: Hashable, other: Hashable) -> bool:
    """Return whether two elements have the same mark."""
    return mark is not None and mark == other


def longest_chain(candidates: Iterable[tuple[int, Sequence[int]]]) -> list[Match]:
    """Return the longest list of matches that keeps the order, by Hunt and Szymanski (1977).

    A candidate is an index in the first list, with the indexes in the second list that match it.
    """
    ends: list[int] = []
    chains: list[_Chain] = []
    for i, matching in candidates:
        check()
        # backwards, so that an element is not matched twice
        for j in reversed(matching):
            at = bisect_left(ends, j)
            ends[at : at + 1] = [j]
            chains[at : at + 1] = [(i, j, chains[at - 1] if at else None)]
    return _unlinked(chains[-1] if chains else None)


def common_subsequence_length(marks: Sequence[bytes], others: Sequence[bytes]) -> int | None:
    """Return the length of the longest common subsequence of two lists of one length.

    Return None if too many elements are equal to find out in time.
    """
    places = positions_by(others)
    pairs = sum(map(len, map(places.get, marks, repeat(()))))
    if pairs > len(marks) * _FEW_ALIKE and len(marks) <= _LONGEST:
        return _by_bits(marks, places, len(others))
    return None if pairs > _MANY_ALIKE else _by_pairs(marks, places)


def _by_pairs(marks: Sequence[bytes], places: Mapping[bytes, Sequence[int]]) -> int:
    """Return that length by visiting each pair of equal elements (Hunt and Szymanski)."""
    ends: list[int] = []
    for mark in marks:
        # from the last one on, so that no two of one mark are in a sequence
        for index in reversed(places.get(mark, ())):
            at = bisect_left(ends, index)
            ends[at : at + 1] = [index]
    return len(ends)


def _by_bits(marks: Sequence[bytes], places: Mapping[bytes, Sequence[int]], length: int) -> int:
    """Return that length by holding all places of a mark as the bits of an integer (Hyyrö).

    The time does not depend on the number of equal elements.
    """
    bits = {mark: sum(map((1).__lshift__, at)) for mark, at in places.items()}
    every = (1 << length) - 1
    free = every
    for mark in marks:
        taken = free & bits.get(mark, 0)
        free = ((free + taken) | (free - taken)) & every
    return length - free.bit_count()
