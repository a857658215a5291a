"""Cases with more differences than a report shows; `decide` writes no row for the others."""

from typing import Final

from msgspec import Struct, field

from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.verdicts.named_cases import NamedCases
from conformance.wording import plural

HOW_TO_DECIDE: Final = (
    '`decide` writes no rows for those; write one with `at: ["$.**"]` and `grows: true`, or a rule'
)


class PastLimitTally(Struct):
    """Takes the judged cases of a run one by one and counts the red cases past the limit."""

    differences: int = 0
    _cases: NamedCases = field(default_factory=NamedCases)

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Add one judged case; it counts if it is red and has differences past the limit."""
        more = result.comparison.more_findings
        if judgement.verdict is not Verdict.FAILED or not more:
            return
        self.differences += more
        self._cases.add(result.case_id)

    def sentence(self) -> str:
        """Return how many differences are not shown, and how to decide them; or an empty text."""
        if not self.differences:
            return ""
        more = plural(self.differences, "more difference")
        cases_have = self._cases.with_verb("has", "have")
        return f"{cases_have} {more} than the report shows: {HOW_TO_DECIDE}"
