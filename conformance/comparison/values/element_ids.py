"""Which element of a list, or member of a map, each value of a column belongs to.

Ids tell that the same element differs in several pairs of answers.  Few columns differ, so they are
made when asked.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress

from msgspec import Struct

from conformance.comparison.budget import check
from conformance.comparison.values.columns import Column, objects_of
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import have_member, not_none
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
Steps = Callable[[], Sequence[Sequence[Step]]]
"""Gives for each list of a column the last step of the ids of its elements."""
Orders = Sequence[Sequence[int] | None]
"""For each list of a column, the order of the other side's list that puts it beside this one; None:
as it stands.
"""


def on_side(element: ElementId, side: int) -> ElementId:
    """Return the id of an element as one of two sides, 0 or 1, has it."""
    return tuple(not_none(step[side] if isinstance(step, tuple) else step for step in element))


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
    return (step[1], step[0]) if isinstance(step, tuple) else step


_Names = Sequence[str | None]
_Below = Callable[[list[ElementId]], list[ElementId]]


class ElementIds(Struct, eq=False):
    """The ids of the values of two columns that correspond by position.

    They are known, or made of those of the column above.
    """

    above: "ElementIds | None"
    make: _Below
    known: list[ElementId] | None = None

    @classmethod
    def of_root(cls) -> "ElementIds":
        """Return the id of a whole body."""
        return cls(None, lambda _: [()])

    @property
    def all(self) -> list[ElementId]:
        """Return the ids, one a value, in order.

        A body nests as deep as its sender likes, so this never recurs.
        """
        for ids in reversed(list(self._unknown())):
            ids.known = ids.make(_known_of(ids.above))
        return _known_of(self)

    def _unknown(self) -> Iterator["ElementIds"]:
        """Yield these ids and those above that are to be made first."""
        ids: ElementIds | None = self
        while ids is not None and ids.known is None:
            yield ids
            ids = ids.above

    def member(self, name: str, column: Column) -> "ElementIds":
        """Return the ids below the objects of a column that have a member."""
        return ElementIds(self, lambda ids: list(compress(ids, have_member(column, name))))

    def elements(self, column: Column, steps: Steps) -> "ElementIds":
        """Return the ids of the elements of a column's arrays, given the last step of each."""
        return ElementIds(
            self, lambda ids: list(_ids_with_steps(_of_type(ids, column, list), steps()))
        )

    def any_member(self, column: Column) -> "ElementIds":
        """Return the ids of the members of a column's objects, whose names are data."""
        return ElementIds(
            self, lambda ids: list(_ids_with_steps(_of_type(ids, column, dict), objects_of(column)))
        )

    def kept(self, keep: Sequence[bool]) -> "ElementIds":
        """Return the ids of some values of a column, told by position."""
        return ElementIds(self, lambda ids: list(compress(ids, keep)))

    def below(self, left: Sequence[tuple[int, ElementId]]) -> "ElementIds":
        """Return the ids of what an idiom left to compare in another layout.

        Each value is given by the position of what it was in, and the steps that lead from there.
        """
        return ElementIds(self, lambda ids: [(*ids[at], *steps) for at, steps in left])


def _known_of(ids: "ElementIds | None") -> list[ElementId]:
    """Return ids that are known; nothing above the root."""
    if ids is None or ids.known is None:
        return []
    return ids.known


def _of_type(ids: Sequence[ElementId], column: Column, kind: type) -> Iterator[ElementId]:
    """Return the ids of the values of a column that are of one type."""
    return compress(ids, [type(value) is kind for value in column])


def _ids_with_steps(
    ids: Iterable[ElementId], steps: Iterable[Iterable[Step]]
) -> Iterator[ElementId]:
    """Yield what stands in each container: its id and a last step."""
    for known, of_container in zip(ids, steps, strict=True):
        for step in of_container:
            yield (*known, step)


def steps_between(
    x: Sequence[Json],
    y: Sequence[Json],
    matches: Iterable[tuple[int, int]],
    order: Sequence[int] | None,
    *,
    by_rule: bool,
) -> list[Step]:
    """Return the last step of the ids of partners in two lists, given by their indexes there.

    By its own id an element is known in every list that has it.  `order` tells at which index each
    element of the second list was sent, `by_rule` that a rule, or an idiom, put the partners
    together.
    """
    check()
    # an id of its own is the same in every answer; an index holds for two lists only
    called, others = _called(x, y)
    steps: list[Step] = []
    for here, at in matches:
        # the id is what was sent, and not the order that a rule compares in
        there = at if order is None else order[at]
        own = called[here]
        if own is not None and own == others[at]:
            steps.append(OwnId.of(own, (here, there)))
        elif here == there:
            steps.append(here)
        else:
            steps.append((here, there) if by_rule else Shifted((here, there)))
    return steps


def _called(x: Sequence[Json], y: Sequence[Json]) -> tuple[_Names, _Names]:
    """Return what the elements of two lists are called, None for one without an id."""
    ids = shared_ids(x, y)
    if ids is None:
        return [None] * len(x), [None] * len(y)
    return ids[0].called(), ids[1].called()
