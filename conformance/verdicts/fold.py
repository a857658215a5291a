"""The fold of a run: takes its judged cases one by one and gives the report.

Memory does not grow with the number of cases.
"""

from collections.abc import Iterable, Iterator
from itertools import filterfalse, islice
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from conformance.comparison.causes import causes_of
from conformance.comparison.grouping import Grouping
from conformance.comparison.rules.tally import RuleTally
from conformance.model.case import suite_of
from conformance.model.decision import Ledger
from conformance.model.evidence import FixEvidence
from conformance.model.fold import Fold
from conformance.model.report import CaseLine, RunReport
from conformance.model.run import RunFooter, RunHeader, RuntimeFacts
from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.verdicts.counts import DifferenceTally, HeadlineTally, VerdictTally
from conformance.verdicts.decided_and_unmet import UnmetTally
from conformance.verdicts.past_limit import PastLimitTally
from conformance.verdicts.proof import ProofTally
from conformance.verdicts.rows import RowTally, review_warnings
from conformance.verdicts.widenings import WideningTally
from conformance.wording import plural, some, were

# A report must open at once, however many cases are red; the record has them all
CASES_IN_A_REPORT: Final = 1_000
WARNINGS_IN_A_REPORT: Final = 100
CAUSES_OF_A_CASE: Final = 20
"""The most causes that the line of a case names; its HTML page and `explain` name them all."""


class ReportFold:
    """Builds the report of a run from its judged cases."""

    def __init__(self, header: RunHeader, ledger: Ledger) -> None:
        self._header = header
        self._ledger = ledger
        self._verdicts = VerdictTally()
        self._headline = HeadlineTally()
        self._differences = DifferenceTally(header.runtime_names)
        self._grouping = Grouping(header.languages)
        self._rows = RowTally(ledger, header.unselected)
        self._rules = RuleTally()
        self._lines = _CaseLines()
        self._case_warnings = _CaseWarnings()
        self._unmet = UnmetTally()
        self._widenings = WideningTally()
        self._past_limit = PastLimitTally()
        self._proof = ProofTally(() if header.shard else header.documents)

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Add one judged case to all parts of the report."""
        for part in self._parts():
            part.add(result, judgement)

    def _parts(self) -> Iterable[Fold]:
        yield from (self._verdicts, self._headline, self._differences, self._grouping)
        yield from (self._rows, self._rules, self._lines, self._unmet, self._proof)
        yield from (self._case_warnings, self._widenings, self._past_limit)

    def report(self, footer: RunFooter | None) -> RunReport:
        """Return the report; without a footer the run is incomplete."""
        counts = self._verdicts.counts()
        return RunReport(
            header=self._header,
            footer=footer,
            headline=self._headline.headline(),
            counts=counts,
            suites=self._verdicts.suites(),
            runtimes=self._differences.runtimes(),
            pairs=self._differences.pairs(),
            groups=self._widenings.added_to(
                self._grouping.groups(whole_evidence(self._header, footer))
            ),
            rows=self._rows.verdicts(finished=footer is not None),
            decisions=self._ledger.decisions,
            cases=tuple(self._lines.kept),
            more_cases=self._lines.more,
            warnings=tuple(self._warnings(footer, sum(counts.values()))),
            gaps=tuple(self._proof.gaps()),
            nothing_proved=self._nothing_proved(),
        )

    def _nothing_proved(self) -> str:
        """Return why the run proves nothing, or an empty text.

        A shard is never judged alone, so it has no such reason.
        """
        if self._header.shard is not None:
            return ""
        wanted, compared = self._header.demands.min_compared, self._proof.compared
        if compared < wanted:
            cases = f"{plural(compared, 'case')} {were(compared)} compared"
            return f"{cases}, and at least {wanted} are demanded"
        return self._proof.nothing()

    def _warnings(self, footer: RunFooter | None, done: int) -> Iterator[str]:
        if footer is None:
            yield (
                f"the run is incomplete: its record ends after {done} of "
                f"{plural(self._header.selected, 'case')}"
            )
        if self._header.shard is not None:
            yield (
                f"this is shard {self._header.shard} of the selection: `conformance gate` "
                "judges all of them as one"
            )
        for facts in self._header.runtimes:
            if facts.in_place_of:
                yield f"{facts.name} is {facts.provenance}: {facts.in_place_of}"
        yield from same_addresses(self._header.runtimes)
        if footer is not None:
            yield from footer.remarks
        yield from filter(None, [self._unmet.sentence(), self._past_limit.sentence()])
        yield from self._case_warnings.warnings()
        yield from self._rules.warnings()
        yield from review_warnings(self._ledger, self._header.day)
        if nameless := self._grouping.without_language():
            yield (
                f"no fix is proposed for {', '.join(nameless)}: name the language, "
                f"by --language {nameless[0]}=LANGUAGE or by `language:` in the runtimes file"
            )


def same_addresses(runtimes: Iterable[RuntimeFacts]) -> Iterator[str]:
    """Yield a sentence for runtimes with the same address and headers: they are one service."""
    names_at: dict[tuple[object, ...], list[str]] = {}
    for facts in runtimes:
        where = (facts.url.rstrip("/"), facts.live, facts.headers)
        names_at.setdefault(where, []).append(facts.name)
    for (url, live, _), names in names_at.items():
        if url and live and len(names) > 1:
            yield (
                f"{some(names)} are one address, {url}: that a service agrees with itself proves "
                "nothing about another one"
            )


def whole_evidence(header: RunHeader, footer: RunFooter | None) -> FixEvidence | None:
    """Return the evidence of a whole run; None for an unfinished run or a single shard."""
    if footer is None or header.shard is not None:
        return None
    return footer.evidence


class _CaseLines:
    """Keeps a line for each case with a verdict other than passed, up to a limit.

    Further cases are counted.  The cases of a suite in which the same runtime was down share one
    line.
    """

    def __init__(self) -> None:
        self.kept: list[CaseLine] = []
        self.more = 0
        self._down: dict[tuple[str, str], int] = {}

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        if judgement.verdict is Verdict.PASSED:
            return
        if self._is_alike(result, judgement):
            return
        if len(self.kept) == CASES_IN_A_REPORT:
            self.more += 1
            return
        line = CaseLine(
            case_id=result.case_id,
            place=result.place,
            verdict=judgement.verdict,
            reason=judgement.reason,
            decisions=judgement.rows,
            causes=_causes_of(result, judgement),
            classes=result.comparison.classes,
        )
        self.kept.append(line)

    def _is_alike(self, result: CaseResult, judgement: Judgement) -> bool:
        """Return whether a case is counted with an earlier line of its suite.

        It is if a runtime was down and the reason is the same.
        """
        if not any(map(attrgetter("down"), result.cells)):
            return False
        key = suite_of(result.case_id), judgement.reason
        at = self._down.setdefault(key, len(self.kept))
        if at == len(self.kept):
            return False
        self.kept[at] = replace(self.kept[at], alike=self.kept[at].alike + 1)
        return True


def _causes_of(result: CaseResult, judgement: Judgement) -> tuple[str, ...]:
    """Return the keys of the causes of a red verdict: those of the undecided findings.

    The result is empty if the case is red for another reason: a failed expectation, a fault, or a
    runtime that differs by itself.
    """
    if judgement.verdict is not Verdict.FAILED or result.expectation_failures:
        return ()
    undecided = filterfalse(attrgetter("decided"), result.judged(judgement))
    keys: dict[str, None] = {}
    for judged in islice(undecided, CAUSES_OF_A_CASE):
        finding = judged.finding
        causes = causes_of(finding, result.requests[finding.step])
        keys.update(dict.fromkeys(map(attrgetter("key"), causes)))
    return tuple(keys)


class _CaseWarnings:
    """Keeps the warnings about cases, up to a limit, and counts the others."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._more = 0

    def add(self, result: CaseResult, _judgement: Judgement) -> None:
        found: list[str] = []
        for cell in result.cells:
            about = f"{result.case_id}: {cell.runtime} "
            found += map(about.__add__, cell.warnings)
        room = WARNINGS_IN_A_REPORT - len(self._kept)
        self._kept += found[:room]
        self._more += len(found[room:])

    def warnings(self) -> Iterator[str]:
        yield from self._kept
        if self._more:
            yield f"{plural(self._more, 'more warning')} about cases; the record holds them all"
