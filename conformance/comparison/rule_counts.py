"""How often each rule of a case was needed, or why it was not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from operator import methodcaller

from msgspec import Struct, field

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.answers.comparison import AnswerComparison
from conformance.comparison.rules.unneeded import why_unneeded
from conformance.model.case import CompareLevel
from conformance.model.rule import Rule, rule_name
from conformance.model.verdict import RuleUse, Unneeded


class RuleCounts(Struct):
    """How often each rule was needed in a case's comparisons, or hid most of a body there."""

    hits: Counter[Rule] = field(default_factory=Counter)
    broad: Counter[Rule] = field(default_factory=Counter)
    shaping: set[Rule] = field(default_factory=set)
    compared: list[tuple[ReadAnswer, ReadAnswer]] = field(default_factory=list)

    def use_of(
        self, rule: Rule, steps: Sequence[Mapping[str, ReadAnswer]], level: CompareLevel
    ) -> RuleUse:
        """Return the use of a rule, given the answers to each step and the level of comparison."""
        hits, broad = self.hits[rule], self.broad[rule]
        if hits:
            return RuleUse(rule=rule_name(rule), hits=hits, broad=broad)
        answers = chain.from_iterable(map(methodcaller("values"), steps))
        why = why_unneeded(rule, answers, self.compared, level)
        # Without the rule, lists or objects would have been compared in another way
        if rule in self.shaping and why is not Unneeded.NOWHERE:
            why = Unneeded.HELD_ORDER
        return RuleUse(rule=rule_name(rule), hits=0, unneeded=why)

    def add(self, compared: AnswerComparison) -> None:
        """Take one comparison."""
        if compared.spelled is not None:
            self.compared.append(compared.spelled)
        self.shaping.update(compared.shaping)
        # A rule counts once for two answers, even if it accepts differences at many places
        if compared.rule_hits:
            needed = filter(compared.rule_hits.__getitem__, compared.rule_hits)
            self.hits.update(needed)
            self.broad.update(compared.broad_rules)
