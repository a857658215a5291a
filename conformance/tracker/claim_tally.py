"""What the cases of a claim show in one run: for all runtimes together, and for each of them."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Final

from msgspec import Struct, field

from conformance.model.case_digest import digest_of_cases
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.observation import Answer, Cell
from conformance.model.run import RuntimeFacts
from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.reporting import run_phrases
from conformance.tracker.evidence import ShownByRuntime
from conformance.verdicts.counts import HeadlineTally

_HOLDS: Final = frozenset({Verdict.PASSED, Verdict.KNOWN})
_OF_VALUES: Final = frozenset(
    {
        DifferenceKind.VALUE,
        DifferenceKind.LENGTH,
        DifferenceKind.TEXT,
        DifferenceKind.BYTES,
        DifferenceKind.IDENTITY,
    }
)
"""Kinds whose facts are the values that were sent: a document must not depend on these."""
_MAX_FACTS: Final = 50
"""More facts than a person would name in a table: so many are no evidence for a single one."""


class ClaimOutcome(Struct, frozen=True, kw_only=True):
    """What a run showed of a claim: its figure, whether its cases held, were red, were live.

    `digest` is the digest of the cases as they were sent.
    """

    measured: str
    held: bool
    red: bool
    live: bool
    count: int
    compared: int
    digest: str
    runtimes: tuple[ShownByRuntime, ...]


class _Shown(Struct):
    """What one runtime has shown so far."""

    cases: int = 0
    passed: bool = True
    statuses: set[int] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)
    beside: set[str] = field(default_factory=set)
    differs_from: set[str] = field(default_factory=set)


class ClaimTally:
    """Takes the judged cases of one claim one by one and gives its outcome."""

    def __init__(self) -> None:
        self._verdicts: list[Verdict] = []
        self._headline = HeadlineTally()
        self._live = True
        self._compared = 0
        self._digests: dict[str, str] = {}
        self._shown: dict[str, _Shown] = {}

    @property
    def empty(self) -> bool:
        """Return whether no case was added yet."""
        return not self._verdicts

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Add what one judged case shows."""
        self._verdicts.append(judgement.verdict)
        self._digests[result.case_id] = result.digest
        self._headline.add(result, judgement)
        self._live &= all(map(attrgetter("live"), result.cells))
        self._compared += result.comparison.compared
        for cell in filter(attrgetter("is_supported"), result.cells):
            self._add_cell(cell, judgement.verdict)
        compared_with = result.comparison.runtimes
        for name in compared_with & self._shown.keys():
            self._shown[name].beside |= compared_with - {name}
        for finding in result.comparison.findings:
            self._add_finding(finding)

    def _add_cell(self, cell: Cell, verdict: Verdict) -> None:
        runtime = self._shown.setdefault(cell.runtime, _Shown())
        last = cell.observations[-1]
        runtime.cases += 1
        runtime.passed &= verdict in _HOLDS
        if isinstance(last, Answer):
            runtime.statuses.add(last.status)

    def _add_finding(self, finding: Finding) -> None:
        for pair in finding.pairs:
            has_fact = pair.idiom is not None or pair.kind not in _OF_VALUES
            for side, other in (pair.sides, pair.sides[::-1]):
                for name in finding.sides[side].runtimes:
                    runtime = self._shown.setdefault(name, _Shown())
                    if has_fact:
                        runtime.facts.add(pair.fact_of(side))
                    if side != other:
                        runtime.differs_from.update(finding.sides[other].runtimes)

    def outcome(self, runtimes: Sequence[RuntimeFacts]) -> ClaimOutcome:
        """Return the outcome of all cases; `runtimes` are the facts of the run's header."""
        by_name = {facts.name: facts for facts in runtimes}
        return ClaimOutcome(
            measured=run_phrases.headline(self._headline.headline()),
            held=_HOLDS.issuperset(self._verdicts),
            red=any(map(attrgetter("red"), self._verdicts)),
            live=self._live,
            count=len(self._verdicts),
            compared=self._compared,
            digest=digest_of_cases(self._digests),
            runtimes=tuple(
                _evidence(name, seen, by_name) for name, seen in sorted(self._shown.items())
            ),
        )


def _evidence(name: str, seen: _Shown, runtimes: Mapping[str, RuntimeFacts]) -> ShownByRuntime:
    facts = runtimes.get(name)
    return ShownByRuntime(
        runtime=name,
        language=facts.language if facts else None,
        source=facts.source if facts else "",
        cases=seen.cases,
        passed=seen.passed and seen.cases > 0,
        statuses=tuple(sorted(seen.statuses)),
        facts=tuple(sorted(seen.facts)) if len(seen.facts) <= _MAX_FACTS else (),
        same_as=tuple(sorted(seen.beside - seen.differs_from)),
        differs_from=tuple(sorted(seen.differs_from)),
    )
