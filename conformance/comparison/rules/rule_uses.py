"""Count what each rule was needed for in one comparison, and how much of two bodies it hid."""

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
"""A rule that hides at most this many values is not broad: a small body may have few others."""
_MOST_OF_A_BODY: Final = 0.5
"""The share of a body's values above which a rule is broad."""


class RuleUses:
    """How often each rule was needed, where, and how many values it hid.

    `shaping` has the rules that decided how differing lists or objects were compared, whether or
    not they accepted anything.  `accepted` has each place at which a rule was needed.
    """

    def __init__(self, values: Iterable[ValueRule | NumberRule]) -> None:
        self.hits: Counter[Rule] = Counter()
        self.shaping: set[Rule] = set()
        self.accepted: dict[tuple[Rule, Paths | str], None] = {}
        self._of_values = list(values)
        self._hidden = HiddenValues()

    def hit(self, rule: Rule, where: Paths | str) -> None:
        """Count a rule that was needed at a place without hiding a value of a body."""
        self.hits[rule] += 1
        self.accepted[rule, where] = None

    def hide(self, rule: Rule, paths: Paths, values: int) -> None:
        """Count a rule that was needed at a place, and the number of values that it hid there."""
        self.hit(rule, paths)
        self._hidden.hide(rule, paths[0], values)

    def add_shaping(self, further: "RuleUses") -> None:
        """Add the rules that another comparison of the same two bodies needed to `shaping`."""
        self.shaping |= further.shaping | (+further.hits).keys()

    def record_uncompared(self, paths: Paths, a: Column, b: Column) -> None:
        """Record that the values below a place are not compared."""
        self._hidden.record_uncompared(paths[0], a, b)

    def reorder(self, rule: Rule, paths: Paths, *, needed: bool) -> None:
        """Count a rule about the order of a list if it was needed."""
        self.hits[rule] += needed
        if needed:
            self.accepted[rule, paths] = None

    def broad(self, values: Callable[[], int]) -> frozenset[Rule]:
        """Return the broad rules: those that hid a whole body, or more than half of its values.

        Of a small body, a few hidden values do not count.  `values` returns how many values the
        larger body has.
        """
        hidden = self._hidden.by_rule
        at_the_root = self._at_the_root()
        # Counting all values takes time: it is done only if a rule may have hidden enough
        if max(hidden.values(), default=0) <= _FEW_VALUES:
            return at_the_root
        most = max(_FEW_VALUES, values() * _MOST_OF_A_BODY)
        over_most = {rule for rule, number in hidden.items() if number > most}
        return at_the_root | over_most

    def hiding(self, a: Json, b: Json) -> frozenset[Rule]:
        """Return the rules that hid two bodies completely.

        These are the rules about the root, or else the rules that accept anything, if together they
        left no value to compare.
        """
        at_the_root = self._at_the_root()
        if at_the_root:
            return at_the_root
        needed = filter(self.hits.__getitem__, self._of_values)
        accepting = frozenset(filter(accepts_anything, needed))
        # Counting all values takes time: it is done only if such a rule was needed
        if accepting and self._hidden.are_all_unseen(a, b):
            return accepting
        return frozenset()

    def _at_the_root(self) -> frozenset[Rule]:
        """Return the needed rules that accept a whole body, whatever its size."""
        hiding = filter(self._hidden.by_rule.__contains__, self._of_values)
        return frozenset(filter(accepts_everything_below, hiding))
