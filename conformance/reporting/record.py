"""The run record: NDJSON with a header, one line a case, and a footer.

A record is written line by line while the run goes on, so that a run that dies leaves all it had seen; without its
footer it is incomplete, and every reader says so.  The header holds the ledger the run was judged by: a saved run needs
no other file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from conformance.errors import Place, RunRecordError
from conformance.model.answer_json import answer_from_json, answer_to_json, request_from_json, request_to_json
from conformance.model.case import CompareLevel
from conformance.model.decision import Ledger
from conformance.model.finding import Finding
from conformance.model.observation import Answer, Cell, Fault, NotAsked, Observation
from conformance.model.run import RunFooter, RunHeader
from conformance.model.verdict import CaseResult, Comparison, ExpectationFailure, Judgement
from conformance.reporting.record_lines import RecordLines, encoded

FORMAT: Final = 1
FILE_NAME: Final = "run.ndjson"
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


class RecordWriter(RecordLines):
    """Writes a record; use as a context manager."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE_NAME)

    def header(self, header: RunHeader, ledger: Ledger) -> None:
        """Write the first line."""
        self.row({"line": "header", "format": FORMAT, "run": _plain(header), "ledger": _plain(ledger)})

    def case(self, result: CaseResult, judgement: Judgement) -> None:
        """Write one case."""
        self.line(case_line(result, judgement))

    def footer(self, footer: RunFooter) -> None:
        """Write the last line."""
        self.row({"line": "footer", "run": _plain(footer)})


def case_line(result: CaseResult, judgement: Judgement) -> bytes:
    """Return the line of one case; the judgement is for readers of the file, a saved run is judged anew."""
    return encoded(
        {
            "line": "case",
            "case": result.case_id,
            "verdict": judgement.verdict.value,
            "reason": judgement.reason,
            "decisions": judgement.decisions,
            "place": result.place,
            "level": result.level.value,
            "requests": [request_to_json(request) for request in result.requests],
            "cells": [_cell_to_json(cell) for cell in result.cells],
            "comparison": result.comparison,
            "expected": result.expected,
            "expectation_failures": result.expectation_failures,
            "repeated": result.repeated,
            "unstable": result.unstable,
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStart:
    """The first line of a record."""

    header: RunHeader
    ledger: Ledger


def read_record(folder: Path) -> Iterator[RecordStart | CaseResult | RunFooter]:
    """Yield the header, the cases and the footer of a run's record; raises RunRecordError for a line it cannot read.

    The last line of a run that died may be torn: it is left out, like the footer.
    """
    read_any = False
    for number, line in _whole_lines(folder / FILE_NAME):
        try:
            yield _read_row(msgspec.json.decode(line), first=number == 1)
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError, AttributeError) as error:
            detail = f"no line of a run record: {type(error).__name__}: {error}"
            place = Place(str(folder / FILE_NAME), number, 1)
            raise RunRecordError(detail, place=place, hint="run it again") from error
        read_any = True
    if not read_any:
        raise RunRecordError(f"{folder / FILE_NAME}: the record is empty", hint="run it again")


def read_start(folder: Path) -> RecordStart:
    """Return what the first line of a record says; raises RunRecordError for any other line."""
    start = next(read_record(folder))
    if isinstance(start, RecordStart):
        return start
    raise RunRecordError(f"{folder}: its record has no header", hint="run it again")


def case_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the cases of a record as they stand in the file."""
    for _, line in _whole_lines(folder / FILE_NAME):
        row: dict[str, Any] = msgspec.json.decode(line)
        if row["line"] == "case":
            yield row


def case_outlines(folder: Path) -> Iterator[CaseOutline]:
    """Yield the outlines of a record's cases, as they were judged when it was made."""
    decoder = msgspec.json.Decoder(CaseOutline)
    for _, line in _whole_lines(folder / FILE_NAME):
        if line.startswith(_CASE_LINE):
            yield decoder.decode(line)


def _whole_lines(file: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with file.open("rb") as lines:
            yield from ((number, line) for number, line in enumerate(lines, start=1) if line.endswith(b"\n"))
    except OSError as error:
        raise RunRecordError(f"{file}: {error.strerror}", hint="`conformance run` writes a record") from error


def _read_row(row: dict[str, Any], *, first: bool) -> RecordStart | CaseResult | RunFooter:
    if first:
        if row["line"] != "header" or row["format"] != FORMAT:
            raise ValueError(f"wanted the header of format {FORMAT}, got {row['line']} of {row.get('format')}")
        return RecordStart(header=msgspec.convert(row["run"], RunHeader), ledger=msgspec.convert(row["ledger"], Ledger))
    if row["line"] == "footer":
        return msgspec.convert(row["run"], RunFooter)
    return CaseResult(
        case_id=row["case"],
        place=row["place"],
        requests=tuple(map(request_from_json, row["requests"])),
        cells=tuple(map(_cell_from_json, row["cells"])),
        level=CompareLevel(row["level"]),
        comparison=msgspec.convert(row["comparison"], Comparison),
        expected=row["expected"],
        expectation_failures=msgspec.convert(row["expectation_failures"], tuple[ExpectationFailure, ...]),
        repeated=row["repeated"],
        unstable=msgspec.convert(row["unstable"], tuple[Finding, ...]),
    )


def _plain(value: object) -> Any:
    return msgspec.to_builtins(value, order="sorted")


def _cell_to_json(cell: Cell) -> dict[str, Any]:
    """Return a cell: the requests that it was sent where they differ from those of the case, its warnings if any."""
    row = {"runtime": cell.runtime, "live": cell.live, "seen": [_seen_to_json(seen) for seen in cell.observations]}
    if cell.sent:
        row["sent"] = {str(step): request_to_json(sent) for step, sent in enumerate(cell.sent) if sent is not None}
    if cell.warnings:
        row["warnings"] = cell.warnings
    return row


def _seen_to_json(seen: Observation) -> dict[str, Any]:
    if isinstance(seen, Answer):
        return {"answer": answer_to_json(seen)}
    return {"fault": seen} if isinstance(seen, Fault) else {"not_asked": seen}


def _cell_from_json(row: dict[str, Any]) -> Cell:
    seen, sent = tuple(map(_seen_from_json, row["seen"])), row.get("sent", {})
    return Cell(
        runtime=row["runtime"],
        live=row["live"],
        observations=seen,
        sent=tuple(request_from_json(sent[str(step)]) if str(step) in sent else None for step in range(len(seen))),
        warnings=tuple(row.get("warnings", ())),
    )


def _seen_from_json(row: dict[str, Any]) -> Observation:
    if "answer" in row:
        return answer_from_json(row["answer"])
    return msgspec.convert(row["fault"], Fault) if "fault" in row else msgspec.convert(row["not_asked"], NotAsked)
