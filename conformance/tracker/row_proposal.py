"""Rows for a cause that a run showed: one for each of its signatures, with the cases that show it."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from conformance.errors import TrackerError
from conformance.model.decision import DecisionState, Ledger
from conformance.model.finding import Signature
from conformance.model.group import Group
from conformance.pipeline import judge_record, judged_cases
from conformance.reporting import phrases
from conformance.verdicts.rows import narrowest_globs, suite_of

_COUNTED: Final = "`conformance report` shows the causes with their numbers"


def proposed_rows(
    run: Path, ledger: Ledger, cause: int, ids: Iterator[str], today: dt.date
) -> Iterator[dict[str, Any]]:
    """Yield a row for each signature of a cause that is in no decision; `kind`, `reason` and `owner` are left empty."""
    report = judge_record(run, ledger)
    if cause > len(report.groups):
        causes = phrases.plural(len(report.groups), "cause")
        raise TrackerError(f"--cause {cause}: run {report.header.run_id} has {causes}", hint=_COUNTED)
    group = report.groups[cause - 1]
    shown, cases_of_suite = _undecided(run, ledger, group)
    if not shown:
        decided = ", ".join(group.decisions)
        raise TrackerError(f"--cause {cause}: {group.title} is decided in {decided}", hint=_COUNTED)
    for signature, cases in shown.items():
        row: dict[str, Any] = {
            "id": next(ids),
            "title": f"{group.title} at {signature.path}",
            "state": DecisionState.OPEN.value,
            "kind": "",
            "where": narrowest_globs(cases, cases_of_suite),
            "signature": str(signature),
            "odd": group.odd,
            "rest": group.rest,
            "reason": "",
            "owner": "",
            "opened": str(today),
        }
        lines = sum(remedy.lines for remedy in group.remedies)
        yield row | ({"loc_estimate": lines} if lines else {})


def _undecided(run: Path, ledger: Ledger, group: Group) -> tuple[dict[Signature, list[str]], Counter[str]]:
    """Return the cases of each signature of a group that no row covers, and how many cases each suite has."""
    shown: dict[Signature, list[str]] = {}
    cases_of_suite: Counter[str] = Counter()
    for result, judgement in judged_cases(run, ledger):
        cases_of_suite[suite_of(result.case_id)] += 1
        for finding, decision in zip(result.comparison.findings, judgement.decisions, strict=True):
            ours = finding.signature in group.signatures and (finding.odd, finding.rest) == (group.odd, group.rest)
            if ours and decision is None and result.case_id not in shown.setdefault(finding.signature, []):
                shown[finding.signature].append(result.case_id)
    return {signature: cases for signature, cases in shown.items() if cases}, cases_of_suite


def free_ids(first: str | None, used: Collection[str]) -> Iterator[str]:
    """Yield ids that were never used, from the first one on, or from the highest that ever was."""
    if first is not None and not re.fullmatch(r"D-[0-9]{3,}", first):
        raise TrackerError(f"{first}: wanted an id such as D-007")
    numbers = [int(known.partition("-")[2]) for known in used]
    number = int(first.partition("-")[2]) if first else max(numbers, default=0) + 1
    while True:
        if number in numbers:
            free = f"D-{max(numbers) + 1:03d}"
            raise TrackerError(f"D-{number:03d} was used before, and ids are never reused", hint=f"{free} is free")
        yield f"D-{number:03d}"
        number += 1
