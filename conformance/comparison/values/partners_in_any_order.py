"""Which elements of two lists belong together: those with one mark, and those most alike.

They do so wherever they stand.
"""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.values.features import features, in_common, in_one_spelling
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json

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
        x = [index for index in range(len(self._x)) if index not in self.of_x]
        return x, [index for index in range(len(self._y)) if index not in taken]

    @property
    def moved(self) -> bool:
        """Return whether the partners that are known stand in another order in the second list."""
        places = [j for _, j in self.matches]
        return places != sorted(places)

    def by_repeated_marks(
        self, marks: Sequence[Sequence[Hashable]], values: Sequence[Sequence[Json]]
    ) -> None:
        """Match elements with a mark that a list has several times, and with equal values.

        First those that are spelled alike, then those that are equal but for their spelling.
        """
        times = Counter(marks[0]) | Counter(marks[1])
        repeated = {mark for mark, count in times.items() if mark is not None and count > 1}
        for spelled in (canonical, in_one_spelling) if repeated else ():
            self.by_marks(
                *(
                    [
                        (mark, spelled(value)) if mark in repeated else None
                        for mark, value in zip(of_side, side, strict=True)
                    ]
                    for of_side, side in zip(marks, values, strict=True)
                )
            )

    def by_marks(self, x: Sequence[Hashable], y: Sequence[Hashable]) -> None:
        """Match elements with one mark: first those at one index, then in their order.

        None has no partner.
        """
        left = self.left
        here = set(left[0]).intersection(left[1])
        self.of_x.update(
            (index, index) for index in here if x[index] is not None and x[index] == y[index]
        )
        waiting: dict[Hashable, deque[int]] = {}
        left = self.left
        for index in left[1]:
            if y[index] is not None:
                waiting.setdefault(y[index], deque()).append(index)
        for index in left[0]:
            check()
            if x[index] is not None and (queue := waiting.get(x[index])):
                self.of_x[index] = queue.popleft()

    def by_nearness(
        self,
        marks: tuple[Sequence[Hashable], Sequence[Hashable]],
        ranks: tuple[Sequence[list[Decimal]], Sequence[list[Decimal]]],
        near: Callable[[int, int], bool],
    ) -> None:
        """Match elements with one mark that are `near` each other, from the lowest rank on.

        None has no partner.
        """
        left = self.left
        waiting: dict[Hashable, list[int]] = {}
        for j in sorted(left[1], key=lambda index: ranks[1][index]):
            waiting.setdefault(marks[1][j], []).append(j)
        waiting.pop(None, None)
        for i in sorted(left[0], key=lambda index: ranks[0][index]):
            check()
            candidates = waiting.get(marks[0][i], [])
            found = next((j for j in candidates if near(i, j)), None)
            if found is not None:
                self.of_x[i] = found
                candidates.remove(found)

    def most_alike(self, are_two: Callable[[int, int], bool] = lambda *_: False) -> None:
        """Match objects, and lists, that have the most in common, the best match first.

        Those that `are_two` have no partner in each other.
        """
        left = self.left
        if len(left[0]) * len(left[1]) > MOST_WEIGHED:
            self.complete = False
            return
        first, second = (
            {at: features(of[at]) for at in at_left}
            for of, at_left in zip((self._x, self._y), left, strict=True)
        )
        found: list[tuple[int, int, int, int, int]] = []
        for i, own in first.items():
            check()
            others = ((j, other) for j, other in second.items() if not are_two(i, j))
            weights = ((j, in_common(own, other)) for j, other in others)
            found.extend((-weight, abs(i - j), i + j, i, j) for j, weight in weights if weight)
        taken: set[int] = set()
        for *_, i, j in sorted(found):
            if i not in self.of_x and j not in taken:
                self.of_x[i] = j
                taken.add(j)
