"""What the rules of a case take away from one comparison, and how often each was needed for that.

A rule only loosens: what it does not hold for on both sides is compared as if there were no rule.
Beside its hits each rule has the number of values that it hid, so that a rule that swallows a body
is seen, and `accepted` tells where.  Rules in `shaping` decided how lists or objects that differ
were compared, whether they accepted anything or not.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from conformance.comparison.rules.acceptance import (
    accepts_anything,
    accepts_columns,
    accepts_everything_below,
    any_text,
    clock_forms,
    is_about_numbers,
    rejected,
)
from conformance.comparison.rules.alignment import by_key_shown, order_beside
from conformance.comparison.rules.counting import Counting
from conformance.comparison.rules.header_values import fits, header_place
from conformance.comparison.rules.hidden_values import HiddenValues
from conformance.comparison.rules.joining import joined
from conformance.comparison.rules.list_partners import (
    Pairings,
    has_key,
    identity_of,
    partners_of,
)
from conformance.comparison.rules.rule_paths import is_about, names_only
from conformance.comparison.values.columns import Column, leaves
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.stops import Paths
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath, Segment, covers
from conformance.model.rule import (
    AlignRule,
    HeaderRule,
    JoinRule,
    MapRule,
    NoteRule,
    NumberRule,
    OrderRule,
    Rule,
    ValueRule,
)

_FEW_VALUES: Final = 4
_MOST_OF_A_BODY: Final = 0.5

Tags = Sequence[str]
"""The tags of the children of an element, in their order."""


class Loosening:
    """The rules in force in one comparison.

    In markup (`in_markup`) a path goes by names alone: whether a tag is repeated, `[*]`, and
    whether a text stands beside attributes, `#text`, depends on the document, and is not asked of
    the author of a rule.  `joins`: a rule joins pieces; `is_about_bodies`: one is about a body.
    """

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self.hits: Counter[Rule] = Counter()
        self.shaping: set[Rule] = set()
        self.accepted: dict[tuple[Rule, Paths | str], None] = {}
        self._hidden = HiddenValues()
        self._notes = {rule.note: rule for rule in rules if isinstance(rule, NoteRule)}
        self._values = [rule for rule in rules if isinstance(rule, ValueRule | NumberRule)]
        self._aligning = [rule for rule in rules if isinstance(rule, AlignRule)]
        self._maps = [rule for rule in rules if isinstance(rule, MapRule)]
        self._ordering = [rule for rule in rules if isinstance(rule, OrderRule)]
        self._ordered_lists: list[AlignRule | OrderRule] = [*self._aligning, *self._ordering]
        self._headers = [rule for rule in rules if isinstance(rule, HeaderRule)]
        self._joining = [rule for rule in rules if isinstance(rule, JoinRule)]
        self.joins = bool(self._joining)
        self.is_about_bodies = any(not isinstance(rule, HeaderRule | NoteRule) for rule in rules)
        self.in_markup = False

    def note(self, note: str) -> bool:
        """Return whether a note that only one side has may differ."""
        rule = self._notes.get(note)
        if rule is not None:
            self.hits[rule] += 1
            self.accepted[rule, f"note {note}"] = None
        return rule is not None

    def accepts(
        self, a: Column, b: Column, paths: Paths, *, paired: bool, differ: Callable[[], bool]
    ) -> bool:
        """Return whether a rule accepts every value on both sides.

        Count it where the sides are not the same, and would differ without it.
        """
        for rule in self._values:
            if self._about(rule.path, paths) and accepts_columns(rule, a, b, paired=paired):
                if canonical(a) != canonical(b) and differ():
                    self._count(rule, paths, max(leaves(a), leaves(b)))
                if accepts_anything(rule):
                    self._hidden.leave_unseen(paths[0], a, b)
                return True
        return False

    def accepts_any_text(self, path: JsonPath) -> bool:
        """Return whether a rule accepts any text at a place."""
        return any(self._about(rule.path, (path, path)) for rule in self._values if any_text(rule))

    def not_accepted(self, a: Column, b: Column, paths: Paths) -> list[int]:
        """Return at which positions of two paired columns no rule accepts the values of both sides.

        Each element is judged as if it stood alone.  Rules count where values are not the same.
        """
        left = list(range(len(a)))
        for rule in self._values:
            if not self._about(rule.path, paths):
                continue
            kept = rejected(rule, a, b, left)
            hidden = sum(canonical(a[at]) != canonical(b[at]) for at in {*left}.difference(kept))
            if hidden:
                self._count(rule, paths, hidden)
            left = kept
        return left

    def clock_forms(self, x: Json, y: Json, paths: Paths) -> tuple[str, str] | None:
        """Return how two times are written that a rule wants written alike; it excuses the rest."""
        for rule in self._values:
            forms = clock_forms(rule, x, y)
            if forms is not None and self._about(rule.path, paths):
                self._count(rule, paths, 1)
                return forms
        return None

    def frees_kind_of_number(self, paths: Paths, *, accepted: bool) -> bool:
        """Return whether a rule is about numbers; `accepted` tells that it is needed for them."""
        about = (rule for rule in self._values if self._about(rule.path, paths))
        for rule in filter(is_about_numbers, about):
            self.shaping.add(rule)
            if accepted:
                self._count(rule, paths, 0)
            return True
        return False

    def joined(self, a: Json, b: Json) -> tuple[Json, Json]:
        """Return two values with the pieces that rules are about joined.

        Such a rule is needed where they differ.
        """
        for rule in self._joining:
            whole_a, whole_b = joined(a, rule, self._values), joined(b, rule, self._values)
            self.hits[rule] += canonical([whole_a, whole_b]) != canonical([a, b])
            a, b = whole_a, whole_b
        return a, b

    def header(
        self, name: str, values: tuple[str | None, str | None], cookie: str | None = None
    ) -> bool:
        """Return whether a rule accepts what both sides have in a field, or in a cookie of it.

        None is absence.
        """
        for rule in self._headers:
            if (rule.header, rule.cookie) == (name, cookie) and fits(rule.accepts, values):
                self.hits[rule] += 1
                self.accepted[rule, header_place(rule)] = None
                return True
        return False

    def frees_order(self, paths: Paths) -> bool:
        """Return whether a rule is about the order of the lists at a place."""
        ordering = [rule for rule in self._ordered_lists if self._frees_order(rule, paths)]
        self.shaping.update(ordering)
        return bool(ordering)

    def counting(self, a: Column, b: Column, paths: Paths) -> tuple[Column, Column]:
        """Return two columns of lists with what counts in their elements.

        Rules about anything in them tell what belongs together: removing such a rule may change
        what is found.
        """
        counts = self._counting_in(paths[0], (a, b))
        if not counts.loosened:
            return a, b
        self.shaping.update(rule for _, rule in counts.loosened)
        return [list(map(counts, x)) for x in a], [list(map(counts, y)) for y in b]

    def accepts_order(
        self, a: Tags, b: Tags, paths: Paths, in_one_order: Callable[[Tags, Tags], bool]
    ) -> bool:
        """Return whether two elements' children have one order, those that a rule covers aside.

        Rules are needed where the children stand in another order.
        """
        if in_one_order(a, b):
            return True
        free = next((rule for rule in self._ordering if self._about(rule.path, paths)), None)
        if free is not None:
            self.hits[free] += 1
            self.accepted[free, paths] = None
            return True
        about = {tag: self._about_tag(tag, paths) for tag in {*a, *b}}
        rules = {rule for rule in about.values() if rule is not None}
        kept = ([tag for tag in tags if about[tag] is None] for tags in (a, b))
        if not rules or not in_one_order(*kept):
            return False
        self.hits.update(rules)
        return True

    def _about_tag(self, tag: str, paths: Paths) -> Rule | None:
        """Return the rule that is about the children with a tag of the elements at a place."""
        places = ((*paths[0], tag), (*paths[1], tag))
        rules = (*self._values, *self._aligning)
        return next((rule for rule in rules if self._about(rule.path, places)), None)

    def absence(self, paths: Paths, a: Column, b: Column) -> bool:
        """Return whether a member may be on one side only, or in other objects.

        The columns have what is there.
        """
        for rule in self._values:
            if accepts_anything(rule) and self._about(rule.path, paths):
                self._count(rule, paths, leaves(a or b))
                self._hidden.leave_unseen(paths[0], a, b)
                return True
        return False

    def orders(self, a: Column, b: Column, paths: Paths) -> list[list[int] | None] | None:
        """Return the order of each second list that puts it beside the first one of its pair.

        None: no rule is about these lists of two paired columns, or each is as it should be.
        """
        for rule in self._ordered_lists:
            if self._frees_order(rule, paths):
                counts, alike = self._counting_in(paths[0], (a, b)), not has_key(rule)
                identity = identity_of(rule, counts)
                orders = [
                    order_beside(x, y, identity, counts, also_alike=alike)
                    for x, y in zip(a, b, strict=True)
                ]
                needed = any(order is not None for order in orders)
                self._reordered(rule, paths, needed=needed)
                return orders if needed else None
        return None

    def partners(self, a: Column, b: Column, paths: Paths) -> Pairings:
        """Return which paired lists' elements belong together, where not all at one index do.

        A rule about their order tells by what; without one, elements are aligned in their order by
        what counts in them.  The rule is needed wherever it tells partners.
        """
        rule = next((rule for rule in self._ordered_lists if self._frees_order(rule, paths)), None)
        counts = self._counting_in(paths[0], (a, b))
        identity = counts if rule is None else identity_of(rule, counts)
        key = rule.key if isinstance(rule, AlignRule) else ()
        name = by_key_shown(key, counts.shown) if key else counts.shown
        found = [partners_of(x, y, rule, identity, counts) for x, y in zip(a, b, strict=True)]
        if rule is not None:
            for partners in found:
                self._reordered(rule, paths, needed=partners is not None)
        return Pairings(found, rule is not None, name)

    def is_map(self, paths: Paths, *, needed: bool) -> bool:
        """Return whether the member names of differing objects are data.

        Without the rule, places have these names.
        """
        for rule in self._maps:
            if self._about(rule.path, paths):
                self.hits[rule] += needed
                self.shaping.add(rule)
                return True
        return False

    def broad(self, values: Callable[[], int]) -> frozenset[Rule]:
        """Return the rules that hid a whole body, or over half of one and not just a few values."""
        many = {
            rule: hidden for rule, hidden in self._hidden.by_rule.items() if hidden > _FEW_VALUES
        }
        if not many:
            return self.at_the_root
        most = values() * _MOST_OF_A_BODY
        return self.at_the_root | {rule for rule, hidden in many.items() if hidden > most}

    def hiding(self, a: Json, b: Json) -> frozenset[Rule]:
        """Return the rules that hid two bodies completely.

        This is one about the root, or all that together accept anything.
        """
        needed = frozenset(
            rule for rule in self._values if self.hits[rule] and accepts_anything(rule)
        )
        if self.at_the_root or not needed:
            return self.at_the_root
        return needed if self._hidden.are_all_unseen(a, b) else frozenset()

    @property
    def ends(self) -> AbstractSet[Segment]:
        """Return at what the paths of rules end that are about the values or names of members."""
        below = [(*rule.path, ANY_MEMBER) for rule in self._maps]
        return {path[-1] for path in (*below, *(rule.path for rule in self._values)) if path}

    @property
    def at_the_root(self) -> frozenset[Rule]:
        """Return the rules that hid a whole body, even a small one.

        They are about its root, or about anything in it.
        """
        return frozenset(
            rule
            for rule in self._values
            if rule in self._hidden.by_rule and accepts_everything_below(rule)
        )

    def _reordered(self, rule: Rule, paths: Paths, *, needed: bool) -> None:
        """Count a rule that was needed for the order of a list."""
        self.hits[rule] += needed
        if needed:
            self.accepted[rule, paths] = None

    def _count(self, rule: Rule, paths: Paths, hidden: int) -> None:
        """Count a rule's use at a place, and how many values it hid there."""
        self.hits[rule] += 1
        self.accepted[rule, paths] = None
        self._hidden.hide(rule, paths[0], hidden)

    def _frees_order(self, rule: AlignRule | OrderRule, paths: Paths) -> bool:
        """Return whether a rule says that the lists at a place come in any order."""
        if isinstance(rule, AlignRule):
            return self._about(rule.path, paths)
        return self.in_markup and covers(names_only(rule.path), names_only(paths[0])[:-1])

    def _counting_in(self, path: JsonPath, columns: tuple[Column, Column]) -> Counting:
        """Return what counts in the elements of a list: all that no rule loosens."""
        above = self._spelled((*path, ANY_ELEMENT))
        depth = len(above)
        lists = (rule for rule in self._ordered_lists if isinstance(rule, AlignRule))
        inside = [(self._spelled(other.path), other) for other in (*self._values, *lists)]
        below = [(path[depth:], other) for path, other in inside if covers(path[:depth], above)]
        return Counting(below, columns, everywhere=self.in_markup)

    def _about(self, pattern: JsonPath, paths: Paths) -> bool:
        """Return whether a rule's path is the place, as either side spells it."""
        return is_about(pattern, paths, in_markup=self.in_markup)

    def _spelled(self, path: JsonPath) -> JsonPath:
        """Return a path as it is compared with others."""
        return names_only(path) if self.in_markup else path
