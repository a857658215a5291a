"""Lists of two answers whose elements do not match by index alone: which belongs to which."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from conformance.comparison.values.element_ids import ElementId, indexes_on_side, turned
from conformance.model.json_path import JsonPath


class AlignedLists(Struct, eq=False):
    """All lists at one place, and the ids of the elements that belong together.

    `paths` lead to these elements.

    Few places differ, so the ids are made when asked.
    """

    paths: tuple[JsonPath, JsonPath]
    ids: Callable[[], Sequence[ElementId]]
    _partners: dict[ElementId, ElementId] | None = None

    def together(
        self, paths: tuple[JsonPath, JsonPath], elements: tuple[ElementId, ElementId]
    ) -> bool:
        """Return whether two elements, each as its side has it, are in partners.

        True at a place that is elsewhere.
        """
        # elsewhere elements go by index, which is not known here
        if any(path[: len(own)] != own for path, own in zip(paths, self.paths, strict=True)):
            return True
        if self._partners is None:
            self._partners = {
                indexes_on_side(each, 0): indexes_on_side(each, 1) for each in self.ids()
            }
        depth = len(next(iter(self._partners), ()))
        return depth > 0 and self._partners.get(elements[0][:depth]) == elements[1][:depth]

    def turned(self) -> "AlignedLists":
        """Return the same with the sides exchanged."""
        return AlignedLists((self.paths[1], self.paths[0]), lambda: list(map(turned, self.ids())))
