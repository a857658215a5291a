"""Cases that stay red although their differences are decided: they do not meet `expect`."""

from collections.abc import Collection
from typing import Final

from msgspec import Struct, field

from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.verdicts.named_cases import NamedCases

NOT_EXCUSED: Final = "a row of the ledger decides a difference, and never excuses `expect`"


class UnmetTally(Struct):
    """Takes the judged cases of a run one by one; `rows` are the ids that count, None for all."""

    rows: Collection[str] | None = None
    _cases: NamedCases = field(default_factory=NamedCases)

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Add one judged case; it counts if it is red and its differences are decided."""
        if judgement.verdict is not Verdict.FAILED or not result.expectation_failures:
            return
        # An undecided difference is a reason of its own for red
        if not all(judgement.decisions) or result.comparison.more_findings:
            return
        counting = set(judgement.rows)
        if self.rows is not None:
            counting.intersection_update(self.rows)
        if counting:
            self._cases.add(result.case_id)

    def sentence(self) -> str:
        """Return a sentence that decided cases stay red; an empty text if none does."""
        if not self._cases.count:
            return ""
        return f"{self._cases.with_verb('stays', 'stay')} red though decided: {NOT_EXCUSED}"
