"""What one complete run shows of the ledger's rows and of the claims of a document.

A run is complete if it finished, left no case out, and no case was added since.  Only such a run
can verify a claim or show that a difference is gone.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from msgspec import Struct

from conformance.errors import TrackerError
from conformance.judging import judge_record
from conformance.model.case_glob import matches_any
from conformance.model.decision import Ledger
from conformance.model.report import RunReport
from conformance.model.run import RuntimeFacts
from conformance.model.verdict import CaseResult, Judgement, RowVerdict
from conformance.reporting import phrases, run_phrases
from conformance.tracker.claim_tally import ClaimOutcome, ClaimTally
from conformance.tracker.evidence import Answered, Refresh

Globs = tuple[str, ...]


class RunEvidence(Struct, frozen=True, kw_only=True):
    """The parts of a complete run that the document is based on."""

    refresh: Refresh
    rows: dict[str, RowVerdict]
    claims: dict[Globs, ClaimOutcome]


def run_evidence(
    folder: Path, ledger: Ledger, claims: Iterable[Globs], known: AbstractSet[str]
) -> RunEvidence:
    """Return the evidence of a saved run, judged with the current ledger.

    Raises TrackerError if the run is not complete.
    """
    tally = _Shown(claims, known)
    report = judge_record(folder, ledger, folds=(tally,))
    _refuse_incomplete(report, tally.missing)
    return RunEvidence(
        refresh=_refresh(report, tally.answered),
        rows={row.decision_id: row for row in report.rows},
        claims=tally.claims(report.header.runtimes),
    )


def _refuse_incomplete(report: RunReport, missing: AbstractSet[str]) -> None:
    reasons = []
    if report.footer is None:
        reasons.append("it did not finish")
    if missing:
        reasons.append(f"{phrases.plural(len(missing), 'case')} not in it, such as {min(missing)}")
    if reasons:
        hint = "run every suite in the ledger's folder, without a filter"
        raise TrackerError(
            f"run {report.header.run_id} is not complete: {', '.join(reasons)}", hint=hint
        )


class _Shown:
    """Takes the judged cases of a run and gives what they show of claims.

    `missing` are the known cases that were not added yet.
    """

    def __init__(self, claims: Iterable[Globs], known: AbstractSet[str]) -> None:
        self._tallies = {cases: ClaimTally() for cases in claims if cases}
        self.answered = _AnsweredTally()
        self.missing = set(known)

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        self.missing.discard(result.case_id)
        self.answered.add(result)
        for cases, tally in self._tallies.items():
            if matches_any(result.case_id, cases):
                tally.add(result, judgement)

    def claims(self, runtimes: Sequence[RuntimeFacts]) -> dict[Globs, ClaimOutcome]:
        return {
            cases: tally.outcome(runtimes)
            for cases, tally in self._tallies.items()
            if not tally.empty
        }


class _AnsweredTally:
    """Counts the cases of a run by how many runtimes, in how many languages, answered them."""

    def __init__(self) -> None:
        self._answering: Counter[frozenset[str]] = Counter()

    def add(self, result: CaseResult) -> None:
        """Count one case by the runtimes that answered it."""
        answering = frozenset(cell.runtime for cell in result.cells if cell.answers)
        self._answering[answering] += 1

    def answered(self, runtimes: Iterable[RuntimeFacts]) -> tuple[Answered, ...]:
        """Return the counts, those with the most runtimes first.

        Runtimes without a language do not count as a language.
        """
        language = {facts.name: facts.language for facts in runtimes}
        counted: Counter[tuple[int, int]] = Counter()
        for names, cases in self._answering.items():
            languages = {language.get(name) for name in names} - {None}
            counted[len(names), len(languages)] += cases
        ordered = sorted(counted.items(), reverse=True)
        return tuple(
            Answered(runtimes=many, languages=spoken, cases=cases)
            for (many, spoken), cases in ordered
        )


def _refresh(report: RunReport, answered: _AnsweredTally) -> Refresh:
    header = report.header
    return Refresh(
        run=header.run_id,
        started=header.started,
        commit=header.commit,
        command=header.command,
        machine=header.machine,
        version=header.version,
        headline=run_phrases.headline(report.headline),
        outcome=run_phrases.outcome(report),
        runtimes=tuple(map(_taking_part, header.runtimes)),
        answered=answered.answered(header.runtimes),
    )


def _taking_part(facts: RuntimeFacts) -> str:
    """Return a runtime with how it took part, without its port, which varies from run to run."""
    how = ", ".join(filter(None, ("live" if facts.live else "recorded", facts.provenance)))
    return f"{facts.name} ({how})"
