"""What reports list of every case, read from a run record without the rest of its line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from conformance.records.read import whole_lines
from conformance.records.write import FILE_NAME

_CASE_LINE: Final = b'{"line":"case",'


class _Timed(msgspec.Struct):
    """The time that an answer or a fault took."""

    elapsed_ms: float


class _TimedSeen(msgspec.Struct):
    answer: _Timed | None = None
    fault: _Timed | None = None


class _TimedCell(msgspec.Struct):
    seen: list[_TimedSeen]


class CaseOutline(msgspec.Struct):
    """What reports list of every case, read without the rest of its line."""

    case: str
    verdict: str
    reason: str
    place: str
    cells: list[_TimedCell]

    @property
    def seconds(self) -> float:
        """Return how long the slowest runtime took over the whole case."""
        times = (
            sum(timed.elapsed_ms for seen in cell.seen if (timed := seen.answer or seen.fault)) for cell in self.cells
        )
        return max(times, default=0.0) / 1000


def case_outlines(folder: Path) -> Iterator[CaseOutline]:
    """Yield the outlines of a record's cases, as they were judged when it was made."""
    decoder = msgspec.json.Decoder(CaseOutline)
    for _, line in whole_lines(folder / FILE_NAME):
        if line.startswith(_CASE_LINE):
            yield decoder.decode(line)
