"""Lists of two answers whose elements do not correspond by index, and their partners."""

from collections.abc import Callable, Sequence
from itertools import repeat

from msgspec import Struct

from conformance.comparison.values.element_ids import ElementId, indexes_on_side, swapped
from conformance.model.json_path import JsonPath


def _is_within(path: JsonPath, elements: JsonPath) -> bool:
    """Return whether a path is at or below the elements of a list."""
    return path[: len(elements)] == elements


class AlignedLists(Struct, eq=False):
    """All lists at one place, with the ids of elements that are partners.

    `paths` lead to these elements.  `ids` makes the ids when they are needed, because few places
    differ.
    """

    paths: tuple[JsonPath, JsonPath]
    ids: Callable[[], Sequence[ElementId]]
    _partners: dict[ElementId, ElementId] | None = None

    def together(
        self, paths: tuple[JsonPath, JsonPath], elements: tuple[ElementId, ElementId]
    ) -> bool:
        """Return whether two values, given by paths and element ids, are within partners.

        Both have the spelling of each side.  Return True if the paths are not within these lists.
        """
        # elsewhere elements are paired by index, which is not known here
        if not all(map(_is_within, paths, self.paths)):
            return True
        if self._partners is None:
            ids = self.ids()
            first, second = (map(indexes_on_side, ids, repeat(side)) for side in (0, 1))
            self._partners = dict(zip(first, second, strict=True))
        depth = len(next(iter(self._partners), ()))
        first_index, second_index = (element[:depth] for element in elements)
        return depth > 0 and self._partners.get(first_index) == second_index

    def swapped(self) -> "AlignedLists":
        """Return the lists with the sides exchanged."""
        return AlignedLists((self.paths[1], self.paths[0]), lambda: list(map(swapped, self.ids())))
