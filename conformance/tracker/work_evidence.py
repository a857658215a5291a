"""The evidence of work rows: commits, and committed reports whose figures hold.

The record of a report is the JSON file next to it with the same name; claims are about its figures.
What cases show is in the evidence of the last complete run.
"""

from collections.abc import Iterator
from pathlib import Path

from conformance.errors import Problem
from conformance.model.decision import Decision, DecisionState, Ledger, WorkEvidence
from conformance.tracker.report_records import Bound, ReportRecords
from conformance.tracker.repositories import CommitState, commit_state


def work_problems(row: Decision, ledger: Ledger, records: ReportRecords) -> Iterator[Problem]:
    """Yield the evidence of done work that does not hold; the row is regressed then."""
    if row.state is not DecisionState.DONE:
        return
    for evidence in row.evidence:
        for wrong in _wrong(evidence, ledger, records):
            yield Problem(row.place, f"{row.id} is regressed: {wrong}")


def record_name(report: str) -> str:
    """Return the path of the record that belongs to a report."""
    return str(Path(report).with_suffix(".json"))


def bounds_of(evidence: WorkEvidence) -> tuple[Bound, ...]:
    """Return the bounds that evidence claims for figures of a report."""
    return tuple(_bound(name, claim) for name, claim in evidence.claims)


def _bound(field: str, claim: str) -> Bound:
    """Return a claim about a figure, such as `>= 438`, as a bound."""
    relation, _, wanted = claim.partition(" ")
    return Bound(field=field, relation=relation, wanted=wanted.strip())


def _wrong(evidence: WorkEvidence, ledger: Ledger, records: ReportRecords) -> Iterator[str]:
    if evidence.commit:
        state, reason = commit_state(evidence.commit, ledger)
        # Without a complete clone nothing is known
        if state is CommitState.MISSING:
            yield f"commit {evidence.commit} does not exist: {reason}"
    if not evidence.report:
        return
    missing = records.not_committed(evidence.report)
    if missing:
        yield missing
        return
    record = records.record(record_name(evidence.report))
    yield from record.problems
    yield from filter(None, map(record.wrong, bounds_of(evidence)))
