"""Which element of a list, or member of a map, each value of a column belongs to.

Ids tell that the same element differs in several pairs of answers.  Few columns differ, so they are made when asked.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json

ElementId = tuple[int | str, ...]
"""The indexes and data names on the way from the root to a value."""
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

    def elements(self, column: Column) -> "ElementIds":
        """Return the ids of the elements of a column's arrays."""
        return ElementIds(
            self,
            lambda ids: [
                (*known, index)
                for known, value in zip(ids, column, strict=True)
                if type(value) is list
                for index in range(len(value))
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

    def without(self, gone: Callable[[Json], bool], column: Column) -> "ElementIds":
        """Return the ids of the values of a column that say something."""
        return ElementIds(
            self, lambda ids: [known for known, value in zip(ids, column, strict=True) if not gone(value)]
        )

    def left(self, idiom: str, count: int) -> "ElementIds":
        """Return ids of what an idiom left to compare in another layout: they mean something beside each other only."""
        return ElementIds(None, lambda _: [(idiom, index) for index in range(count)])
