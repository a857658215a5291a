"""Cases with more differences than a report shows, of which `decide` writes no row."""

from dataclasses import dataclass, field
from typing import Final

from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.wording import plural, some

HOW_TO_DECIDE: Final = (
    '`decide` writes no rows for those; write one with `at: ["$.**"]` and `grows: true`, or a rule'
)
_MOST: Final = 100
"""So many cases are kept; the others are counted."""


@dataclass(slots=True)
class PastLimitTally:
    """Takes the judged cases of a run one by one and keeps those that are red past the limit."""

    differences: int = 0
    count: int = 0
    _cases: list[str] = field(default_factory=list)

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case."""
        more = result.comparison.more_findings
        if judgement.verdict is not Verdict.FAILED or not more:
            return
        self.count += 1
        self.differences += more
        if len(self._cases) < _MOST:
            self._cases.append(result.case_id)

    def sentence(self) -> str:
        """Return how many differences a report does not show, and how they are decided, if any."""
        if not self.count:
            return ""
        named = some(self._cases) if self.count <= _MOST else plural(self.count, "case")
        verb = "has" if self.count == 1 else "have"
        more = plural(self.differences, "more difference")
        return f"{named} {verb} {more} than the report shows: {HOW_TO_DECIDE}"
