"""Counts of a run: cases by verdict, suites by colour, and cases that agree, by facet."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, filterfalse, product
from operator import attrgetter
from typing import Final

from conformance.model.case import CompareLevel, suite_of
from conformance.model.finding import Facet, Finding
from conformance.model.gap import GapKind
from conformance.model.observation import Cell
from conformance.model.report import Headline, PairCount, RuntimeCount, SuiteCounts
from conformance.model.verdict import CaseResult, Judgement, Verdict

_HEADER: Final = "header"
_NOTE: Final = "note"
_MEDIA_TYPE: Final = "header content-type"


class VerdictTally:
    """Takes the judged cases of a run one by one and counts them by verdict, with their suites."""

    def __init__(self) -> None:
        self._counts: Counter[Verdict] = Counter()
        self._suites: dict[str, Verdict] = {}

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case.

        A suite keeps the red verdict of one of its cases, or else a verdict other than skipped.
        """
        verdict, suite = judgement.verdict, suite_of(result.case_id)
        self._counts[verdict] += 1
        held = self._suites.get(suite)
        if held is None or verdict.red or held is Verdict.SKIPPED:
            self._suites[suite] = verdict

    def counts(self) -> dict[Verdict, int]:
        """Return how many cases have each verdict."""
        return {verdict: self._counts[verdict] for verdict in Verdict}

    def suites(self) -> SuiteCounts:
        """Return how many suites are green, red and skipped."""
        return SuiteCounts(**Counter(map(_colour, self._suites.values())))


def _colour(verdict: Verdict) -> str:
    """Return the field of SuiteCounts to which a verdict belongs."""
    if verdict is Verdict.SKIPPED:
        return "skipped"
    if verdict.red:
        return "red"
    return "green"


class HeadlineTally:
    """Takes the judged cases of a run one by one and counts those that agree."""

    def __init__(self) -> None:
        self._counters: Counter[str] = Counter()

    def add(self, result: CaseResult, _judgement: Judgement) -> None:
        """Add one judged case to the counts."""
        self._counters.update(_counters(result))
        if result.comparison.compared and any(map(_lacks_an_answer, result.cells)):
            self._counters["unanswered"] += 1

    def headline(self) -> Headline:
        """Return the totals."""
        return Headline(**self._counters)


def _counters(result: CaseResult) -> Iterator[str]:
    """Yield the names of the headline's counters that increase by one with a case."""
    if not result.comparison.compared:
        return
    facets = set(map(attrgetter("facet"), result.comparison.findings))
    parts = set(map(_part, result.comparison.findings))
    yield "compared"
    # Where statuses differ, nothing else was compared
    if Facet.STATUS in facets:
        return
    yield "status_equal"
    if result.level is CompareLevel.STATUS:
        return
    unread = GapKind.BYTES_ONLY in map(attrgetter("kind"), result.comparison.gaps)
    if unread and Facet.SHAPE not in facets:
        yield "bodies_unread"
    else:
        yield "shapes_compared"
    if Facet.SHAPE in facets:
        yield "shapes_diverge"
    if _HEADER in parts:
        yield "headers_diverge"
    if _NOTE in parts:
        yield "notes_diverge"
    if result.level is CompareLevel.VALUE:
        yield "values_compared"
        if not parts.isdisjoint((Facet.SHAPE.value, Facet.VALUE.value)):
            yield "values_diverge"


def _lacks_an_answer(cell: Cell) -> bool:
    """Return whether a runtime that supports the case has no answer to some step.

    A step that was not sent to it counts, too.
    """
    return cell.is_supported and not cell.answered


def _part(finding: Finding) -> str:
    """Return the part of an answer that a finding is about: `header`, `note`, or a facet.

    If two bodies are of different kinds, the difference of their media types is part of the shape.
    """
    first_word = finding.place.partition(" ")[0]
    if first_word not in {_HEADER, _NOTE}:
        return finding.facet.value
    is_label = finding.place == _MEDIA_TYPE and finding.follows is not None
    if is_label:
        return Facet.SHAPE.value
    return first_word


class DifferenceTally:
    """Takes the judged cases of a run one by one and counts those that differ.

    There is a count for each runtime and for each pair of runtimes.
    """

    def __init__(self, runtimes: Sequence[str]) -> None:
        self._runtimes = runtimes
        self._cases: Counter[str] = Counter()
        self._pairs: Counter[frozenset[str]] = Counter()
        self._asked: Counter[frozenset[str]] = Counter()

    def add(self, result: CaseResult, _judgement: Judgement) -> None:
        """Take one case; it counts at most once for a runtime and once for a pair.

        A runtime that differs from itself makes no difference between two runtimes.
        """
        comparison = result.comparison
        differing: set[str] = set()
        apart: set[frozenset[str]] = set()
        for finding in filterfalse(result.unstable.__contains__, comparison.findings):
            differing.update(finding.odd or finding.runtimes)
            apart |= _apart(finding)
        self._cases.update(differing)
        self._pairs.update(apart)
        self._asked[comparison.runtimes] += 1

    def _together(self, *names: str) -> int:
        """Return in how many cases the named runtimes were all compared."""
        with_all = filter(frozenset(names).issubset, self._asked)
        return sum(map(self._asked.__getitem__, with_all))

    def runtimes(self) -> tuple[RuntimeCount, ...]:
        """Return in how many cases each runtime is odd, or differs where none is odd."""
        return tuple(
            RuntimeCount(
                runtime=name,
                cases=self._cases[name],
                asked=self._together(name),
            )
            for name in self._runtimes
        )

    def pairs(self) -> tuple[PairCount, ...]:
        """Return in how many cases each pair of runtimes differs."""
        return tuple(
            PairCount(
                first=first,
                second=second,
                cases=self._pairs[frozenset((first, second))],
                asked=self._together(first, second),
            )
            for first, second in combinations(self._runtimes, 2)
        )


def _apart(finding: Finding) -> set[frozenset[str]]:
    """Return the pairs of runtimes whose sides differ."""
    apart: set[frozenset[str]] = set()
    for pair in finding.pairs:
        first, second = finding.sides[pair.first], finding.sides[pair.second]
        if pair.first != pair.second:  # a fault that all runtimes have is paired with itself
            apart.update(map(frozenset, product(first.runtimes, second.runtimes)))
    return apart
