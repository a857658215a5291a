"""Add up what the rules of a run did, and warn of rules not needed and rules that hide too much."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from conformance.model.verdict import CaseResult, Judgement, Unneeded
from conformance.wording import plural

_OFTEN: Final = 0.5
"""A rule is reported if at least this share of its uses hid most of a body.

Below it, the bodies may simply have had few other values.
"""
_SENTENCES: Final[dict[Unneeded, str]] = {
    Unneeded.HELD_ORDER: "accepted no difference in {cases}, but it changes how lists or objects "
    "are compared: check its path and what it accepts",
    Unneeded.ACCEPTED_NOTHING: "was not needed in {cases}: remove it, or correct its path or what "
    "it accepts",
    Unneeded.NOTHING_DIFFERED: "was not needed in this run: nothing that was compared differed at "
    "its place in {cases}",
    Unneeded.NOWHERE: "was not needed in {cases}: no answer has its place; remove it, or correct "
    "its path",
}
"""What a warning says about a rule that was not needed; of several reasons the first here counts.
"""


class _Uses(Struct):
    """In how many cases a rule is, how often it was needed, and how often it hid most of a body."""

    cases: int = 0
    hits: int = 0
    broad: int = 0
    unneeded: set[Unneeded] = field(default_factory=set)


class RuleTally:
    """Takes the judged cases of a run one by one, and gives the warnings about its rules."""

    def __init__(self) -> None:
        self._uses: dict[str, _Uses] = {}

    def add(self, result: CaseResult, _judgement: Judgement) -> None:
        """Add the rule uses of one case."""
        for use in result.comparison.rule_uses:
            uses = self._uses.setdefault(use.rule, _Uses())
            uses.cases += 1
            uses.hits += use.hits
            uses.broad += use.broad
            if use.unneeded:
                uses.unneeded.add(use.unneeded)

    def warnings(self) -> Iterator[str]:
        """Yield a sentence for each rule that was never needed, or often hid most of a body."""
        for rule, uses in sorted(self._uses.items()):
            if not uses.hits:
                yield f"rule {rule} {_not_needed(uses)}"
            elif uses.broad >= uses.hits * _OFTEN:
                comparisons = f"{uses.broad} of {plural(uses.hits, 'comparison')}"
                yield f"rule {rule} hid more than half of a body in {comparisons}: narrow it"


def _not_needed(uses: _Uses) -> str:
    """Return what to say about a rule that no case needed.

    It advises removal only if the run would be the same without the rule.
    """
    cases = "the one case" if uses.cases == 1 else f"any of {plural(uses.cases, 'case')}"
    reasons = filter(uses.unneeded.__contains__, _SENTENCES)
    first_reason = next(reasons, Unneeded.NOWHERE)
    return _SENTENCES[first_reason].format(cases=f"{cases} that it is for")
