"""The result of a verification: whether the cases of a cause are closed, and the conditions.

In: the run that showed the cause, and a new run of its cases alone. Out: whether the cause is
closed, why not, and what was changed between the two runs.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from conformance.model.group import Group
from conformance.model.guard import NO_GUARD
from conformance.model.report import RunReport
from conformance.model.run import RunHeader
from conformance.reporting import run_phrases
from conformance.reporting.next_cause import FORMAT, SHOWN_REASONS, UndecidedCases
from conformance.reporting.phrases import differ
from conformance.wording import plural, some

NOTHING_GUARDED: Final = (
    "nothing was guarded: make the run with `conformance run --guard REVISION`, and whatever "
    "decides the verdict has to be as in that revision"
)


class Verification(Struct, frozen=True, kw_only=True):
    """The result of a new run of the cases of a cause.

    `closed` is true if every case was compared and has the same requests, no case shows the cause
    or a new cause undecided, and no guarded file was changed. `decided_by` are rows that cover the
    cause now: then it is decided, and the runtimes still differ. `guard` is the revision of the
    run's guard, empty without one. `warnings` say what was not guarded, and what was changed since
    the run.
    """

    format: int = FORMAT
    run: str
    key: str
    closed: bool
    reasons: tuple[str, ...]
    decided_by: tuple[str, ...]
    shown_in: tuple[str, ...]
    not_compared: tuple[str, ...]
    new_causes: tuple[str, ...]
    guard: str = ""
    warnings: tuple[str, ...] = ()


def verification(
    group: Group, was: RunHeader, before: UndecidedCases, after: UndecidedCases, report: RunReport
) -> Verification:
    """Return the result for a cause, from the report of a run of its cases alone."""
    cases = [case.id for case in before.of(group.key)]
    shown_in = tuple(case.id for case in after.of(group.key))
    not_compared = tuple(case for case in cases if case not in after.compared)
    known = before.causes_in(cases)
    titles = {each.key: f"[{each.key}] {each.title}" for each in report.groups}
    new = sorted(after.causes_in(cases) - known)
    of_all = f"of {plural(len(cases), 'case')}"
    asked_otherwise = before.asked_otherwise(after, cases)
    still = f"still {differ(len(shown_in))}"
    counted = {
        f"{len(shown_in)} {of_all} {still}": shown_in,
        f"{len(not_compared)} {of_all} not compared": not_compared,
        "new in these cases": [titles.get(key, key) for key in new],
        f"{len(asked_otherwise)} {of_all} asked otherwise than in the run": asked_otherwise,
    }
    reasons = [f"{what}: {some(names)}" for what, names in counted.items() if names]
    reasons += _steering_failures(was, report)
    return Verification(
        run=report.header.run_id,
        key=group.key,
        closed=not reasons,
        reasons=tuple(reasons),
        decided_by=after.rows_of(group.key),
        shown_in=shown_in,
        not_compared=not_compared,
        new_causes=tuple(new),
        guard=(was.guard or NO_GUARD).revision,
        warnings=tuple(_warnings(was, report)),
    )


def _steering_failures(was: RunHeader, report: RunReport) -> list[str]:
    """Return which guarded things were changed, and whether the runtimes file was.

    A changed runtimes file may name other runtimes: their answers say nothing about those of the
    run.
    """
    failures = list(run_phrases.guard_failures(report))
    if was.runtimes_digest not in {"", report.header.runtimes_digest}:
        failures.append("the runtimes file was changed since the run")
    return failures[:SHOWN_REASONS]


def _warnings(was: RunHeader, report: RunReport) -> Iterator[str]:
    now = report.header
    yield from (NOTHING_GUARDED,) if was.guard is None else report.unguarded
    if was.ledger_digest != now.ledger_digest:
        yield "the ledger was changed since the run"
    sources = {facts.name: facts.source for facts in now.runtimes}
    for facts in was.runtimes:
        if facts.name == was.baseline and facts.source != sources.get(facts.name):
            yield f"the source of the baseline {facts.name} was changed since the run"
