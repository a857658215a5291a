"""One undecided cause of a run, for scripts and agents that close causes one at a time.

In: a judged run and its cases, as a fold. Out: the next cause with its fix, its cases and the
command that verifies it, or the reason why a script has to stop.

`format` increases when the meaning of a member changes.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.causes import causes_of
from conformance.comparison.faults import faulted
from conformance.model.batch import RUN_METHOD
from conformance.model.group import Group
from conformance.model.report import RunReport
from conformance.model.request import Request
from conformance.model.verdict import CaseResult, Judgement, RowVerdict, Verdict
from conformance.reporting import phrases, run_phrases
from conformance.wording import plural

FORMAT: Final = 1
MOST_ATTEMPTS: Final = 3
"""After three failed attempts a fourth one rarely helps, and a person finds the reason faster."""
# A script needs one reason, a person the first few
SHOWN_REASONS: Final = 10
_UNANSWERED: Final = frozenset({Verdict.ERRORED, Verdict.SKIPPED})
_RULE: Final = (
    "Stop when no cause is left. After {attempts} verifications of one cause that exit with 1, "
    "undo the change and leave the cause to a person: --skip {key} gives the next one. Change only "
    "{change}: no case, rule or recording, and neither the ledger nor the runtimes file."
)


class NextState(Enum):
    """What a run needs next: a cause to be closed, a person, nothing, or a better run."""

    CAUSE = "cause"
    PERSON = "person"
    DONE = "done"
    NOTHING_PROVED = "nothing proved"


class NextFix(Struct, frozen=True, kw_only=True):
    """The usual place of a fix in a runtime, and about how many lines it takes; None if unknown."""

    runtime: str
    language: str
    where: str
    lines: int | None


class NextCase(Struct, frozen=True, kw_only=True):
    """A case that shows the cause, and the place where it is defined: `cases/orders.yaml:12:5`."""

    id: str
    place: str


class Sent(Struct, frozen=True, kw_only=True):
    """What some runtimes sent at a place."""

    runtimes: str
    value: str


class NextExample(Struct, frozen=True, kw_only=True):
    """One occurrence of the cause: its case, its place in the answer, and what was sent there."""

    case: str
    place: str
    sent: tuple[Sent, ...]


class NextCause(Struct, frozen=True, kw_only=True):
    """A cause to close.

    `change` are the runtimes that have to change: all of them, or one of them if `any_of_them`.
    `sources` are their declared sources, if known. `explain` is the command that shows the cause in
    full. `decide` is for people: the command that decides the cause instead of closing it.
    """

    key: str
    title: str
    explanation: str
    says: str
    operation: str
    harm: int
    change: tuple[str, ...]
    any_of_them: bool
    fixes: tuple[NextFix, ...]
    sources: dict[str, tuple[str, ...]]
    cases: tuple[NextCase, ...]
    files: tuple[str, ...]
    places: tuple[str, ...]
    example: NextExample
    decide: str
    explain: str = ""
    verify: str = ""


class StopRule(Struct, frozen=True, kw_only=True):
    """When a script gives up a cause: as a sentence, and as the number of failed verifications."""

    attempts: int
    says: str


class NextStep(Struct, frozen=True, kw_only=True):
    """The next step for a script that closes the causes of a run.

    `reasons` say why a person is needed, or that nothing is left. If there is a cause, they name
    guarded things that were changed: closing causes does not make those green. `undecided` is the
    number of causes that a script can close.
    """

    format: int = FORMAT
    run: str
    state: NextState
    stop: bool
    reasons: tuple[str, ...]
    undecided: int
    cause: NextCause | None = None
    stop_rule: StopRule | None = None


class UndecidedCases:
    """A fold that keeps the cases of each undecided cause, and where they are defined."""

    def __init__(self) -> None:
        self._cases: dict[str, dict[str, str]] = {}
        self._rows: dict[str, set[str]] = {}
        self.compared: set[str] = set()
        self.digests: dict[str, str] = {}
        self._operations: dict[tuple[str, str], str] = {}

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one judged case."""
        if result.comparison.compared and judgement.verdict not in _UNANSWERED:
            self.compared.add(result.case_id)
        self.digests[result.case_id] = result.digest
        for finding, rows in result.stable(judgement):
            request = result.requests[finding.step]
            for cause in causes_of(finding, request):
                self._operations.setdefault((cause.key, result.case_id), _operation(request))
                if rows:
                    self._rows.setdefault(cause.key, set()).update(rows)
                else:
                    self._cases.setdefault(cause.key, {})[result.case_id] = result.place

    def of(self, key: str) -> tuple[NextCase, ...]:
        """Return the cases that show a cause, sorted by id."""
        found = sorted(self._cases.get(key, {}).items())
        return tuple(NextCase(id=case, place=place) for case, place in found)

    def operation_of(self, key: str, case: str) -> str:
        """Return the method and path with which a case shows a cause."""
        return self._operations.get((key, case), "")

    def rows_of(self, key: str) -> tuple[str, ...]:
        """Return the ids of the rows that cover a cause, or a part of it."""
        return tuple(sorted(self._rows.get(key, ())))

    def asked_otherwise(self, later: "UndecidedCases", cases: Iterable[str]) -> list[str]:
        """Return those of the cases whose requests or expectations differ in a later run."""
        return [
            case
            for case in cases
            if self.digests.get(case) and self.digests[case] != later.digests.get(case)
        ]

    def causes_in(self, cases: Collection[str]) -> set[str]:
        """Return the keys of the undecided causes in some cases."""
        return {key for key, own in self._cases.items() if not own.keys().isdisjoint(cases)}


def _operation(request: Request) -> str:
    """Return the method and path of a request; empty for a command."""
    path = request.target.partition("?")[0]
    return "" if request.method == RUN_METHOD else f"{request.method} {path}"


def next_step(
    report: RunReport,
    undecided: UndecidedCases,
    sources: Mapping[str, Sequence[Path]],
    skipped: Collection[str],
    saved: str,
) -> NextStep:
    """Return the first undecided cause that a change of a runtime closes, or why there is none.

    `sources` are the declared sources by runtime. `skipped` are the keys of causes that are left to
    a person. `saved` are the options with which a command finds the run.
    """
    closable = list(filter(attrgetter("decidable"), report.groups))
    wanted = [group for group in closable if group.key not in skipped]
    run = report.header.run_id
    if not wanted:
        state, reasons = _end(report, closable)
        return NextStep(run=run, state=state, stop=True, reasons=reasons, undecided=len(closable))
    cause = _cause(wanted[0], report, undecided, sources)
    cause = replace(
        cause,
        explain=f"conformance explain {cause.key} {saved}",
        verify=f"conformance next --verify {cause.key} {saved}",
    )
    says = _RULE.format(attempts=MOST_ATTEMPTS, key=cause.key, change=phrases.names(cause.change))
    return NextStep(
        run=run,
        state=NextState.CAUSE,
        stop=False,
        reasons=tuple(run_phrases.guard_failures(report))[:SHOWN_REASONS],
        undecided=len(closable),
        cause=cause,
        stop_rule=StopRule(attempts=MOST_ATTEMPTS, says=says),
    )


def _end(report: RunReport, left: Sequence[Group]) -> tuple[NextState, tuple[str, ...]]:
    """Return the state of a run that has no cause for a script, and the reasons."""
    if not report.red and not report.nothing_proved:
        return NextState.DONE, (run_phrases.outcome(report),)
    reasons = list(_reasons(report, left))
    if report.red:
        return NextState.PERSON, tuple(reasons[:SHOWN_REASONS])
    return NextState.NOTHING_PROVED, (report.nothing_proved,)


def _reasons(report: RunReport, left: Sequence[Group]) -> Iterator[str]:
    """Yield the reasons why a run is red that a script cannot change."""
    yield from run_phrases.guard_failures(report)
    keys = phrases.short_keys(report.groups)
    for group in left:
        yield f"[{keys[group.key]}] {group.title} was skipped"
    for group in filter(attrgetter("by_itself"), report.groups):
        yield f"[{keys[group.key]}] {group.title}: a runtime differs from itself"
    for case in report.cases:
        if case.verdict.red and not case.causes:
            yield f"{phrases.case_name(case)} is {case.verdict.value}: {case.reason}"
    yield from map(_row_reason, report.red_rows)
    if report.footer is None:
        yield "the run did not finish"
    if unchecked := len(report.strict_gaps) + len(report.strict_unguarded):
        yield f"{plural(unchecked, 'thing')} not checked in a strict run"


def _row_reason(row: RowVerdict) -> str:
    return f"{row.decision_id} is {row.state.value}: {row.reason}"


def _cause(
    group: Group,
    report: RunReport,
    undecided: UndecidedCases,
    sources: Mapping[str, Sequence[Path]],
) -> NextCause:
    fixes = tuple(
        NextFix(runtime=fix.runtime, language=fix.language, where=fix.where, lines=fix.lines)
        for fix in group.remedies
    )
    fixed = tuple(dict.fromkeys(fix.runtime for fix in fixes))
    change = next(filter(None, (fixed, group.odd, _faulted(group), group.runtimes)), ())
    cases = undecided.of(group.key)
    return NextCause(
        key=group.key,
        title=group.title,
        explanation=group.explanation,
        says=phrases.sides(group),
        operation=group.operation or undecided.operation_of(group.key, group.examples[0].case_id),
        harm=group.harm,
        change=change,
        any_of_them=not _faulted(group) and (group.for_any or not (fixes or group.odd)),
        fixes=fixes,
        sources={name: tuple(map(str, sources[name])) for name in change if sources.get(name)},
        cases=cases,
        files=tuple(dict.fromkeys(case.place.partition(":")[0] for case in cases)),
        places=group.places,
        example=_example(group),
        decide=phrases.decide(group, phrases.short_keys(report.groups)[group.key]),
    )


def _faulted(group: Group) -> tuple[str, ...]:
    """Return the runtimes of a cause that faulted: only a change of them can close it."""
    sides = (side.runtimes for side in group.sides if any(map(faulted, side.facts)))
    return tuple(chain.from_iterable(sides))


def _example(group: Group) -> NextExample:
    example = group.examples[0]
    sent = phrases.sent_lines(example.finding)
    return NextExample(
        case=example.case_id,
        place=phrases.example_place(example),
        sent=tuple(Sent(runtimes=who, value=value) for who, value in sent),
    )
