"""Which elements of two lists belong together: those with one mark, and those most alike.

They do so wherever they stand.
"""

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
"""Pairs of elements that are weighed by what they have in common: about a fifth of a second of
work.
"""


class PartnersInAnyOrder:
    """Finds partners step by step: each step looks only at what the steps before left."""

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
        """Return the indexes of the elements of either list that have no partner yet."""
        taken = set(self.of_x.values())
        return indexes_without(self.of_x, len(self._x)), indexes_without(taken, len(self._y))

    @property
    def moved(self) -> bool:
        """Return whether the partners that are known stand in another order in the second list."""
        places = list(map(itemgetter(1), self.matches))
        return places != sorted(places)

    def by_repeated_marks(
        self, marks: Sequence[Sequence[Hashable]], values: Sequence[Sequence[Json]]
    ) -> None:
        """Match elements with a mark that a list has several times, and with equal values.

        First those that are spelled alike, then those that are equal but for their spelling.
        """
        # one mark several times in either list does not say which of them belong together
        times = Counter(marks[0]) | Counter(marks[1])
        times.pop(None, None)
        repeated = (times - Counter(times.keys())).keys()
        if not repeated:
            return
        for spelled in (canonical, in_one_spelling):
            with_values = partial(_with_values, repeated=repeated, spelled=spelled)
            self.by_marks(*map(with_values, marks, values))

    def by_marks(self, x: Sequence[Hashable], y: Sequence[Hashable]) -> None:
        """Match elements with one mark: first those at one index, then in their order.

        None has no partner.
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
        # an element without a mark is like no other one
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
        """Match elements with one mark that are `near` each other, from the lowest rank on.

        None has no partner.
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
        """Match objects, and lists, that have the most in common, the best match first.

        Those that `are_two` have no partner in each other.
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
        """Yield the indexes of two elements with anything in common, after what ranks them.

        The lowest rank is that of the best match: most in common, then nearest, then first.
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
    """Return each repeated mark together with what the element says; None for another one."""
    return [
        (mark, spelled(value)) if mark in repeated else None
        for mark, value in zip(marks, values, strict=True)
    ]
