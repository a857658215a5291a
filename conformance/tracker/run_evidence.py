"""What one complete run shows: of the ledger's rows, and of the claims of a document.

A run is complete when it finished, left no case out, and no case has been added since: nothing less can say when a
claim was last verified, or that a difference is gone.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from conformance.errors import TrackerError
from conformance.model.case_glob import matches
from conformance.model.decision import Ledger
from conformance.model.report import RunReport
from conformance.model.run import RuntimeFacts
from conformance.model.verdict import CaseResult, Judgement, RowVerdict, Verdict
from conformance.pipeline import judge_record
from conformance.reporting import phrases
from conformance.tracker.evidence import Refresh
from conformance.verdicts.counts import HeadlineTally

Globs = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOutcome:
    """What a run showed of a claim: its figure, whether every case held, and whether all runtimes were live."""

    measured: str
    held: bool
    red: bool
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvidence:
    """A complete run, as far as the document rests on it."""

    refresh: Refresh
    rows: dict[str, RowVerdict]
    claims: dict[Globs, ClaimOutcome]


def run_evidence(folder: Path, ledger: Ledger, claims: Iterable[Globs], known: AbstractSet[str]) -> RunEvidence:
    """Read a saved run by the ledger as it is now; raises TrackerError for one that is not complete."""
    shown = _Shown(claims, known)
    report = judge_record(folder, ledger, folds=(shown,))
    _refuse_incomplete(report, shown.missing)
    return RunEvidence(
        refresh=_refresh(report),
        rows={row.decision_id: row for row in report.rows},
        claims=shown.claims(),
    )


def _refuse_incomplete(report: RunReport, missing: AbstractSet[str]) -> None:
    reasons = []
    if report.footer is None:
        reasons.append("it did not finish")
    if missing:
        reasons.append(f"{phrases.plural(len(missing), 'case')} not in it, such as {min(missing)}")
    if reasons:
        hint = "run every suite beside the ledger, without a filter"
        raise TrackerError(f"run {report.header.run_id} is not complete: {', '.join(reasons)}", hint=hint)


class _Shown:
    """Takes the judged cases of a run and gives what they show of claims; `missing` are the known ones it lacks."""

    def __init__(self, claims: Iterable[Globs], known: AbstractSet[str]) -> None:
        self._tallies = {cases: _ClaimTally() for cases in claims if cases}
        self.missing = set(known)

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        self.missing.discard(result.case_id)
        for cases, tally in self._tallies.items():
            if any(matches(result.case_id, glob) for glob in cases):
                tally.add(result, judgement)

    def claims(self) -> dict[Globs, ClaimOutcome]:
        return {cases: tally.outcome() for cases, tally in self._tallies.items() if tally.verdicts}


class _ClaimTally:
    """Takes the judged cases of a claim; without any there is no outcome."""

    def __init__(self) -> None:
        self.verdicts: set[Verdict] = set()
        self._headline = HeadlineTally()
        self._live = True

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        self.verdicts.add(judgement.verdict)
        self._headline.add(result, judgement)
        self._live &= all(cell.live for cell in result.cells)

    def outcome(self) -> ClaimOutcome:
        return ClaimOutcome(
            measured=phrases.headline(self._headline.headline()),
            held=self.verdicts <= {Verdict.PASSED, Verdict.KNOWN},
            red=any(verdict.red for verdict in self.verdicts),
            live=self._live,
        )


def _refresh(report: RunReport) -> Refresh:
    header = report.header
    return Refresh(
        run=header.run_id,
        started=header.started,
        commit=header.commit,
        command=header.command,
        machine=header.machine,
        version=header.version,
        headline=phrases.headline(report.headline),
        outcome=phrases.outcome(report),
        runtimes=tuple(map(_taking_part, header.runtimes)),
    )


def _taking_part(facts: RuntimeFacts) -> str:
    """Say how a runtime took part, without the port that is another one in each run."""
    how = ", ".join(filter(None, ("live" if facts.live else "recorded", facts.provenance)))
    return f"{facts.name} ({how})"
