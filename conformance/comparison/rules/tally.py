"""What the rules of a run did: one that nothing needed, and one that hides too much.

Each of these is worth a warning.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from conformance.model.verdict import CaseResult, Judgement, Unneeded
from conformance.wording import plural

_OFTEN: Final = 0.5
"""A share of the comparisons that needed a rule: fewer may have had bodies of little else."""
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
"""What is said of a rule, by the first of these reasons that any of its cases has."""


class _Uses(Struct):
    cases: int = 0
    hits: int = 0
    broad: int = 0
    unneeded: set[Unneeded] = field(default_factory=set)


class RuleTally:
    """Takes the judged cases of a run one by one and gives the warnings about its rules."""

    def __init__(self) -> None:
        self._uses: dict[str, _Uses] = {}

    def add(self, result: CaseResult, _judgement: Judgement) -> None:
        """Take one case."""
        for use in result.comparison.rule_uses:
            uses = self._uses.setdefault(use.rule, _Uses())
            uses.cases += 1
            uses.hits += use.hits
            uses.broad += use.broad
            if use.unneeded:
                uses.unneeded.add(use.unneeded)

    def warnings(self) -> Iterator[str]:
        """Yield a sentence per rule that was not needed or hid most of a body half of the time."""
        for rule, uses in sorted(self._uses.items()):
            if not uses.hits:
                yield f"rule {rule} {_not_needed(uses)}"
            elif uses.broad >= uses.hits * _OFTEN:
                comparisons = f"{uses.broad} of {plural(uses.hits, 'comparison')}"
                yield f"rule {rule} hid more than half of a body in {comparisons}: narrow it"


def _not_needed(uses: _Uses) -> str:
    """Return what is said of a rule that no case needed.

    It may be removed only where that leaves the run as it is.
    """
    cases = "the one case" if uses.cases == 1 else f"any of {plural(uses.cases, 'case')}"
    reasons = filter(uses.unneeded.__contains__, _SENTENCES)
    first_reason = next(reasons, Unneeded.NOWHERE)
    return _SENTENCES[first_reason].format(cases=f"{cases} that it is for")
