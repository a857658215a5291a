"""Recordings: one file of answers captured from a runtime, which can then stand in for it.

The file is NDJSON: a header with the runtime, the time, the commit and the toolchain; then one
exchange a line, sorted by key.  The key is suite, case, step and the digest of the request before
substitution.  A request that has changed since then has no answer, and a fault says so.  The steps
of a setup are numbered from -1 down.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
from msgspec import Struct

from conformance.atomic_file import replace_file_by_pieces
from conformance.errors import (
    UNREADABLE_JSON,
    BadFileError,
    Place,
    Problem,
    RuntimeUnavailableError,
    unreadable_reason,
)
from conformance.model.answer_json import answer_from_json, answer_to_row, request_to_json
from conformance.model.case import Case
from conformance.model.large_texts import LargeText, pieces, row_with_answer, whole_lines
from conformance.model.observation import Answer, Cell, Fault, FaultKind
from conformance.wording import plural

FORMAT: Final = 1
Key = tuple[str, str, int, str]
RecordingRow = dict[str, Any]
"""One exchange as a line of a recording: suite, case, step, digest, request, made names, answer."""


class _RecordedAnswer(msgspec.Struct):
    """The types of an answer's members in a file that this harness wrote."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    elapsed_ms: float
    body: str = ""
    body_base64: str = ""
    notes: list[str] = []
    retried: bool = False
    arrivals: list[tuple[float, int]] = []
    askings: int = 1
    pages: list[dict[str, Any]] = []


class _RecordedLine(msgspec.Struct):
    """The types of a line's members."""

    suite: str
    case: str
    step: int
    digest: str
    answer: _RecordedAnswer
    made: dict[str, str] = {}
    names: dict[str, str] = {}


class RecordingHeader(Struct, frozen=True, kw_only=True):
    """Where a recording comes from."""

    runtime: str
    recorded: str
    commit: str
    toolchain: str

    def __str__(self) -> str:
        made = f", {self.toolchain}" if self.toolchain else ""
        return f"recorded {self.recorded}, commit {self.commit or 'unknown'}{made}"


class Recording(Struct, frozen=True, kw_only=True):
    """Answers by key, and their origin."""

    header: RecordingHeader
    rows: dict[Key, RecordingRow]

    @property
    def provenance(self) -> str:
        """Return the origin of the answers, with the number of those from earlier recordings."""
        earlier = sorted(row["made"]["recorded"] for row in self.rows.values() if "made" in row)
        kept = (
            f"; {len(earlier)} of {plural(len(self.rows), 'answer')} kept from {earlier[0]} on"
            if earlier
            else ""
        )
        return f"{self.header}{kept}"

    def answer(self, case: Case, step: int) -> Answer | Fault:
        """Return the recorded answer, or the fault that there is none."""
        key = key_of(case, step)
        if key in self.rows:
            return answer_from_json(self.rows[key]["answer"])
        others = [known for known in self.rows if known[:3] == key[:3]]
        why = (
            "the request has changed since it was recorded"
            if others
            else "this case was never recorded"
        )
        return Fault(
            kind=FaultKind.NO_ANSWER_RECORDED,
            phase="recording",
            detail=f"{why}; record it again",
            elapsed_ms=0.0,
        )

    def made_names(self, case: Case) -> dict[str, str]:
        """Return the values that the harness made for a case when it was recorded, by name."""
        row: RecordingRow = self.rows.get(key_of(case, 0), {})
        return dict(row.get("names", {}))


def key_of(case: Case, step: int) -> Key:
    """Return the key of a step's answer."""
    return case.suite, case.name, step, case.digest(step)


def rows_of(case: Case, cell: Cell) -> Iterator[RecordingRow]:
    """Yield the exchanges of a cell as rows of a recording.

    Raises RuntimeUnavailableError if a step has no answer.
    """
    setup = ((-at - 1, exchange.seen) for at, exchange in enumerate(cell.setup))
    for step, seen in (*setup, *enumerate(cell.observations)):
        if isinstance(seen, Fault):
            detail = f"{seen.kind.value}: {seen.detail}"
            raise RuntimeUnavailableError(
                f"{cell.runtime} gave no answer to {case.id}: {detail}", hint="nothing was written"
            )
        if isinstance(seen, Answer):
            suite, name, index, digest = key_of(case, step)
            request = request_to_json(case.step(step).request)
            key = {"suite": suite, "case": name, "step": index, "digest": digest}
            made = {*case.fresh_names, *case.made_names}
            texts = {known.name: known.text for known in cell.names if known.name in made}
            names = {"names": texts} if texts else {}
            yield {**key, "request": request, **names, "answer": answer_to_row(seen)}


def read_recording(file: Path) -> Recording:
    """Read a recording; raise BadFileError that names the line which cannot be used."""
    try:
        with file.open("rb") as lines:
            return _read(file, lines)
    except OSError as error:
        raise BadFileError(
            [Problem(Place(str(file)), f"the recording cannot be read: {error.strerror}")]
        ) from error


def _read(file: Path, lines: BinaryIO) -> Recording:
    header: RecordingHeader | None = None
    rows: dict[Key, RecordingRow] = {}
    for number, line in whole_lines(lines, unended=True):
        try:
            row = row_with_answer(line)
            if header is None:
                header = _header(row)
            else:
                rows[_key(row)] = row
        except UNREADABLE_JSON as error:
            detail = f"expected a line of a recording: {unreadable_reason(error)}"
            hint = "record it again, or read it with the version that wrote it"
            raise BadFileError([Problem(Place(str(file), number, 1), detail)], hint=hint) from error
    if header is None:
        raise BadFileError([Problem(Place(str(file), 1, 1), "the recording is empty")])
    return Recording(header=header, rows=rows)


def _key(row: RecordingRow) -> Key:
    """Return the key of a line; raise an error of UNREADABLE_JSON if the line is no exchange."""
    known = msgspec.convert(_without_large_body(row), _RecordedLine)
    answer_from_json(row["answer"])
    return known.suite, known.case, known.step, known.digest


def _without_large_body(row: Any) -> Any:
    """Return a line with its body emptied if that is a large text, whose type is known."""
    answer = row.get("answer") if isinstance(row, dict) else None
    if isinstance(answer, dict) and isinstance(answer.get("body"), LargeText):
        return {**row, "answer": {**answer, "body": ""}}
    return row


def _header(row: RecordingRow) -> RecordingHeader:
    if row["recording"] != FORMAT:
        raise ValueError(f"format {row['recording']!r}, this version reads {FORMAT}")
    facts = {name: str(row[name]) for name in ("runtime", "recorded", "commit", "toolchain")}
    return RecordingHeader(**facts)


def write_recording(file: Path, header: RecordingHeader, rows: Sequence[RecordingRow]) -> None:
    """Write answers into a recording, in place of what it held of their cases.

    The rest of the recording is kept.

    A kept answer holds its own origin if that is not the one in the new header.  The file is
    replaced in one step; its exchanges are sorted by suite, case and step.
    """
    recorded = {(row["suite"], row["case"]) for row in rows}
    held = read_recording(file) if file.exists() else Recording(header=header, rows={})
    kept = [
        _kept_under(row, held.header, header)
        for row in held.rows.values()
        if (row["suite"], row["case"]) not in recorded
    ]
    first = {"recording": FORMAT, **msgspec.to_builtins(header)}
    ordered = sorted((*kept, *rows), key=lambda row: (row["suite"], row["case"], row["step"]))
    replace_file_by_pieces(file, chain.from_iterable(map(pieces, (first, *ordered))))


def _kept_under(row: RecordingRow, held: RecordingHeader, new: RecordingHeader) -> RecordingRow:
    """Return a kept row with its origin, unless that is the origin in the new header."""
    made = row.get("made", _made(held))
    rest = {name: value for name, value in row.items() if name != "made"}
    return rest if made == _made(new) else {**rest, "made": made}


def _made(header: RecordingHeader) -> dict[str, str]:
    return {"recorded": header.recorded, "commit": header.commit, "toolchain": header.toolchain}
