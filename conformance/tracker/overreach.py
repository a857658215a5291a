"""The check that new rows decide exactly the chosen causes, and change no other decision."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from conformance.comparison.causes import causes_of
from conformance.comparison.grouping import leading_findings
from conformance.errors import LedgerError, TrackerError
from conformance.judging import judge_record
from conformance.model.decision import Ledger
from conformance.model.finding import Finding
from conformance.model.verdict import CaseResult, Judgement

CHOOSE_A_BOUND: Final = "choose a bound, such as --pin '{within: {relative: 1e-6}}'"
_BY_HAND: Final = "write the row yourself, with the sides that are shown by `conformance explain"


class _Decided(Struct):
    """Takes judged cases; keeps the causes of each finding, and which findings are decided."""

    findings: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)
    decided: set[tuple[str, int]] = field(default_factory=set)
    left: dict[str, str] = field(default_factory=dict)  # ids of reopened rows, each with one case

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        # A case may show one difference several times, so findings have a number
        together = zip(result.comparison.findings, judgement.decisions, strict=True)
        stable = result.stable(judgement)
        for at, (finding, rows) in enumerate(together):
            place = result.case_id, at
            self.findings[place] = frozenset(_causes(finding, result, stable, decided=bool(rows)))
            if rows:
                self.decided.add(place)
        for row in chain.from_iterable(judgement.reopened):
            self.left.setdefault(row.id, result.case_id)


def _causes(
    finding: Finding,
    result: CaseResult,
    stable: Iterable[tuple[Finding, tuple[str, ...]]],
    *,
    decided: bool,
) -> Iterator[str]:
    """Yield the keys of the causes of a finding, and of the findings that it follows from."""
    leading = leading_findings(finding, stable, decided=decided)
    for each in (finding, *leading):
        for cause in causes_of(each, result.requests[each.step]):
            yield cause.key


def refuse_overreach(
    run: Path,
    before: Ledger,
    after: Ledger,
    wanted: Collection[str] | None,
    written: Collection[str],
) -> None:
    """Raise TrackerError if the rows of a changed ledger decide the wrong findings.

    They must decide their own findings, none of another cause, and leave no decided finding
    undecided. `wanted` are the keys of the causes to decide, None for all; `written` are the ids of
    the new rows.
    """
    was, now = _Decided(), _Decided()
    judge_record(run, before, folds=(was,))
    try:
        judge_record(run, after, folds=(now,))
    except LedgerError as error:
        raise TrackerError(
            f"the row conflicts with another one: {error.message}", hint=error.hint
        ) from error
    broken = sorted(now.left.keys() & {*written})
    if broken:
        row_id = broken[0]
        raise _does_not_hold(after, row_id, now.left[row_id])
    lost = sorted(was.decided - now.decided)
    if lost:
        case_id, _ = lost[0]
        raise TrackerError(
            f"{case_id} would no longer be decided as it is now",
            hint=f"{_BY_HAND} {case_id}`",
        )
    if wanted is not None:
        _refuse_others(was, now, wanted)


def _refuse_others(was: _Decided, now: _Decided, wanted: Collection[str]) -> None:
    """Raise TrackerError for a newly decided finding that has none of the wanted causes."""
    for case_id, at in sorted(now.decided - was.decided):
        causes = now.findings[case_id, at]
        if not causes.isdisjoint(wanted):
            continue
        others = ", ".join(sorted(causes))
        raise TrackerError(
            f"the row would also cover {case_id}, where the cause is {others}",
            hint=f"decide that first: `conformance decide {others}`",
        )


def _does_not_hold(ledger: Ledger, row_id: str, case_id: str) -> TrackerError:
    """Return the error for a new row that does not match a case that it covers.

    Its bound does not hold, or its sides are others.
    """
    row = next(row for row in ledger.decisions if row.id == row_id)
    if row.pin is not None and row.pin.is_bound:
        return TrackerError(
            f"the bound does not hold for what {case_id} shows", hint=CHOOSE_A_BOUND
        )
    return TrackerError(
        f"the row `{row.about}` does not match what {case_id} shows", hint=f"{_BY_HAND} {case_id}`"
    )
