"""Which element of a list, or member of a map, each value of a column belongs to.

Ids tell that the same element differs in several pairs of answers.  Few columns differ, so they are made when asked.
"""

from collections.abc import Callable

from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json

ElementId = tuple[int | str, ...]
"""The indexes and data names on the way from the root to a value."""


class ElementIds:
    """The ids of the values of two columns that correspond by position."""

    def __init__(self, make: Callable[[], list[ElementId]]) -> None:
        self._make = make
        self._all: list[ElementId] | None = None

    @classmethod
    def of_root(cls) -> "ElementIds":
        """Return the id of a whole body."""
        return cls(lambda: [()])

    @property
    def all(self) -> list[ElementId]:
        """Return the ids, one a value, in order."""
        if self._all is None:
            self._all = self._make()
        return self._all

    def member(self, name: str, column: Column) -> "ElementIds":
        """Return the ids below the objects of a column that have a member."""
        return ElementIds(
            lambda: [
                known for known, value in zip(self.all, column, strict=True) if type(value) is dict and name in value
            ]
        )

    def elements(self, column: Column) -> "ElementIds":
        """Return the ids of the elements of a column's arrays."""
        return ElementIds(
            lambda: [
                (*known, index)
                for known, value in zip(self.all, column, strict=True)
                if type(value) is list
                for index in range(len(value))
            ]
        )

    def any_member(self, column: Column) -> "ElementIds":
        """Return the ids of the members of a column's objects, whose names are data."""
        return ElementIds(
            lambda: [
                (*known, name)
                for known, value in zip(self.all, column, strict=True)
                if type(value) is dict
                for name in value
            ]
        )

    def without(self, gone: Callable[[Json], bool], column: Column) -> "ElementIds":
        """Return the ids of the values of a column that say something."""
        return ElementIds(lambda: [known for known, value in zip(self.all, column, strict=True) if not gone(value)])

    def left(self, idiom: str, count: int) -> "ElementIds":
        """Return ids of what an idiom left to compare in another layout: they mean something beside each other only."""
        return ElementIds(lambda: [(idiom, index) for index in range(count)])
