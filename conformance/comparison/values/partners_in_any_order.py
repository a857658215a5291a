"""Pairs the elements of two lists in any order: by equal marks, and by what they have in common."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.values.features import features, in_common, in_one_spelling
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import indexes_without, picked

MOST_WEIGHED: Final = 100_000
"""The largest number of pairs that are weighed: about a fifth of a second of work."""


class PartnersInAnyOrder:
    """Finds partners step by step; each step considers only what earlier steps left.

    `of_x` has the partner of each index in the first list.
    """

    def __init__(self, x: Sequence[Json], y: Sequence[Json]) -> None:
        self._x, self._y = x, y
        self.of_x: dict[int, int] = {}
        self.complete = True

    @property
    def matches(self) -> tuple[tuple[int, int], ...]:
        """Return the indexes of partners, in the order of the first list."""
        return tuple(sorted(self.of_x.items()))

    @property
    def left(self) -> tuple[list[int], list[int]]:
        """Return for each list the indexes of the elements without a partner."""
        taken = set(self.of_x.values())
        return indexes_without(self.of_x, len(self._x)), indexes_without(taken, len(self._y))

    @property
    def moved(self) -> bool:
        """Return whether the partners so far have another order in the second list."""
        places = list(map(itemgetter(1), self.matches))
        return places != sorted(places)

    def by_repeated_marks(
        self, marks: Sequence[Sequence[Hashable]], values: Sequence[Sequence[Json]]
    ) -> None:
        """Match elements whose mark is repeated, if their values are equal, too.

        Values in the same spelling come first, then values that are equal except for spelling.
        """
        # a mark that a list repeats does not say which elements are partners
        times = Counter(marks[0]) | Counter(marks[1])
        times.pop(None, None)
        repeated = (times - Counter(times.keys())).keys()
        if not repeated:
            return
        for spelled in (canonical, in_one_spelling):
            with_values = partial(_with_values, repeated=repeated, spelled=spelled)
            self.by_marks(*map(with_values, marks, values))

    def by_marks(self, x: Sequence[Hashable], y: Sequence[Hashable]) -> None:
        """Match elements with equal marks: first those at the same index, then in their order.

        An element with the mark None gets no partner.
        """
        left_x, left_y = self.left
        for index in sorted({*left_x}.intersection(left_y)):
            has_mark = x[index] is not None
            if has_mark and x[index] == y[index]:
                self.of_x[index] = index
        left_x, left_y = self.left
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for index in left_y:
            waiting[y[index]].append(index)
        # elements without a mark get no partner
        waiting[None].clear()
        for index in left_x:
            check()
            partners = waiting[x[index]]
            if partners:
                self.of_x[index] = partners.popleft()

    def by_nearness(
        self,
        marks: tuple[Sequence[Hashable], Sequence[Hashable]],
        ranks: tuple[Sequence[list[Decimal]], Sequence[list[Decimal]]],
        near: Callable[[int, int], bool],
    ) -> None:
        """Match elements with equal marks for which `near` is true, the lowest rank first.

        `ranks` has a rank for each element.  An element with the mark None gets no partner.
        """
        left_x, left_y = self.left
        waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
        for j in sorted(left_y, key=ranks[1].__getitem__):
            waiting[marks[1][j]].append(j)
        # an element without a mark is like no other one
        waiting[None].clear()
        for i in sorted(left_x, key=ranks[0].__getitem__):
            check()
            candidates = waiting[marks[0][i]]
            partner = next(filter(partial(near, i), candidates), None)
            if partner is not None:
                self.of_x[i] = partner
                candidates.remove(partner)

    def most_alike(self, are_two: Callable[[int, int], bool] = lambda *_: False) -> None:
        """Match objects, and lists, that have most in common, the best pair first.

        Pairs for which `are_two` is true are never partners.
        """
        left_x, left_y = self.left
        if len(left_x) * len(left_y) > MOST_WEIGHED:
            self.complete = False
            return
        weighed = sorted(self._weighed(left_x, left_y, are_two))
        taken: set[int] = set()
        for *_, i, j in weighed:
            if i not in self.of_x and j not in taken:
                self.of_x[i] = j
                taken.add(j)

    def _weighed(
        self, left_x: Sequence[int], left_y: Sequence[int], are_two: Callable[[int, int], bool]
    ) -> Iterator[tuple[int, int, int, int, int]]:
        """Yield the indexes of each pair with common features, after three ranks to sort by.

        The best pair comes first: most in common, then nearest, then first.
        """
        features_y = dict(zip(left_y, map(features, picked(self._y, left_y)), strict=True))
        for i in left_x:
            check()
            own = features(self._x[i])
            for j, other in features_y.items():
                weight = in_common(own, other)
                if weight and not are_two(i, j):
                    yield -weight, abs(i - j), i + j, i, j


def _with_values(
    marks: Sequence[Hashable],
    values: Sequence[Json],
    repeated: AbstractSet[Hashable],
    spelled: Callable[[Json], bytes],
) -> list[Hashable]:
    """Return for each repeated mark a pair of mark and value; None for any other mark."""
    return [
        (mark, spelled(value)) if mark in repeated else None
        for mark, value in zip(marks, values, strict=True)
    ]
