"""The run record: NDJSON with a header, one line per case, and a footer.

A record is written line by line during the run, so that a run that dies leaves all that it had
seen; without a footer it is incomplete, and every reader says so. The header holds the ledger that
the run was judged by, so a saved run needs no other file.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from conformance.model.answer_json import answer_to_row, fault_to_json, request_to_json
from conformance.model.decision import Ledger
from conformance.model.large_texts import pieces
from conformance.model.observation import Answer, Cell, Fault, Observation, SetupExchange
from conformance.model.run import RunFooter, RunHeader
from conformance.model.verdict import CaseResult, Judgement
from conformance.records.lines import RecordLines

FORMAT: Final = 3
FILE_NAME: Final = "run.ndjson"


class RecordWriter(RecordLines):
    """Writes a record; use as a context manager."""

    def __init__(self, folder: Path, follower: Callable[[bytes], None] | None = None) -> None:
        super().__init__(folder / FILE_NAME, follower=follower)

    def header(self, header: RunHeader, ledger: Ledger) -> None:
        """Write the first line: the header of the run and its ledger."""
        self.row(
            {"line": "header", "format": FORMAT, "run": _plain(header), "ledger": _plain(ledger)}
        )

    def case(self, result: CaseResult, judgement: Judgement) -> None:
        """Write the line of one case."""
        self.line(_pieces(result, judgement))

    def footer(self, footer: RunFooter) -> None:
        """Write the last line."""
        self.row({"line": "footer", "run": _plain(footer)})


def case_line(result: CaseResult, judgement: Judgement) -> bytes:
    """Return the line of one case.

    The judgement is in it for readers of the file only: a saved run is judged again.
    """
    return b"".join(_pieces(result, judgement))


def _pieces(result: CaseResult, judgement: Judgement) -> Iterator[bytes]:
    return pieces(
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
            "own_differences": result.own_differences,
            "excused": result.excused,
            "changes_itself": result.changes_itself,
            **({"read_as": result.read_as} if result.read_as else {}),
            **({"digest": result.digest} if result.digest else {}),
        }
    )


def _plain(value: object) -> Any:
    return msgspec.to_builtins(value, order="sorted")


def _cell_to_json(cell: Cell) -> dict[str, Any]:
    """Return a cell as a JSON object: its answers, requests, setup and warnings.

    Only requests that differ from those of the case are included.
    """
    row = {
        "runtime": cell.runtime,
        "live": cell.live,
        "seen": [_seen_to_json(seen) for seen in cell.observations],
    }
    if cell.sent:
        row["sent"] = {
            str(step): request_to_json(sent)
            for step, sent in enumerate(cell.sent)
            if sent is not None
        }
    if cell.setup:
        row["setup"] = [_setup_to_json(exchange) for exchange in cell.setup]
    if cell.warnings:
        row["warnings"] = cell.warnings
    return row


def _setup_to_json(exchange: SetupExchange) -> dict[str, Any]:
    return {"request": request_to_json(exchange.request), **_seen_to_json(exchange.seen)}


def _seen_to_json(seen: Observation) -> dict[str, Any]:
    if isinstance(seen, Answer):
        return {"answer": answer_to_row(seen)}
    return {"fault": fault_to_json(seen)} if isinstance(seen, Fault) else {"not_asked": seen}
