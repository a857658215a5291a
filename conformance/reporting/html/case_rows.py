"""The cases of the HTML report: a short row for each, and a block of details if there is room.

Each kind of case has its own limit, so that many passed cases never take the place of a red one:
first the examples of causes, then other cases that did not pass, then the rest.  Cases left out are
counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from conformance.model.observation import Answer, Cell, Fault
from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.reporting.cause_keys import keys_of
from conformance.reporting.curl_command import Address
from conformance.reporting.html.case_block import case_block
from conformance.reporting.html.cause_numbers import Cause, MetCauses, Unnumbered
from conformance.reporting.html.inert_json import GAP
from conformance.reporting.html.places import link_to

_VERDICT_NUMBERS: Final = {verdict: number for number, verdict in enumerate(Verdict)}
_ROOM_FOR_ROWS: Final = {True: 2_000_000, False: 3_000_000}
_ROOM_FOR_BLOCKS: Final = {"example": 5_000_000, "other": 4_000_000, "passed": 3_000_000}
_AROUND_EACH: Final = 64
"""The upper limit of bytes around the JSON of a row or a block in the page."""
_REASON_CHARACTERS: Final = 300


class CaseRows:
    """Takes judged cases one by one.

    Memory is bounded by the size of the page and by the number of causes.
    """

    def __init__(self, runtimes: Sequence[str], reached: Mapping[str, Address], files: str) -> None:
        self._runtimes = runtimes
        self._reached = reached
        self._files = files
        self._met = MetCauses()
        self._room_for_rows = dict(_ROOM_FOR_ROWS)
        self._room_for_blocks = dict(_ROOM_FOR_BLOCKS)
        self._smallest_blocks = dict.fromkeys(_ROOM_FOR_BLOCKS, 0)
        self._rows: list[Unnumbered] = []
        self._blocks: dict[int, Unnumbered] = {}
        self.left_out = 0

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case; its block is made only if it may fit."""
        findings = result.comparison.findings
        keys = chain.from_iterable(keys_of(finding, result) for finding in findings)
        causes, example = self._met.meet(keys)
        passed = judgement.verdict is Verdict.PASSED
        row = Unnumbered.of(self._row(result, judgement), set(causes))
        if row.size + _AROUND_EACH > self._room_for_rows[passed]:
            self.left_out += 1
            return
        self._room_for_rows[passed] -= row.size + _AROUND_EACH
        kind_by_verdict = "passed" if passed else "other"
        kind = "example" if example else kind_by_verdict
        if self._room_for_blocks[kind] >= self._smallest_blocks[kind]:
            block = case_block(result, judgement, self._reached)
            block["link"] = link_to(result.place, self._files)
            self._add_block(kind, Unnumbered.of(block, causes))
        self._rows.append(row)

    def _add_block(self, kind: str, block: Unnumbered) -> None:
        size = block.size + _AROUND_EACH
        # If the room left is smaller than every block so far, no more blocks are made
        self._smallest_blocks[kind] = min(self._smallest_blocks[kind] or size, size)
        if size <= self._room_for_blocks[kind]:
            self._room_for_blocks[kind] -= size
            self._blocks[len(self._rows)] = block

    def rows(self, numbers: Mapping[Cause, int]) -> Iterator[bytes]:
        """Yield the row of each case that has room."""
        by_order = self._met.numbers(numbers)
        return (row.listed(by_order) for row in self._rows)

    def blocks(self, numbers: Mapping[Cause, int]) -> Iterator[tuple[int, bytes]]:
        """Yield each block that has room, after the index of its row."""
        by_order = self._met.numbers(numbers)
        return ((index, block.filled(by_order)) for index, block in self._blocks.items())

    def _row(self, result: CaseResult, judgement: Judgement) -> list[Any]:
        """Return the id, verdict, reason, results, classes, causes and decisions of a case.

        Results and classes are lists by runtime; the causes are a gap that is filled later.
        """
        cells = {cell.runtime: cell for cell in result.cells}
        class_of = {
            name: number for number, names in enumerate(result.comparison.classes) for name in names
        }
        return [
            result.case_id,
            _VERDICT_NUMBERS[judgement.verdict],
            judgement.reason[:_REASON_CHARACTERS],
            [_did(cells.get(name)) for name in self._runtimes],
            [class_of.get(name, -1) for name in self._runtimes],
            GAP,
            judgement.rows,
        ]


def _did(cell: Cell | None) -> list[int | str]:
    """Return for each step the status, the name of the fault, or an empty text if not sent."""
    if cell is None:
        return []
    return [_seen(seen) for seen in cell.observations]


def _seen(seen: object) -> int | str:
    if isinstance(seen, Answer):
        return seen.status
    return seen.kind.value if isinstance(seen, Fault) else ""
