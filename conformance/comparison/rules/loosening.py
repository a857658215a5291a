"""What the rules of a case take away from one comparison, and how often each was needed for that.

A rule only loosens: where it does not hold on both sides, all is compared as if there were no rule.  Beside its hits
each rule has the number of values that it hid, so that a rule that swallows a body is seen.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from conformance.comparison.rules.alignment import Identity, aligned, by_key, by_value
from conformance.comparison.rules.kinds import accepts
from conformance.comparison.values.columns import Column, is_numeric, leaves
from conformance.comparison.values.lossless_json import Json, canonical, same_number, spelling
from conformance.model.case import AlignRule, MapRule, NoteRule, NumberRule, Rule, RuleKind, ValueRule
from conformance.model.json_path import ANY_ELEMENT, JsonPath, covers

_FEW_VALUES: Final = 4
_MOST_OF_A_BODY: Final = 0.5


class Loosening:
    """The rules in force in one comparison."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.hits: Counter[Rule] = Counter()
        self._hidden: Counter[Rule] = Counter()
        self._notes = {rule.note: rule for rule in rules if isinstance(rule, NoteRule)}
        self._values = [rule for rule in rules if isinstance(rule, ValueRule | NumberRule)]
        self._aligning = [rule for rule in rules if isinstance(rule, AlignRule)]
        self._maps = [rule for rule in rules if isinstance(rule, MapRule)]

    def note(self, note: str) -> bool:
        """Tell whether a note that only one side has may differ."""
        rule = self._notes.get(note)
        if rule is not None:
            self.hits[rule] += 1
        return rule is not None

    def accepts(self, a: Column, b: Column, path: JsonPath, *, paired: bool) -> bool:
        """Tell whether a rule accepts every value on both sides; count it where the sides are not the same."""
        for rule in self._values:
            if covers(rule.path, path) and _accepted(rule, a, b, paired=paired):
                if canonical(a) != canonical(b):
                    self._count(rule, max(leaves(a), leaves(b)))
                return True
        return False

    def absence(self, path: JsonPath, column: Column) -> bool:
        """Tell whether a member may be there on one side only."""
        for rule in self._values:
            if isinstance(rule, ValueRule) and rule.accepts is RuleKind.ANY and covers(rule.path, path):
                self._count(rule, leaves(column))
                return True
        return False

    def aligned(self, a: Column, b: Column, path: JsonPath) -> Column:
        """Return the second of two paired columns with the elements of its lists in the order of the first's."""
        for rule in self._aligning:
            if covers(rule.path, path):
                identity = self._identity(rule, path)
                turned = [aligned(x, y, identity) for x, y in zip(a, b, strict=True)]
                self.hits[rule] += any(x is not y for x, y in zip(b, turned, strict=True))
                return turned
        return b

    def is_map(self, path: JsonPath, *, needed: bool) -> bool:
        """Tell whether the member names of the objects at a path are data."""
        for rule in self._maps:
            if covers(rule.path, path):
                self.hits[rule] += needed
                return True
        return False

    def broad(self, values: Callable[[], int]) -> frozenset[Rule]:
        """Return the rules that hid more than a few values, and more than half of those that a body has."""
        many = {rule: hidden for rule, hidden in self._hidden.items() if hidden > _FEW_VALUES}
        if not many:
            return frozenset()
        most = values() * _MOST_OF_A_BODY
        return frozenset(rule for rule, hidden in many.items() if hidden > most)

    def _count(self, rule: Rule, hidden: int) -> None:
        self.hits[rule] += 1
        self._hidden[rule] += hidden

    def _identity(self, rule: AlignRule, path: JsonPath) -> Identity:
        """Return by what elements belong together; of a set's elements only what no other rule loosens counts."""
        if rule.key:
            return by_key(rule.key)
        depth = len(path) + 1
        inside = [other for other in self._values if covers(other.path[:depth], (*path, ANY_ELEMENT))]
        return by_value([(other.path[depth:], other) for other in inside])


def _accepted(rule: ValueRule | NumberRule, a: Column, b: Column, *, paired: bool) -> bool:
    if isinstance(rule, ValueRule):
        return all(accepts(rule.accepts, value) for column in (a, b) for value in column)
    if not paired:
        return all(map(is_numeric, a)) and all(map(is_numeric, b))
    return all(_within(rule, x, y) for x, y in zip(a, b, strict=True))


def _within(rule: NumberRule, a: Json, b: Json) -> bool:
    """Tell whether two numbers are equal within a rule's tolerance; anything else must be the same."""
    if not is_numeric(a) or not is_numeric(b):
        return canonical(a) == canonical(b)
    if same_number(a, b):
        return True
    try:
        first, second = Decimal(spelling(a)), Decimal(spelling(b))
        most = max(Decimal(rule.absolute), Decimal(rule.relative) * max(abs(first), abs(second)))
        return abs(first - second) <= most
    except ArithmeticError:
        return False
