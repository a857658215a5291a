"""Reading of a saved run record: its header, its cases, its footer."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from conformance.errors import UNREADABLE_JSON, Place, RunRecordError, unreadable_reason
from conformance.model.answer_json import answer_from_json, fault_from_json, request_from_json
from conformance.model.answer_place import parse_place
from conformance.model.case import CompareLevel
from conformance.model.decision import Ledger
from conformance.model.finding import Finding
from conformance.model.large_texts import row_of, whole_lines
from conformance.model.observation import Cell, NotAsked, Observation, SetupExchange
from conformance.model.own_difference import OwnDifference
from conformance.model.run import RunFooter, RunHeader
from conformance.model.verdict import CaseResult, Comparison, ExpectationFailure
from conformance.records.earlier_versions import unknown_comparisons
from conformance.records.write import FILE_NAME, FORMAT
from conformance.wording import plural


class RecordStart(Struct, frozen=True, kw_only=True):
    """The first line of a record: the header of the run and its ledger."""

    header: RunHeader
    ledger: Ledger


def read_record(folder: Path) -> Iterator[RecordStart | CaseResult | RunFooter]:
    """Yield the header, the cases and the footer of a run's record.

    Raises RunRecordError for a line that cannot be read. If the run died, the footer is missing; a
    last line that is torn is skipped.
    """
    file, read_any = folder / FILE_NAME, False
    for number, line in _whole_lines(file):
        place = Place(str(file), number, 1)
        with _readable(place):
            row = row_of(line)
            del line  # the line may be large, and so may the part that is made of it
            part = _part_of(row, place)
        del row
        yield part
        read_any = True
    if not read_any:
        raise RunRecordError(f"{file}: the record is empty", hint="run it again")


def read_line(line: bytes, place: Place) -> RecordStart | CaseResult | RunFooter:
    """Return one line of a record, parsed; raises RunRecordError with the line's place."""
    with _readable(place):
        return _part_of(row_of(line), place)


@contextmanager
def _readable(place: Place) -> Iterator[None]:
    try:
        yield
    except UNREADABLE_JSON as error:
        detail = f"expected a line of a run record: {unreadable_reason(error)}"
        hint = "run it again, or read it with the version that wrote it"
        raise RunRecordError(detail, place=place, hint=hint) from error


def read_start(folder: Path) -> RecordStart:
    """Return the first line of a record, parsed; raises RunRecordError if it is no header."""
    start = next(read_record(folder))
    if isinstance(start, RecordStart):
        return start
    raise RunRecordError(f"{folder}: its record has no header", hint="run it again")


def case_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the cases of a record as plain JSON objects, as they are in the file."""
    for _, line in _whole_lines(folder / FILE_NAME):
        row: dict[str, Any] = msgspec.json.decode(line)
        if row["line"] == "case":
            yield row


def _whole_lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the complete lines of a record with their numbers, from 1.

    Raises RunRecordError if the file cannot be read.
    """
    try:
        with file.open("rb") as lines:
            yield from whole_lines(lines)
    except OSError as error:
        raise RunRecordError(
            f"{file}: {error.strerror}",
            hint="the run ended before it had a record: run it again, or name another one",
        ) from error


def _refuse_other_format(row: dict[str, Any], place: Place) -> None:
    """Raise RunRecordError for a record in the format of another harness version."""
    if row["line"] == "header" and row["format"] != FORMAT:
        version = row["run"]["version"]
        raise RunRecordError(
            f"this record has format {row['format']}, and this version reads format {FORMAT}",
            place=place,
            hint=f"run it again, or read it with version {version}, which wrote it",
        )


def _part_of(row: dict[str, Any], place: Place) -> RecordStart | CaseResult | RunFooter:
    if place.line == 1:
        _refuse_other_format(row, place)
        if row["line"] != "header":
            raise ValueError(f"expected the header, got {row['line']}")
        header = msgspec.convert(row["run"], RunHeader)
        dt.date.fromisoformat(header.started[:10])
        return RecordStart(header=header, ledger=msgspec.convert(row["ledger"], Ledger))
    if row["line"] == "footer":
        return msgspec.convert(row["run"], RunFooter)
    result = _case_from_json(row)
    _refuse_contradictions(result)
    return result


class _CaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a case line except its exchanges."""

    case: str
    place: str
    level: CompareLevel
    comparison: Comparison
    expected: bool
    expectation_failures: tuple[ExpectationFailure, ...]
    repeated: bool
    changes_itself: bool
    unstable: tuple[Finding, ...]
    own_differences: tuple[OwnDifference, ...]
    excused: tuple[OwnDifference, ...] = ()
    read_as: tuple[str, ...] = ()
    digest: str = ""


def _case_from_json(row: dict[str, Any]) -> CaseResult:
    facts = msgspec.convert(row, _CaseFacts)
    cells, comparison = tuple(map(_cell_from_json, row["cells"])), facts.comparison
    if "uncompared" not in row["comparison"]:
        comparison = replace(comparison, uncompared=tuple(unknown_comparisons(cells)))
    return CaseResult(
        case_id=facts.case,
        place=facts.place,
        requests=tuple(map(request_from_json, row["requests"])),
        cells=cells,
        level=facts.level,
        comparison=comparison,
        expected=facts.expected,
        expectation_failures=facts.expectation_failures,
        repeated=facts.repeated,
        changes_itself=facts.changes_itself,
        unstable=facts.unstable,
        read_as=facts.read_as,
        digest=facts.digest,
        excused=facts.excused,
        own_differences=facts.own_differences,
    )


def _refuse_contradictions(result: CaseResult) -> None:
    """Raise ValueError if parts of a case do not fit together.

    Findings refer to steps, sides and runtimes, and later stages rely on these references.
    """
    steps = len(result.requests)
    for cell in result.cells:
        if len(cell.observations) != steps or not steps:
            answered = plural(len(cell.observations), "answer")
            raise ValueError(f"{cell.runtime} has {answered} to {plural(steps, 'request')}")
    asked = {cell.runtime for cell in result.cells}
    for finding in (*result.comparison.findings, *result.comparison.folded, *result.unstable):
        if not (
            finding.step in range(steps)
            and _is_whole(finding)
            and asked.issuperset(finding.runtimes)
        ):
            raise ValueError(
                f"the finding at {finding.place} is of a step, of sides or of runtimes that are "
                "not there"
            )
        for place in finding.spellings:
            parse_place(place)  # readers look places up
    if not all(
        own.finding.step in range(steps) and _is_whole(own.finding)
        for own in result.own_differences
    ):
        raise ValueError("a runtime's own difference is of a step or of sides that are not there")


def _is_whole(finding: Finding) -> bool:
    """Return whether a finding has all sides that it refers to, and each side is complete.

    A side is complete if it has one place, code, field and lasting place for each runtime, or none.
    """
    named = {at for pair in finding.pairs for at in (pair.first, pair.second)} | set(
        chain(*finding.agreeing)
    )
    named |= set() if finding.largest is None else {finding.largest}
    sides = all(
        side.runtimes
        and len(side.places) == len(side.runtimes)
        and {len(side.codes), len(side.fields), len(side.lasting)} <= {0, len(side.runtimes)}
        for side in finding.sides
    )
    return (
        sides
        and bool(finding.pairs)
        and named.issubset(range(len(finding.sides)))
        and all(finding.sent)
    )


class _CellFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a cell except its exchanges."""

    runtime: str
    live: bool
    warnings: tuple[str, ...] = ()


def _cell_from_json(row: dict[str, Any]) -> Cell:
    facts = msgspec.convert(row, _CellFacts)
    seen, sent = tuple(map(_seen_from_json, row["seen"])), row.get("sent", {})
    return Cell(
        runtime=facts.runtime,
        live=facts.live,
        observations=seen,
        sent=tuple(
            request_from_json(sent[str(step)]) if str(step) in sent else None
            for step in range(len(seen))
        ),
        setup=tuple(map(_setup_from_json, row.get("setup", ()))),
        warnings=facts.warnings,
    )


def _setup_from_json(row: dict[str, Any]) -> SetupExchange:
    return SetupExchange(request=request_from_json(row["request"]), seen=_seen_from_json(row))


def _seen_from_json(row: dict[str, Any]) -> Observation:
    if "answer" in row:
        return answer_from_json(row["answer"])
    return (
        fault_from_json(row["fault"])
        if "fault" in row
        else msgspec.convert(row["not_asked"], NotAsked)
    )
