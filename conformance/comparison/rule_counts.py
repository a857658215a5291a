"""How often each rule of a case was needed, and why it was not."""

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
    """How often a comparison in a case needed each rule, and how often it hid most of a body."""

    hits: Counter[Rule] = field(default_factory=Counter)
    broad: Counter[Rule] = field(default_factory=Counter)
    shaping: set[Rule] = field(default_factory=set)
    compared: list[tuple[ReadAnswer, ReadAnswer]] = field(default_factory=list)

    def use_of(
        self, rule: Rule, steps: Sequence[Mapping[str, ReadAnswer]], level: CompareLevel
    ) -> RuleUse:
        """Return what a rule did, given the answers to each step and what is compared at most."""
        hits, broad = self.hits[rule], self.broad[rule]
        if hits:
            return RuleUse(rule=rule_name(rule), hits=hits, broad=broad)
        answers = chain.from_iterable(map(methodcaller("values"), steps))
        why = why_unneeded(rule, answers, self.compared, level)
        # Without it lists or objects would have been compared in another way
        if rule in self.shaping and why is not Unneeded.NOWHERE:
            why = Unneeded.HELD_ORDER
        return RuleUse(rule=rule_name(rule), hits=0, unneeded=why)

    def add(self, compared: AnswerComparison) -> None:
        """Take one comparison."""
        if compared.spelled is not None:
            self.compared.append(compared.spelled)
        self.shaping.update(compared.shaping)
        # A rule counts once for two answers, at however many places it accepts what differs
        if compared.rule_hits:
            needed = filter(compared.rule_hits.__getitem__, compared.rule_hits)
            self.hits.update(needed)
            self.broad.update(compared.broad_rules)
