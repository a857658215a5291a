"""Ids that say to which element of a list, or member of a map, each value of a column belongs.

They show whether the same element differs in several pairs of answers.  They are made when needed,
because few values differ.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import accumulate, chain, compress, count

from msgspec import Struct

from conformance.comparison.budget import check
from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import have_member, not_none, picked
from conformance.comparison.values.own_ids import shared_ids


class Shifted(tuple[int, int]):
    """The indexes of two partners in lists of different lengths, paired by their neighbours.

    They say nothing about a third list, because only these two were aligned.
    """

    __slots__ = ()


class OwnId(str):
    """The id that an element has in both lists, such as `sku A1`, and its index in each (`at`)."""

    __slots__ = ("at",)
    at: tuple[int, int]

    @classmethod
    def of(cls, text: str, at: tuple[int, int]) -> "OwnId":
        """Return the id of an element, given its indexes in the two lists."""
        step = cls(text)
        step.at = at
        return step


Step = int | str | tuple[int | str | None, int | str | None]
"""An index of a list or a name of a map; a pair if the two sides differ in it.

None in a pair: this side has the value itself, and the other side has it in a list.
"""
ElementId = tuple[Step, ...]
"""The steps from the root of a body to a value.

An element with the same id in both lists has an `OwnId` in place of its index.
"""
Steps = Callable[[], Sequence[tuple[int, "ElementSteps"]]]
"""Returns the position of each list in a column, with the last steps to its elements."""
Orders = Sequence[Sequence[int] | None]
"""For each list of a column, the order that the other side's list was put into; None: unchanged."""


def at_one_index(element: ElementId) -> ElementId:
    """Return an id with one index in place of each pair of equal indexes."""
    return tuple(map(_at_one_index, element))


def _at_one_index(step: Step) -> Step:
    """Return a step with one index in place of a pair of equal indexes."""
    if not isinstance(step, tuple):
        return step
    first, second = step
    if first is None or first != second:
        return step
    return first


def on_side(element: ElementId, side: int) -> ElementId:
    """Return the id of an element as one side has it, 0 or 1."""
    own_steps = (step[side] if isinstance(step, tuple) else step for step in element)
    return tuple(not_none(own_steps))


def indexes_on_side(element: ElementId, side: int) -> ElementId:
    """Return the indexes that lead to an element on one side, 0 or 1, without own ids."""
    return on_side(tuple(map(_indexes_of, element)), side)


def _indexes_of(step: Step) -> Step:
    """Return a step with the indexes in place of an own id."""
    return step.at if isinstance(step, OwnId) else step


def is_shifted(element: ElementId) -> bool:
    """Return whether an element was paired by its neighbours."""
    return Shifted in map(type, element)


def in_shorter(element: ElementId) -> ElementId:
    """Return an id with the lower index in place of each `Shifted` pair."""
    return tuple(map(_in_shorter, element))


def _in_shorter(step: Step) -> Step:
    """Return a step with the lower index in place of a `Shifted` pair."""
    return min(step) if isinstance(step, Shifted) else step


def swapped(element: ElementId) -> ElementId:
    """Return an id with the sides exchanged."""
    return tuple(map(_swapped, element))


def _swapped(step: Step) -> Step:
    """Return a step with the sides exchanged."""
    if isinstance(step, OwnId):
        return OwnId.of(step, step.at[::-1])
    if isinstance(step, Shifted):
        return Shifted((step[1], step[0]))
    if not isinstance(step, tuple):
        return step
    return step[1], step[0]


_Up = Callable[[Sequence[int]], tuple[Sequence[int], Sequence[ElementId]]]
"""Returns, for values given by position, the positions of their parents, and the steps below."""


class ElementIds(Struct, eq=False):
    """The ids of the values of two paired columns, made from the ids of their parents when needed.

    `above` has the ids of the parents; None for the root.
    """

    above: "ElementIds | None"
    up: _Up

    @classmethod
    def of_root(cls) -> "ElementIds":
        """Return the ids of a column with a whole body."""
        return cls(None, lambda positions: (positions, [()] * len(positions)))

    def at(self, positions: Sequence[int]) -> list[ElementId]:
        """Return the ids of the values at some positions.

        It does not recurse, because a body may be nested to any depth.
        """
        ways: list[Sequence[ElementId]] = []
        ids: ElementIds | None = self
        while ids is not None:
            positions, steps = ids.up(positions)
            ways.append(steps)
            ids = ids.above
        steps_of_each = zip(*reversed(ways), strict=True)
        return [tuple(chain.from_iterable(steps)) for steps in steps_of_each]

    def member(self, name: str, column: Column) -> "ElementIds":
        """Return the ids of the values of a member, for the objects of `column` that have it."""
        return self._where(lambda: have_member(column, name))

    def kept(self, keep: Sequence[bool]) -> "ElementIds":
        """Return the ids of the values whose flag is true."""
        return self._where(lambda: keep)

    def _where(self, keep: Callable[[], Sequence[bool]]) -> "ElementIds":
        """Return the ids of the values whose flag is true; `keep` returns the flags when needed."""

        def up(positions: Sequence[int]) -> tuple[Sequence[int], Sequence[ElementId]]:
            kept = list(compress(count(), keep()))
            return picked(kept, positions), [()] * len(positions)

        return ElementIds(self, up)

    def elements(self, steps: Steps) -> "ElementIds":
        """Return the ids of the elements of a column's lists; `steps` returns their last steps."""
        made = cache(steps)

        def up(positions: Sequence[int]) -> tuple[Sequence[int], Sequence[ElementId]]:
            lists = made()
            starts = [0, *accumulate(len(steps_in_list) for _, steps_in_list in lists)]
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
        """Return the ids of all members of a column's objects, whose names are data."""
        return self._by_steps(lambda: list(_steps_to_members(column)))

    def below(self, left: Sequence[tuple[int, ElementId]]) -> "ElementIds":
        """Return the ids of values that an idiom left to compare in another layout.

        `left` has for each of them the position of its parent, and the steps from there.
        """
        return self._by_steps(lambda: left)

    def _by_steps(self, left: Callable[[], Sequence[tuple[int, ElementId]]]) -> "ElementIds":
        """Return the ids of values with the parents and steps that `left` returns."""
        made = cache(left)

        def up(positions: Sequence[int]) -> tuple[Sequence[int], Sequence[ElementId]]:
            wanted = picked(made(), positions)
            return [parent for parent, _ in wanted], [step for _, step in wanted]

        return ElementIds(self, up)


def _steps_to_members(column: Column) -> Iterator[tuple[int, ElementId]]:
    """Yield for each member of a column's objects the object's position and the step to it."""
    for at, value in enumerate(column):
        names = value if type(value) is dict else ()
        for name in names:
            yield at, (name,)


class ElementSteps(Struct, eq=False):
    """The last steps of the ids of partners in two lists, `x` and `y`.

    - `matches`: the indexes of the partners, in order; None if elements are paired by index.
    - `order`: the index at which each element of the second list was sent; None if the list is in
      the order sent.
    - `by_rule`: whether a rule or an idiom chose the partners.

    If both lists have ids, an element's step is its id, which is the same in every list.
    """

    x: Sequence[Json]
    y: Sequence[Json]
    matches: Sequence[tuple[int, int]] | None
    order: Sequence[int] | None
    by_rule: bool
    _called: Sequence[Callable[[int], str | None]] | None = None

    def __len__(self) -> int:
        """Return the number of pairs of partners."""
        return len(self.x) if self.matches is None else len(self.matches)

    def at(self, position: int) -> Step:
        """Return the last step of the id of the pair at a position."""
        here, at = (position, position) if self.matches is None else self.matches[position]
        there = at if self.order is None else self.order[at]
        own = self._own_id(here, at)
        if own is not None:
            return OwnId.of(own, (here, there))
        if here == there:
            return here
        return (here, there) if self.by_rule else Shifted((here, there))

    def _own_id(self, here: int, at: int) -> str | None:
        """Return the id of two partners, given by index, if both have the same one; else None."""
        if self._called is None:
            check()
            self._called = self._called_in_both()
        if not self._called:
            return None
        first, second = self._called
        own, other = first(here), second(at)
        return own if own == other else None

    def _called_in_both(self) -> Sequence[Callable[[int], str | None]]:
        """Return for each list a function from index to own id; empty without own ids."""
        ids = shared_ids(self.x, self.y)
        if ids is None:
            return ()
        return ids.first.called(), ids.second.called()
