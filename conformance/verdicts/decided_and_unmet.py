"""Cases whose differences are decided, and that are red all the same: they do not meet `expect`."""

from collections.abc import Collection
from typing import Final

from msgspec import Struct, field

from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.wording import plural, some

NOT_EXCUSED: Final = "a row of the ledger decides a difference, and never excuses `expect`"
_MOST: Final = 100
"""So many cases are kept; the others are counted."""


class UnmetTally(Struct):
    """Takes the judged cases of a run one by one; `rows` are those that count, None for all."""

    rows: Collection[str] | None = None
    count: int = 0
    _cases: list[str] = field(default_factory=list)

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case."""
        if judgement.verdict is not Verdict.FAILED or not result.expectation_failures:
            return
        # With an undecided difference it is red for that, too
        if not all(judgement.decisions) or result.comparison.more_findings:
            return
        decided_in = judgement.rows
        if self.rows is not None:
            decided_in = tuple(row for row in decided_in if row in self.rows)
        if not decided_in:
            return
        self.count += 1
        if len(self._cases) < _MOST:
            self._cases.append(result.case_id)

    def sentence(self) -> str:
        """Return that decided cases stay red, or an empty text."""
        if not self.count:
            return ""
        verb = "stays" if self.count == 1 else "stay"
        named = some(self._cases) if self.count <= _MOST else plural(self.count, "case")
        return f"{named} {verb} red though decided: {NOT_EXCUSED}"
