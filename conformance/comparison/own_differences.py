"""What a runtime answers differently when it is asked the same again: a difference from itself."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from conformance.comparison.parity import compare_case
from conformance.model.case import Case
from conformance.model.finding import OwnDifference
from conformance.model.observation import Cell
from conformance.model.verdict import Comparison, RuleUse

FIRST, AGAIN = "first", "again"
"""The two askings, as an own difference names them."""


@dataclass(frozen=True, slots=True)
class ComparedWithItself:
    """Where the two answers of each runtime differ, and by rule how often it was needed that they do not.

    `broad` counts how often a rule then hid most of a body.
    """

    differences: list[OwnDifference] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)
    broad: Counter[str] = field(default_factory=Counter)

    def add(self, runtime: str, compared: Comparison) -> None:
        """Take the two answers of one runtime."""
        findings = () if compared.over_budget else compared.findings
        self.differences.extend(OwnDifference(runtime=runtime, finding=finding) for finding in findings)
        for use in compared.rule_uses:
            self.hits[use.rule] += use.hits
            self.broad[use.rule] += use.broad

    def uses(self, between_runtimes: Sequence[RuleUse]) -> Iterator[RuleUse]:
        """Yield how the rules of a case fared between runtimes, and between the two answers of each."""
        for use in between_runtimes:
            hits, broad = use.hits + self.hits[use.rule], use.broad + self.broad[use.rule]
            yield replace(use, hits=hits, broad=broad, unneeded=None if hits else use.unneeded)


def compared_with_itself(case: Case, first: Sequence[Cell], again: Sequence[Cell]) -> ComparedWithItself:
    """Compare the two answers of each runtime; a recording says the same whenever it is asked."""
    found = ComparedWithItself()
    for one, other in zip(first, again, strict=True):
        if one.live:
            found.add(one.runtime, compare_case(case, (replace(one, runtime=FIRST), replace(other, runtime=AGAIN))))
    return found
