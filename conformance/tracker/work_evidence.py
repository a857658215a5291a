"""The evidence of rows that are work: commits, and committed reports whose figures hold.

A report's record is the JSON file beside it with the same name.  It names the commit and the day of its run; claims are
about its figures, by their names from its top (`scenarios_per_s`, `generator.saturated`).  What cases show is in the
evidence of the last complete run.
"""

import json
import operator
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from conformance.errors import Problem
from conformance.model.decision import Decision, DecisionState, Ledger, WorkEvidence
from conformance.project.git import git
from conformance.tracker.repositories import CommitState, commit_state

_RELATIONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


def work_problems(row: Decision, ledger: Ledger) -> Iterator[Problem]:
    """Yield the evidence of done work that does not hold: the row is regressed then."""
    if row.state is not DecisionState.DONE:
        return
    for evidence in row.evidence:
        for wrong in _wrong(evidence, ledger):
            yield Problem(row.place, f"{row.id} is regressed: {wrong}")


def _wrong(evidence: WorkEvidence, ledger: Ledger) -> Iterator[str]:
    if evidence.commit:
        state, reason = commit_state(evidence.commit, ledger)
        if state is CommitState.MISSING:
            yield f"commit {evidence.commit} does not exist: {reason}"
    if evidence.report:
        yield from _wrong_report(evidence, _root(ledger) / evidence.report)


def _root(ledger: Ledger) -> Path:
    """Return the folder that reports are named from: that of the ledger's repository, else the ledger's own."""
    folder = Path(ledger.file or ".").parent
    top = git(folder, "rev-parse", "--show-toplevel")
    return Path(top) if top else folder


def _wrong_report(evidence: WorkEvidence, file: Path) -> Iterator[str]:
    if not file.is_file() or git(file.parent, "ls-files", "--error-unmatch", file.name) is None:
        yield f"report {evidence.report} is not committed"
        return
    record_file = file.with_suffix(".json")
    try:
        record = json.loads(record_file.read_bytes(), parse_float=Decimal, parse_int=Decimal)
    except (OSError, ValueError):
        yield f"report {evidence.report} has no record: wanted {record_file.name} beside it, with its commit and day"
        return
    run = _figure(record, "run") or {}
    if not isinstance(run, dict) or not run.get("commit") or not run.get("started"):
        yield f"{record_file.name} does not name the commit and the day of its run (run.commit, run.started)"
    for name, claim in evidence.claims:
        found = _figure(record, name)
        if not _holds(found, claim):
            yield f"{record_file.name}: wanted {name} {claim}, got {'nothing' if found is None else found}"


def _figure(record: Any, name: str) -> Any:
    for part in name.split("."):
        record = record.get(part) if isinstance(record, dict) else None
    return record


def _holds(found: Any, claim: str) -> bool:
    """Tell whether a figure is what a claim such as `>= 438` says; a text can only be equal or not."""
    relation, _, wanted = claim.partition(" ")
    if found is None:
        return False
    if isinstance(found, Decimal):
        try:
            return _RELATIONS[relation](found, Decimal(wanted.strip()))
        except InvalidOperation:
            return False
    return relation in {"==", "!="} and _RELATIONS[relation](str(found).lower(), wanted.strip().lower())
