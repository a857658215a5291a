"""How the rules of a run fared: one that nothing needed, and one that hides too much, are each worth a warning."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from conformance.model.verdict import CaseResult, Judgement
from conformance.wording import plural

_OFTEN: Final = 0.5


@dataclass(slots=True)
class _Fared:
    cases: int = 0
    hits: int = 0
    broad: int = 0


class RuleTally:
    """Takes the judged cases of a run one by one and gives the warnings about its rules."""

    def __init__(self) -> None:
        self._fared: dict[str, _Fared] = {}

    def add(self, result: CaseResult, _judgement: Judgement) -> None:
        """Take one case."""
        for use in result.comparison.rule_uses:
            fared = self._fared.setdefault(use.rule, _Fared())
            fared.cases += 1
            fared.hits += use.hits
            fared.broad += use.broad

    def warnings(self) -> Iterator[str]:
        """Yield a sentence for each rule that never fired, and for each that hid most of a body half of the time."""
        for rule, fared in sorted(self._fared.items()):
            cases = "the one case" if fared.cases == 1 else f"any of {plural(fared.cases, 'case')}"
            if not fared.hits:
                yield f"rule {rule} was not needed in {cases} that it is for: remove it, or correct its path"
            elif fared.broad >= fared.hits * _OFTEN:
                comparisons = f"{fared.broad} of {plural(fared.hits, 'comparison')}"
                yield f"rule {rule} hid more than half of a body in {comparisons}: narrow it"
