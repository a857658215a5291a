"""Which element of a list, or member of a map, each value of a column belongs to.

Ids tell that the same element differs in several pairs of answers.  Few columns differ, so they are made when asked.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

from conformance.comparison.values.columns import Column

ElementId = tuple[int | str | tuple[int, int], ...]
"""The indexes and data names on the way from the root to a value; two indexes where the sides have it at two places."""
Orders = Sequence[Sequence[int] | None]
"""For each list of a column, the order of the other side's list that puts it beside this one; None: as it stands."""


def on_side(element: ElementId, side: int) -> ElementId:
    """Return the id of an element as one of two sides, 0 or 1, has it."""
    return tuple(step[side] if isinstance(step, tuple) else step for step in element)


def turned(element: ElementId) -> ElementId:
    """Return an id with the sides exchanged."""
    return tuple(step[::-1] if isinstance(step, tuple) else step for step in element)


_Below = Callable[[list[ElementId]], list[ElementId]]


@dataclass(slots=True, eq=False)
class ElementIds:
    """The ids of the values of two columns that correspond by position: known, or made of those of the column above."""

    above: "ElementIds | None"
    below: _Below
    known: list[ElementId] | None = None

    @classmethod
    def of_root(cls) -> "ElementIds":
        """Return the id of a whole body."""
        return cls(None, lambda _: [()])

    @property
    def all(self) -> list[ElementId]:
        """Return the ids, one a value, in order; a body nests as deep as its sender likes, so this never recurs."""
        for ids in reversed(list(self._unknown())):
            ids.known = ids.below(ids.above.known or [] if ids.above else [])
        return self.known or []

    def _unknown(self) -> Iterator["ElementIds"]:
        """Yield these ids and those above that are to be made first."""
        ids: ElementIds | None = self
        while ids is not None and ids.known is None:
            yield ids
            ids = ids.above

    def member(self, name: str, column: Column) -> "ElementIds":
        """Return the ids below the objects of a column that have a member."""
        return ElementIds(
            self,
            lambda ids: [
                known for known, value in zip(ids, column, strict=True) if type(value) is dict and name in value
            ],
        )

    def elements(self, column: Column, orders: Orders | None = None) -> "ElementIds":
        """Return the ids of the elements of a column's arrays; `orders` tells where the other side has each."""
        placed = orders or [None] * len(column)
        return ElementIds(
            self,
            lambda ids: [
                (*known, step)
                for known, value, order in zip(ids, column, placed, strict=True)
                if type(value) is list
                for step in _indexes(len(value), order)
            ],
        )

    def any_member(self, column: Column) -> "ElementIds":
        """Return the ids of the members of a column's objects, whose names are data."""
        return ElementIds(
            self,
            lambda ids: [
                (*known, name)
                for known, value in zip(ids, column, strict=True)
                if type(value) is dict
                for name in value
            ],
        )

    def kept(self, keep: Sequence[bool]) -> "ElementIds":
        """Return the ids of some values of a column, told by position."""
        return ElementIds(self, lambda ids: list(compress(ids, keep)))

    def left(self, idiom: str, count: int) -> "ElementIds":
        """Return ids of what an idiom left to compare in another layout: they mean something beside each other only."""
        return ElementIds(None, lambda _: [(idiom, index) for index in range(count)])


def _indexes(length: int, order: Sequence[int] | None) -> Iterator[int | tuple[int, int]]:
    """Yield the indexes of a list's elements, two where the other side has an element at another one."""
    if order is None:
        return iter(range(length))
    return (here if here == there else (here, there) for here, there in enumerate(order))
