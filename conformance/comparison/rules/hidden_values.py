"""Count the values that rules hide, so that a rule that hides most of a body is reported."""

from collections import Counter

from conformance.comparison.values.columns import Column, leaves
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import JsonPath
from conformance.model.rule import Rule


class HiddenValues:
    """How many values each rule hid, and how many values were not compared at all.

    A place may be counted several times; the largest number counts, not the sum.
    """

    def __init__(self) -> None:
        self.by_rule: Counter[Rule] = Counter()
        self._at: dict[tuple[Rule, JsonPath], int] = {}
        self._unseen: dict[JsonPath, tuple[int, int]] = {}

    def hide(self, rule: Rule, place: JsonPath, values: int) -> None:
        """Record that a rule hid this many values at a place."""
        known = self._at.get((rule, place), 0)
        if values > known:
            self.by_rule[rule] += values - known
            self._at[rule, place] = values

    def record_uncompared(self, place: JsonPath, a: Column, b: Column) -> None:
        """Record that no value below a place is compared.

        `a` and `b` are the values of both sides there.
        """
        before = self._unseen.get(place, (0, 0))
        self._unseen[place] = (max(before[0], leaves(a)), max(before[1], leaves(b)))

    def are_all_unseen(self, a: Json, b: Json) -> bool:
        """Return whether no value of two bodies was compared."""
        unseen = list(map(sum, zip(*self._unseen.values(), strict=True)))
        return unseen == [leaves([a]), leaves([b])]
