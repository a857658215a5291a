"""Records of earlier versions, which lack some fields of today's records."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from conformance.model.observation import Cell
from conformance.model.verdict import Uncompared

_NOT_RECORDED: Final = "the record is of an earlier version, which does not say what was compared"


def unknown_comparisons(cells: Sequence[Cell]) -> Iterator[Uncompared]:
    """Yield, for each step and each two runtimes, that their comparison is unknown."""
    for first, second in combinations(cells, 2):
        for step in range(len(first.observations)):
            yield Uncompared(
                step=step,
                runtimes=(first.runtime, second.runtime),
                places=("", ""),
                why=_NOT_RECORDED,
            )
