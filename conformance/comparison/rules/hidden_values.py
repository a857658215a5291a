"""How many values of two bodies rules hid, so that a rule that swallows a body is seen."""

from collections import Counter

from conformance.comparison.values.columns import Column, leaves
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import JsonPath
from conformance.model.rule import Rule


class HiddenValues:
    """The number of values that each rule hid, and of those that nothing looked at.

    A place may be looked at twice: there the larger number counts, and not the sum.
    """

    def __init__(self) -> None:
        self.by_rule: Counter[Rule] = Counter()
        self._at: dict[tuple[Rule, JsonPath], int] = {}
        self._unseen: dict[JsonPath, tuple[int, int]] = {}

    def hide(self, rule: Rule, place: JsonPath, values: int) -> None:
        """Note that a rule hid a number of values at a place."""
        known = self._at.get((rule, place), 0)
        if values > known:
            self.by_rule[rule] += values - known
            self._at[rule, place] = values

    def leave_unseen(self, place: JsonPath, a: Column, b: Column) -> None:
        """Note how many values of either side nothing looks at below a place."""
        before = self._unseen.get(place, (0, 0))
        self._unseen[place] = (max(before[0], leaves(a)), max(before[1], leaves(b)))

    def are_all_unseen(self, a: Json, b: Json) -> bool:
        """Return whether nothing looks at any value of two bodies."""
        unseen = list(map(sum, zip(*self._unseen.values(), strict=True)))
        return unseen == [leaves([a]), leaves([b])]
