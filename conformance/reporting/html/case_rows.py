"""The cases of the HTML report: a short row each, behind it a block with all that is known, as far as there is room.

Each kind of case has room of its own, so that a thousand passed cases never take the place of a red one: first the
examples of the causes, then what is not passed, then the rest.  What found no room is counted.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from conformance.model.finding import Cause
from conformance.model.observation import Answer, Cell, Fault
from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.reporting.html.inert_json import inert_json

_VERDICT_NUMBERS: Final = {verdict: number for number, verdict in enumerate(Verdict)}
_ROOM_FOR_ROWS: Final = {True: 2_000_000, False: 3_000_000}
_ROOM_FOR_BLOCKS: Final = {"example": 5_000_000, "other": 4_000_000, "passed": 3_000_000}
_AROUND_EACH: Final = 64
"""What the page needs for a row or a block besides its JSON, in bytes at most."""
_REASON_CHARACTERS: Final = 300


class CaseRows:
    """Takes judged cases one by one; memory is bounded by the size of the page."""

    def __init__(self, runtimes: Sequence[str], causes: Mapping[Cause, int], examples: frozenset[str]) -> None:
        self._runtimes = runtimes
        self._causes = causes
        self._examples = examples
        self._room_for_rows = dict(_ROOM_FOR_ROWS)
        self._room_for_blocks = dict(_ROOM_FOR_BLOCKS)
        self.rows: list[bytes] = []
        self.blocks: dict[int, bytes] = {}
        self.left_out = 0

    def add(self, result: CaseResult, judgement: Judgement, block: Callable[[], Mapping[str, Any]]) -> None:
        """Take one case; its block is made only where there may be room for it."""
        passed = judgement.verdict is Verdict.PASSED
        row = inert_json(self._row(result, judgement))
        if len(row) + _AROUND_EACH > self._room_for_rows[passed]:
            self.left_out += 1
            return
        self._room_for_rows[passed] -= len(row) + _AROUND_EACH
        self._add_block(self._kind(result, passed=passed), block)
        self.rows.append(row)

    def _kind(self, result: CaseResult, *, passed: bool) -> str:
        if result.case_id in self._examples:
            return "example"
        return "passed" if passed else "other"

    def _add_block(self, kind: str, block: Callable[[], Mapping[str, Any]]) -> None:
        if self._room_for_blocks[kind] <= 0:
            return
        encoded = inert_json(block())
        if len(encoded) + _AROUND_EACH <= self._room_for_blocks[kind]:
            self._room_for_blocks[kind] -= len(encoded) + _AROUND_EACH
            self.blocks[len(self.rows)] = encoded

    def _row(self, result: CaseResult, judgement: Judgement) -> list[Any]:
        """Return id, verdict, reason, what each runtime did, its class, the causes, the decisions."""
        cells = {cell.runtime: cell for cell in result.cells}
        class_of = {name: number for number, names in enumerate(result.comparison.classes) for name in names}
        causes = {self._causes.get(finding.cause, 0) for finding in result.comparison.findings}
        return [
            result.case_id,
            _VERDICT_NUMBERS[judgement.verdict],
            judgement.reason[:_REASON_CHARACTERS],
            [_did(cells.get(name)) for name in self._runtimes],
            [class_of.get(name, -1) for name in self._runtimes],
            sorted(causes - {0}),
            sorted({decision for decision in judgement.decisions if decision}),
        ]


def _did(cell: Cell | None) -> list[int | str]:
    """Return step by step the status, the name of the fault, or nothing where a runtime was not asked."""
    if cell is None:
        return []
    return [_seen(seen) for seen in cell.observations]


def _seen(seen: object) -> int | str:
    if isinstance(seen, Answer):
        return seen.status
    return seen.kind.value if isinstance(seen, Fault) else ""
