"""What one complete run shows: of the ledger's rows, and of the claims of a document.

A run is complete when it finished, left no case out, and no case has been added since: nothing less can say when a
claim was last verified, or that a difference is gone.
"""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from conformance.errors import TrackerError
from conformance.model.case_glob import matches
from conformance.model.decision import Ledger
from conformance.model.report import Headline, RunReport
from conformance.model.run import RuntimeFacts
from conformance.model.verdict import CaseResult, Judgement, RowVerdict, Verdict
from conformance.pipeline import judge_record, judged_cases
from conformance.reporting import phrases
from conformance.tracker.evidence import Refresh
from conformance.verdicts.fold import headline_counters

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
    report = judge_record(folder, ledger)
    tallies = {cases: _ClaimTally() for cases in claims if cases}
    seen: set[str] = set()
    for result, judgement in judged_cases(folder, ledger):
        seen.add(result.case_id)
        for cases, tally in tallies.items():
            if any(matches(result.case_id, glob) for glob in cases):
                tally.add(result, judgement)
    _refuse_incomplete(report, known - seen)
    return RunEvidence(
        refresh=_refresh(report),
        rows={row.decision_id: row for row in report.rows},
        claims={cases: tally.outcome() for cases, tally in tallies.items() if tally.cases},
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


class _ClaimTally:
    """Adds up the cases of a claim."""

    def __init__(self) -> None:
        self.cases = 0
        self._headline: Counter[str] = Counter()
        self._verdicts: Counter[Verdict] = Counter()
        self._live = True

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        self.cases += 1
        self._headline.update(headline_counters(result))
        self._verdicts[judgement.verdict] += 1
        self._live &= all(cell.live for cell in result.cells)

    def outcome(self) -> ClaimOutcome:
        held = self._verdicts[Verdict.PASSED] + self._verdicts[Verdict.KNOWN] == self.cases
        red = any(verdict.red for verdict in self._verdicts)
        return ClaimOutcome(measured=phrases.headline(Headline(**self._headline)), held=held, red=red, live=self._live)


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
