"""Collects evidence about runtimes at the places where they do not differ, case by case.

Equal answers are read once, and only JSON bodies are read.  The place of a finding is no evidence
for its runtimes; if the status or the kind of body differs, nothing in the body is.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import attrgetter, itemgetter

from conformance.comparison.evidence.differing import (
    DIFFERS_NOWHERE,
    Differing,
    differing_of,
    shared_names,
)
from conformance.comparison.evidence.routes import route_of
from conformance.comparison.evidence.runtime_tally import RuntimeTally
from conformance.comparison.idioms.statuses import FIRST_ERROR
from conformance.grouped import grouped
from conformance.model.evidence import FixEvidence
from conformance.model.finding import Finding
from conformance.model.observation import Answer, Cell
from conformance.model.verdict import CaseResult

_Alike = tuple[list[str], Answer, Differing]
"""The runtimes with equal answers to a step, their answer, and where it differs from others."""


class EvidenceTally:
    """Adds up the evidence of the cases of a run, or of several runs."""

    def __init__(self) -> None:
        self._tallies: defaultdict[tuple[str, ...], RuntimeTally] = defaultdict(RuntimeTally)
        self._complete = True

    def add(self, result: CaseResult) -> None:
        """Add the evidence of one compared case."""
        by_step = grouped(result.comparison.findings, attrgetter("step"))
        for step, request in enumerate(result.requests):
            findings = by_step.get(step, ())
            route = route_of(request)
            for runtimes, answer, differing in _alike(result.cells, step, findings):
                self._tallies[tuple(runtimes)].add(route, answer, differing)

    def add_evidence(self, other: FixEvidence) -> None:
        """Add the evidence of other cases."""
        self._complete &= other.complete
        for evidence in other.by_runtimes:
            self._tallies[evidence.runtimes].add_evidence(evidence)

    def evidence(self) -> FixEvidence:
        """Return the evidence of all cases; empty and not `complete` if any part is incomplete."""
        tallies = dict(sorted(self._tallies.items(), key=itemgetter(0)))
        evidence = tuple(tally.evidence(runtimes) for runtimes, tally in tallies.items())
        # `evidence` also checks a tally's bound, so `complete` is read after it
        are_complete = all(map(attrgetter("complete"), tallies.values()))
        if not self._complete or not are_complete:
            return FixEvidence(complete=False)
        return FixEvidence(complete=True, by_runtimes=evidence)


def joined(parts: Sequence[FixEvidence | None]) -> FixEvidence | None:
    """Return the evidence of several runs as that of one run; None if any run has none."""
    tally = EvidenceTally()
    for part in parts:
        if part is None:
            return None
        tally.add_evidence(part)
    return tally.evidence()


def _alike(cells: Sequence[Cell], step: int, findings: Sequence[Finding]) -> list[_Alike]:
    """Return the distinct answers to a step, each with its runtimes and where it differs."""
    groups: list[_Alike] = []
    shared = shared_names(cells, step, findings)
    for cell in cells:
        answer = cell.observations[step]
        if not isinstance(answer, Answer):
            continue
        differing = differing_of(cell.runtime, findings, shared) if findings else DIFFERS_NOWHERE
        same = next(_same_groups(groups, answer, differing), None)
        if same is None:
            groups.append(([cell.runtime], answer, differing))
        else:
            same.append(cell.runtime)
    return groups


def _same_groups(
    groups: Sequence[_Alike], answer: Answer, differing: Differing
) -> Iterator[list[str]]:
    """Yield the runtimes of each group with an equal answer that differs in the same places."""
    for runtimes, other, other_differing in groups:
        if differing != other_differing:
            continue
        if _are_same(answer, other):
            yield runtimes


def _are_same(first: Answer, other: Answer) -> bool:
    """Return whether two answers are equal in all that evidence is collected from."""
    if (first.status, first.body) != (other.status, other.body):
        return False
    # The media type matters only for the form of an error
    if first.status < FIRST_ERROR:
        return True
    return first.header("content-type") == other.header("content-type")
