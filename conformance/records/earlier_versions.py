"""Records of earlier versions, which do not say all that a record says now."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from conformance.model.observation import Cell
from conformance.model.verdict import Uncompared

_NOT_RECORDED: Final = "the record is of an earlier version, which does not say what was compared"


def unknown_comparisons(cells: Sequence[Cell]) -> Iterator[Uncompared]:
    """Yield that nothing is known of what was compared, for every step and every two runtimes."""
    for first, second in combinations(cells, 2):
        for step in range(len(first.observations)):
            yield Uncompared(
                step=step,
                runtimes=(first.runtime, second.runtime),
                places=("", ""),
                why=_NOT_RECORDED,
            )
