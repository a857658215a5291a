"""Values that are stable in each of two runtimes, but not equal between the two."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from conformance.comparison.by_itself.columns import columns_at, compared_columns, same_at
from conformance.comparison.by_itself.differences import CaseDifferences, PairDifference
from conformance.comparison.rendered_values import rendered_together
from conformance.comparison.values.columns import Column
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import JsonPath
from conformance.model.observation import Cell

_STEADY_AND_UNEQUAL: Final = (True, True, False)
"""Stable in the first runtime, stable in the second one, not equal in both."""


class _Place(Struct, frozen=True):
    """A place of a step as one runtime spells it, with the runtime's cell of each attempt."""

    cells: Sequence[Cell]
    step: int
    path: JsonPath

    def sent(self) -> Column:
        """Return the values at the place of the first attempt, as they were sent."""
        return columns_at(self.cells[:1], self.step, self.path)[0]

    def steady(self) -> list[bool] | None:
        """Return for each position whether its value is equal in all attempts.

        Return None if the attempts have different numbers of values.
        """
        first, *later = self.cells
        paths = self.path, self.path
        known: list[list[bool]] = []
        for cell in later:
            same = same_at((first, cell), self.step, paths)
            # Positions in lists of different lengths do not correspond
            if same is None:
                return None
            known.append(same)
        return list(map(all, zip(*known, strict=True)))

    def in_every_attempt(self, column: Column) -> dict[bytes, Json]:
        """Return the values of the first attempt that all attempts have, by their canonical JSON.

        `column` has the values of the first attempt, spelled alike with another runtime.
        """
        columns = columns_at(self.cells, self.step, self.path)
        first, *later = (list(map(canonical, each)) for each in columns)
        if len(column) != len(first):  # the other document gave it another layout
            return {}
        everywhere = set(first).intersection(*later)
        compared = zip(column, first, strict=True)
        return {canonical(value): value for value, sent in compared if sent in everywhere}


def steady_values(differences: CaseDifferences, lost: PairDifference) -> str:
    """Return two unequal values as text, each stable in its own runtime; else an empty text."""
    first, second = _places(differences, lost)
    if first is None or second is None:
        # A header field has one value, which is noise already
        return ""
    both = first.cells[0], second.cells[0]
    same = same_at(both, lost.step, (first.path, second.path))
    steady_first, steady_second = first.steady(), second.steady()
    if same is None or steady_first is None or steady_second is None:
        return _steady_anywhere(lost, first, second)
    by_position = list(zip(steady_first, steady_second, same, strict=True))
    if _STEADY_AND_UNEQUAL not in by_position:
        return ""
    at = by_position.index(_STEADY_AND_UNEQUAL)
    return _in_words(lost, first.sent()[at], second.sent()[at])


def _places(differences: CaseDifferences, lost: PairDifference) -> Iterator[_Place | None]:
    """Yield the place of a difference for each of the two runtimes; None outside a body."""
    for name, path in zip(lost.runtimes, lost.paths, strict=True):
        cells = differences.cells[name]
        yield None if path is None else _Place(cells, lost.step, path)


def _steady_anywhere(lost: PairDifference, first: _Place, second: _Place) -> str:
    """Return two values as text, each in all attempts of one runtime and absent from the other.

    For lists of different lengths, where no position says which values belong together.
    """
    both = first.cells[0], second.cells[0]
    columns = compared_columns(both, lost.step, (first.path, second.path))
    if columns is None:
        return ""
    of_first, of_second = first.in_every_attempt(columns[0]), second.in_every_attempt(columns[1])
    only_first = of_first.keys() - of_second.keys()
    only_second = of_second.keys() - of_first.keys()
    if not only_first or not only_second:
        return ""
    return _in_words(lost, of_first[min(only_first)], of_second[min(only_second)])


def _in_words(lost: PairDifference, first: Json, second: Json) -> str:
    """Return two values as `go 1 | rust 2 at $.path`."""
    values = rendered_together([first, second])
    sides = map(" ".join, zip(lost.runtimes, values, strict=True))
    return f"{' | '.join(sides)} at {lost.places[0]}"
