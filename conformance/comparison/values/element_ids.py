"""Which element of a list, or member of a map, each value of a column belongs to.

Ids tell that the same element differs in several pairs of answers.  Few values differ, so they are
made when asked.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import accumulate, chain, compress, count
from operator import itemgetter

from msgspec import Struct

from conformance.comparison.budget import check
from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import have_member, not_none, picked
from conformance.comparison.values.own_ids import shared_ids


class Shifted(tuple[int, int]):
    """The indexes of two elements that belong together by what stands around them.

    The lists have different lengths.

    Which element of a third list they are is another question: only two lists were aligned.
    """

    __slots__ = ()


class OwnId(str):
    """The id by which an element identifies itself on both sides, and its index on either side."""

    __slots__ = ("at",)
    at: tuple[int, int]

    @classmethod
    def of(cls, text: str, at: tuple[int, int]) -> "OwnId":
        """Return the id of an element, given its indexes."""
        step = cls(text)
        step.at = at
        return step


Step = int | str | tuple[int | str | None, int | str | None]
ElementId = tuple[Step, ...]
"""The indexes and data names on the way from the root to a value; a pair where the sides have it at
two places.

None in a pair: this side has the value bare, and the other one in a list.  An element that
identifies itself by the same id on both sides has this in place of its index.
"""
Steps = Callable[[], Sequence[tuple[int, "ElementSteps"]]]
"""Gives the position of each list of a column, with the last steps of the ids of its elements."""
Orders = Sequence[Sequence[int] | None]
"""For each list of a column, the order of the other side's list that puts it beside this one; None:
as it stands.
"""


def at_one_index(element: ElementId) -> ElementId:
    """Return an id in which elements that have one index on both sides have that index."""
    return tuple(map(_at_one_index, element))


def _at_one_index(step: Step) -> Step:
    if not isinstance(step, tuple):
        return step
    first, second = step
    if first is None or first != second:
        return step
    return first


def on_side(element: ElementId, side: int) -> ElementId:
    """Return the id of an element as one of two sides, 0 or 1, has it."""
    own_steps = (step[side] if isinstance(step, tuple) else step for step in element)
    return tuple(not_none(own_steps))


def indexes_on_side(element: ElementId, side: int) -> ElementId:
    """Return by which indexes one of two sides, 0 or 1, has an element, whatever it is called."""
    return on_side(tuple(map(_indexes_of, element)), side)


def _indexes_of(step: Step) -> Step:
    return step.at if isinstance(step, OwnId) else step


def is_shifted(element: ElementId) -> bool:
    """Return whether an element was found by what stands around it."""
    return Shifted in map(type, element)


def in_shorter(element: ElementId) -> ElementId:
    """Return the id of an element with the lower index, if found by what stands around it."""
    return tuple(map(_in_shorter, element))


def _in_shorter(step: Step) -> Step:
    return min(step) if isinstance(step, Shifted) else step


def turned(element: ElementId) -> ElementId:
    """Return an id with the sides exchanged."""
    return tuple(map(_turned, element))


def _turned(step: Step) -> Step:
    if isinstance(step, OwnId):
        return OwnId.of(step, step.at[::-1])
    if isinstance(step, Shifted):
        return Shifted((step[1], step[0]))
    if not isinstance(step, tuple):
        return step
    return step[1], step[0]


_Up = Callable[[Sequence[int]], tuple[Sequence[int], Sequence[ElementId]]]
"""Gives for values, given by position, the positions of what they are in, and the steps from there.
"""


class ElementIds(Struct, eq=False):
    """The ids of the values of two columns that correspond by position.

    Few values differ, so an id is made of what leads to its value once it is asked for.
    """

    above: "ElementIds | None"
    up: _Up

    @classmethod
    def of_root(cls) -> "ElementIds":
        """Return the id of a whole body."""
        return cls(None, lambda positions: (positions, [()] * len(positions)))

    def at(self, positions: Sequence[int]) -> list[ElementId]:
        """Return the ids of the values at some positions.

        A body nests as deep as its sender likes, so this never recurs.
        """
        ways: list[Sequence[ElementId]] = []
        ids: ElementIds | None = self
        while ids is not None:
            positions, steps = ids.up(positions)
            ways.append(steps)
            ids = ids.above
        return list(map(tuple, map(chain.from_iterable, zip(*reversed(ways), strict=True))))

    def member(self, name: str, column: Column) -> "ElementIds":
        """Return the ids below the objects of a column that have a member."""
        return self._where(lambda: have_member(column, name))

    def kept(self, keep: Sequence[bool]) -> "ElementIds":
        """Return the ids of some values of a column, told by position."""
        return self._where(lambda: keep)

    def _where(self, keep: Callable[[], Sequence[bool]]) -> "ElementIds":
        def up(positions: Sequence[int]) -> tuple[Sequence[int], Sequence[ElementId]]:
            kept = list(compress(count(), keep()))
            return picked(kept, positions), [()] * len(positions)

        return ElementIds(self, up)

    def elements(self, steps: Steps) -> "ElementIds":
        """Return the ids of the elements of a column's arrays, given what gives the last steps."""
        made = cache(steps)

        def up(positions: Sequence[int]) -> tuple[Sequence[int], Sequence[ElementId]]:
            lists = made()
            starts = [0, *accumulate(map(len, map(itemgetter(1), lists)))]
            above: list[int] = []
            ways: list[ElementId] = []
            for at in positions:
                of_list = bisect_right(starts, at) - 1
                above_list, steps_in_list = lists[of_list]
                above.append(above_list)
                ways.append((steps_in_list.at(at - starts[of_list]),))
            return above, ways

        return ElementIds(self, up)

    def any_member(self, column: Column) -> "ElementIds":
        """Return the ids of the members of a column's objects, whose names are data."""
        return self._by_steps(lambda: list(_steps_to_members(column)))

    def below(self, left: Sequence[tuple[int, ElementId]]) -> "ElementIds":
        """Return the ids of what an idiom left to compare in another layout.

        Each value is given by the position of what it was in, and the steps that lead from there.
        """
        return self._by_steps(lambda: left)

    def _by_steps(self, left: Callable[[], Sequence[tuple[int, ElementId]]]) -> "ElementIds":
        made = cache(left)

        def up(positions: Sequence[int]) -> tuple[Sequence[int], Sequence[ElementId]]:
            asked = picked(made(), positions)
            return list(map(itemgetter(0), asked)), list(map(itemgetter(1), asked))

        return ElementIds(self, up)


def _steps_to_members(column: Column) -> Iterator[tuple[int, ElementId]]:
    """Yield the position of each object of a column with the step to each of its members."""
    for at, value in enumerate(column):
        names = value if type(value) is dict else ()
        for name in names:
            yield at, (name,)


class ElementSteps(Struct, eq=False):
    """The last steps of the ids of partners in two lists, in the order of their `matches`.

    These are their indexes in either list; None stands for elements at one index.  By its own id an
    element is known in every list that has it.  `order` tells at which index each element of the
    second list was sent, `by_rule` that a rule, or an idiom, put the partners together.
    """

    x: Sequence[Json]
    y: Sequence[Json]
    matches: Sequence[tuple[int, int]] | None
    order: Sequence[int] | None
    by_rule: bool
    _called: Sequence[Callable[[int], str | None]] | None = None

    def __len__(self) -> int:
        """Return how many partners there are."""
        return len(self.x) if self.matches is None else len(self.matches)

    def at(self, position: int) -> Step:
        """Return the last step of the id of one element, or of two partners."""
        here, at = (position, position) if self.matches is None else self.matches[position]
        there = at if self.order is None else self.order[at]
        own = self._own_id(here, at)
        if own is not None:
            return OwnId.of(own, (here, there))
        if here == there:
            return here
        return (here, there) if self.by_rule else Shifted((here, there))

    def _own_id(self, here: int, at: int) -> str | None:
        """Return what two partners are called, if both are called so."""
        if self._called is None:
            check()
            self._called = self._called_in_both()
        if not self._called:
            return None
        first, second = self._called
        own, other = first(here), second(at)
        return own if own == other else None

    def _called_in_both(self) -> Sequence[Callable[[int], str | None]]:
        """Return what tells for either list how an element is called; nothing if they are not."""
        ids = shared_ids(self.x, self.y)
        if ids is None:
            return ()
        return ids.first.called(), ids.second.called()
