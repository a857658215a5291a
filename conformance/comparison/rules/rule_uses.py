"""What each rule was needed for in one comparison, and how much of two bodies it hid."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from conformance.comparison.rules.acceptance import accepts_anything, accepts_everything_below
from conformance.comparison.rules.hidden_values import HiddenValues
from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.stops import Paths
from conformance.model.rule import NumberRule, Rule, ValueRule

_FEW_VALUES: Final = 4
"""A rule that hides no more than these is not broad: a small body may have few others."""
_MOST_OF_A_BODY: Final = 0.5


class RuleUses:
    """How often each rule was needed, where, and how many values it hid.

    Rules in `shaping` decided how lists or objects that differ were compared, whether they accepted
    anything or not.
    """

    def __init__(self, values: Iterable[ValueRule | NumberRule]) -> None:
        self.hits: Counter[Rule] = Counter()
        self.shaping: set[Rule] = set()
        self.accepted: dict[tuple[Rule, Paths | str], None] = {}
        self._of_values = list(values)
        self._hidden = HiddenValues()

    def hit(self, rule: Rule, where: Paths | str) -> None:
        """Count a rule that was needed at a place, and hid no value of a body."""
        self.hits[rule] += 1
        self.accepted[rule, where] = None

    def hide(self, rule: Rule, paths: Paths, values: int) -> None:
        """Count a rule that was needed at a place, and how many values it hid there."""
        self.hit(rule, paths)
        self._hidden.hide(rule, paths[0], values)

    def shaped_by(self, further: "RuleUses") -> None:
        """Add the rules that a further look at the same two bodies needed."""
        self.shaping |= further.shaping | (+further.hits).keys()

    def leave_unseen(self, paths: Paths, a: Column, b: Column) -> None:
        """Note that nothing looks at the values below a place."""
        self._hidden.leave_unseen(paths[0], a, b)

    def reorder(self, rule: Rule, paths: Paths, *, needed: bool) -> None:
        """Count a rule about the order of a list, where it was needed."""
        self.hits[rule] += needed
        if needed:
            self.accepted[rule, paths] = None

    def broad(self, values: Callable[[], int]) -> frozenset[Rule]:
        """Return the rules that hid a whole body, or over half of one and not just a few values."""
        hidden = self._hidden.by_rule
        at_the_root = self._at_the_root()
        # To count all values takes time: only where any rule may have hidden enough of them
        if max(hidden.values(), default=0) <= _FEW_VALUES:
            return at_the_root
        most = max(_FEW_VALUES, values() * _MOST_OF_A_BODY)
        over_most = {rule for rule, number in hidden.items() if number > most}
        return at_the_root | over_most

    def hiding(self, a: Json, b: Json) -> frozenset[Rule]:
        """Return the rules that hid two bodies completely.

        This is one about the root, or all that together accept anything.
        """
        at_the_root = self._at_the_root()
        if at_the_root:
            return at_the_root
        needed = filter(self.hits.__getitem__, self._of_values)
        accepting = frozenset(filter(accepts_anything, needed))
        # To count all values of two bodies is only worth it where such a rule was needed
        if accepting and self._hidden.are_all_unseen(a, b):
            return accepting
        return frozenset()

    def _at_the_root(self) -> frozenset[Rule]:
        """Return the rules that hid a whole body, even a small one.

        They are about its root, or about anything in it.
        """
        hiding = filter(self._hidden.by_rule.__contains__, self._of_values)
        return frozenset(filter(accepts_everything_below, hiding))
