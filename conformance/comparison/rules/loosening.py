"""What the rules of a case take away from one comparison, and how often each was needed for that.

A rule only loosens: what it does not hold for on both sides is compared as if there were no rule.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import filterfalse
from operator import attrgetter, itemgetter
from typing import Final, TypeVar

from conformance.comparison.rules.acceptance import (
    accepts_anything,
    accepts_columns,
    any_text,
    clock_forms,
    is_about_numbers,
    rejected,
)
from conformance.comparison.rules.alignment import by_key_shown, order_beside
from conformance.comparison.rules.counting import Counting, Loosened
from conformance.comparison.rules.header_values import fits, header_place
from conformance.comparison.rules.joining import joined
from conformance.comparison.rules.list_partners import (
    Pairings,
    has_key,
    identity_of,
    key_of,
    partners_of,
)
from conformance.comparison.rules.rule_paths import is_about, names_only
from conformance.comparison.rules.rule_uses import RuleUses
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

_Rule = TypeVar("_Rule", bound=ValueRule | NumberRule | AlignRule | OrderRule | MapRule)
_AnyRule = TypeVar("_AnyRule", bound=Rule)
_OUTSIDE_BODIES: Final = {HeaderRule, NoteRule}
Tags = Sequence[str]
"""The tags of the children of an element, in their order."""


def _of_type(kind: type[_AnyRule], rules: Iterable[Rule]) -> list[_AnyRule]:
    """Return the rules of one type, in their order."""
    return [rule for rule in rules if isinstance(rule, kind)]


class Loosening(RuleUses):
    """The rules in force in one comparison, and what each was needed for.

    In markup (`in_markup`) a path goes by names alone: whether a tag is repeated, `[*]`, and
    whether a text stands beside attributes, `#text`, depends on the document, and is not asked of
    the author of a rule.  `joins`: a rule joins pieces; `is_about_bodies`: one is about a body.
    """

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self._rules = rules
        self._values = [rule for rule in rules if isinstance(rule, ValueRule | NumberRule)]
        super().__init__(self._values)
        self._notes = {rule.note: rule for rule in _of_type(NoteRule, rules)}
        self._aligning = _of_type(AlignRule, rules)
        self._maps = _of_type(MapRule, rules)
        self._ordering = _of_type(OrderRule, rules)
        self._of_elements = [*self._values, *self._aligning]
        self._headers = _of_type(HeaderRule, rules)
        self._joining = _of_type(JoinRule, rules)
        self.joins = bool(self._joining)
        self.is_about_bodies = not set(map(type, rules)) <= _OUTSIDE_BODIES
        self.in_markup = False

    def uncounted(self) -> "Loosening":
        """Return the same rules for a further look at two bodies, whose hits are counted apart."""
        further = Loosening(self._rules)
        further.in_markup = self.in_markup
        return further

    def note(self, note: str) -> bool:
        """Return whether a note that only one side has may differ."""
        rule = self._notes.get(note)
        if rule is None:
            return False
        self.hit(rule, f"note {note}")
        return True

    def header(
        self, name: str, values: tuple[str | None, str | None], cookie: str | None = None
    ) -> bool:
        """Return whether a rule accepts what both sides have in a field, or in a cookie of it.

        None is absence.
        """
        for rule in self._headers:
            is_about_field = (rule.header, rule.cookie) == (name, cookie)
            if is_about_field and fits(rule.accepts, values):
                self.hit(rule, header_place(rule))
                return True
        return False

    def accepts(
        self, a: Column, b: Column, paths: Paths, *, paired: bool, differ: Callable[[], bool]
    ) -> bool:
        """Return whether a rule accepts every value on both sides.

        Count it where the sides are not the same, and would differ without it.
        """
        for rule in self._about(self._values, paths):
            if not accepts_columns(rule, a, b, paired=paired):
                continue
            are_same = canonical(a) == canonical(b)
            # To ask whether they differ takes a walk: only where they may
            if not are_same and differ():
                self.hide(rule, paths, max(leaves(a), leaves(b)))
            if accepts_anything(rule):
                self.leave_unseen(paths, a, b)
            return True
        return False

    def accepts_any_text(self, path: JsonPath) -> bool:
        """Return whether a rule accepts any text at a place."""
        about = self._about(self._values, (path, path))
        return any(map(any_text, about))

    def not_accepted(self, a: Column, b: Column, paths: Paths) -> list[int]:
        """Return at which positions of two paired columns no rule accepts the values of both sides.

        Each element is judged as if it stood alone.  Rules count where values are not the same.
        """
        remaining = list(range(len(a)))
        for rule in self._about(self._values, paths):
            kept = rejected(rule, a, b, remaining)
            accepted = set(remaining).difference(kept)
            hidden = sum(canonical(a[at]) != canonical(b[at]) for at in accepted)
            if hidden:
                self.hide(rule, paths, hidden)
            remaining = kept
        return remaining

    def clock_forms(self, x: Json, y: Json, paths: Paths) -> tuple[str, str] | None:
        """Return how two times are written that a rule wants written alike; it excuses the rest."""
        for rule in self._about(self._values, paths):
            forms = clock_forms(rule, x, y)
            if forms is not None:
                self.hide(rule, paths, 1)
                return forms
        return None

    def frees_kind_of_number(self, paths: Paths, *, accepted: bool) -> bool:
        """Return whether a rule is about numbers; `accepted` says that it is needed for them."""
        about = self._about(self._values, paths)
        rule = next(filter(is_about_numbers, about), None)
        if rule is None:
            return False
        self.shaping.add(rule)
        if accepted:
            # What it frees is a kind: the values are seen all the same
            self.hide(rule, paths, 0)
        return True

    def absence(self, paths: Paths, a: Column, b: Column) -> bool:
        """Return whether a member may be on one side only, or in other objects.

        The columns have what is there.
        """
        about = self._about(self._values, paths)
        rule = next(filter(accepts_anything, about), None)
        if rule is None:
            return False
        self.hide(rule, paths, leaves(a or b))
        self.leave_unseen(paths, a, b)
        return True

    def joined(self, a: Json, b: Json) -> tuple[Json, Json]:
        """Return two values with the pieces that rules are about joined.

        Such a rule is needed where they differ.
        """
        for rule in self._joining:
            whole = joined(a, b, rule, self._values)
            self.hits[rule] += canonical(whole) != canonical((a, b))
            a, b = whole
        return a, b

    def is_map(self, paths: Paths, *, needed: bool) -> bool:
        """Return whether the member names of differing objects are data.

        Without the rule, places have these names.
        """
        rule = next(self._about(self._maps, paths), None)
        if rule is None:
            return False
        self.hits[rule] += needed
        self.shaping.add(rule)
        return True

    @property
    def ends(self) -> AbstractSet[Segment]:
        """Return at what the paths of rules end that are about the values or names of members."""
        patterns = list(map(attrgetter("path"), self._values))
        # A rule about a map is about the names below its path
        patterns += [(*rule.path, ANY_MEMBER) for rule in self._maps]
        return set(map(itemgetter(-1), filter(None, patterns)))

    def frees_order(self, paths: Paths) -> bool:
        """Return whether a rule is about the order of the lists at a place."""
        ordering = list(self._freeing_order(paths))
        self.shaping.update(ordering)
        return bool(ordering)

    def counting(self, a: Column, b: Column, paths: Paths) -> tuple[Column, Column]:
        """Return two columns of lists with what counts in their elements.

        Rules about anything in them say what belongs together: removing such a rule may change
        what is found.
        """
        counts = self._counting_in(paths[0], (a, b))
        if not counts.loosened:
            return a, b
        self.shaping.update(map(itemgetter(1), counts.loosened))
        return list(map(counts.of_each, a)), list(map(counts.of_each, b))

    def orders(self, a: Column, b: Column, paths: Paths) -> list[list[int] | None] | None:
        """Return the order of each second list that puts it beside the first one of its pair.

        None: no rule is about these lists of two paired columns, or each is as it should be.
        """
        rule = next(self._freeing_order(paths), None)
        if rule is None:
            return None
        counts = self._counting_in(paths[0], (a, b))
        identity = identity_of(rule, counts)
        also_alike = not has_key(rule)
        orders = [
            order_beside(x, y, identity, counts, also_alike=also_alike)
            for x, y in zip(a, b, strict=True)
        ]
        needed = any(order is not None for order in orders)
        self.reorder(rule, paths, needed=needed)
        return orders if needed else None

    def partners(self, a: Column, b: Column, paths: Paths) -> Pairings:
        """Return which paired lists' elements belong together, where not all at one index do.

        A rule about their order says by what; without one, elements are aligned in their order by
        what counts in them.  The rule is needed wherever it says which are partners.
        """
        rule = next(self._freeing_order(paths), None)
        counts = self._counting_in(paths[0], (a, b))
        identity = identity_of(rule, counts)
        pairings = [partners_of(x, y, rule, identity, counts) for x, y in zip(a, b, strict=True)]
        if rule is not None:
            for partners in pairings:
                self.reorder(rule, paths, needed=partners is not None)
        key = key_of(rule)
        name = by_key_shown(key, counts.shown) if key else counts.shown
        return Pairings(pairings, rule is not None, name)

    def accepts_order(
        self, a: Tags, b: Tags, paths: Paths, in_one_order: Callable[[Tags, Tags], bool]
    ) -> bool:
        """Return whether two elements' children have one order, those that a rule covers aside.

        Rules are needed where the children stand in another order.
        """
        if in_one_order(a, b):
            return True
        free = next(self._about(self._ordering, paths), None)
        if free is not None:
            self.hit(free, paths)
            return True
        by_tag = {tag: self._about_tag(tag, paths) for tag in {*a, *b}}
        free_tags = {tag for tag, rule in by_tag.items() if rule is not None}
        first = list(filterfalse(free_tags.__contains__, a))
        second = list(filterfalse(free_tags.__contains__, b))
        if not free_tags or not in_one_order(first, second):
            return False
        # One rule may be about several tags, and was needed once
        self.hits.update(filter(None, set(by_tag.values())))
        return True

    def _about_tag(self, tag: str, paths: Paths) -> Rule | None:
        """Return the rule that is about the children with a tag of the elements at a place."""
        below = (*paths[0], tag), (*paths[1], tag)
        return next(self._about(self._of_elements, below), None)

    def _about(self, rules: Iterable[_Rule], paths: Paths) -> Iterator[_Rule]:
        """Yield the rules whose path is the place, as either side spells it."""
        for rule in rules:
            if is_about(rule.path, paths, in_markup=self.in_markup):
                yield rule

    def _freeing_order(self, paths: Paths) -> Iterator[AlignRule | OrderRule]:
        """Yield the rules that say that the lists at a place come in any order."""
        yield from self._about(self._aligning, paths)
        if self.in_markup:
            parent = names_only(paths[0])[:-1]
            for rule in self._ordering:
                if covers(names_only(rule.path), parent):
                    yield rule

    def _counting_in(self, path: JsonPath, columns: tuple[Column, Column]) -> Counting:
        """Return what counts in the elements of a list: all that no rule loosens."""
        above = self._spelled((*path, ANY_ELEMENT))
        depth = len(above)
        below: list[Loosened] = []
        for rule in self._of_elements:
            pattern = self._spelled(rule.path)
            if covers(pattern[:depth], above):
                below.append((pattern[depth:], rule))
        return Counting(below, columns, everywhere=self.in_markup)

    def _spelled(self, path: JsonPath) -> JsonPath:
        """Return a path as it is compared with others."""
        return names_only(path) if self.in_markup else path
