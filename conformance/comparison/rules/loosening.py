"""Apply the rules of a case to one comparison, and count how often each was needed.

A rule only loosens: where it does not accept the values of both sides, these are compared as if
there were no rule.
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
from conformance.comparison.rules.alignment import by_key_shown, order_of_partners
from conformance.comparison.rules.counting import Counting, Loosened
from conformance.comparison.rules.header_values import accepts_field_values, header_place
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
"""The types of rules that are not about bodies."""
Tags = Sequence[str]
"""The tags of an element's children, in document order."""


def _of_type(kind: type[_AnyRule], rules: Iterable[Rule]) -> list[_AnyRule]:
    """Return the rules of one type, in their order."""
    return [rule for rule in rules if isinstance(rule, kind)]


class Loosening(RuleUses):
    """The rules of one comparison, and what each was needed for.

    In markup (`in_markup`) the paths of rules have only names: the steps `[*]` and `#text` depend
    on the document at hand, so the author of a rule need not write them.  `joins` says that a rule
    joins pieces, `is_about_bodies` that any rule is about a body.
    """

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self.rules = rules
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
        """Return the same rules with new counts, for another comparison of the same two bodies."""
        further = Loosening(self.rules)
        further.in_markup = self.in_markup
        return further

    def note(self, note: str) -> bool:
        """Return whether a rule accepts that only one side has a note."""
        rule = self._notes.get(note)
        if rule is None:
            return False
        self.hit(rule, f"note {note}")
        return True

    def header(
        self, name: str, values: tuple[str | None, str | None], cookie: str | None = None
    ) -> bool:
        """Return whether a rule accepts the values of both sides in a header field, or in a cookie.

        None is an absent field.
        """
        for rule in self._headers:
            is_about_field = (rule.header, rule.cookie) == (name, cookie)
            if is_about_field and accepts_field_values(rule.accepts, values):
                self.hit(rule, header_place(rule))
                return True
        return False

    def accepts(
        self, a: Column, b: Column, paths: Paths, *, paired: bool, differ: Callable[[], bool]
    ) -> bool:
        """Return whether a rule accepts all values on both sides.

        `paired` means that the values at one index belong together.  The rule is counted if the
        sides are not the same and, as `differ` returns, would differ without it.
        """
        for rule in self._about(self._values, paths):
            if not accepts_columns(rule, a, b, paired=paired):
                continue
            are_same = canonical(a) == canonical(b)
            # `differ` walks the values, which takes time: it is called only if they may differ
            if not are_same and differ():
                self.hide(rule, paths, max(leaves(a), leaves(b)))
            if accepts_anything(rule):
                self.record_uncompared(paths, a, b)
            return True
        return False

    def accepts_any_text(self, path: JsonPath) -> bool:
        """Return whether a rule accepts any text at a path."""
        about = self._about(self._values, (path, path))
        return any(map(any_text, about))

    def not_accepted(self, a: Column, b: Column, paths: Paths) -> list[int]:
        """Return the positions of two paired columns at which no rule accepts both values.

        Each pair of values is judged alone.  A rule is counted if it accepts values that are not
        equal.
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
        """Return the forms of two times if a rule refuses them only because these forms differ.

        Else return None.  The rule is counted, as it still accepts different times.
        """
        for rule in self._about(self._values, paths):
            forms = clock_forms(rule, x, y)
            if forms is not None:
                self.hide(rule, paths, 1)
                return forms
        return None

    def frees_kind_of_number(self, paths: Paths, *, accepted: bool) -> bool:
        """Return whether a number rule covers a place, so that integers may stand beside fractions.

        `accepted` says that the rule was needed for that, and is counted.
        """
        about = self._about(self._values, paths)
        rule = next(filter(is_about_numbers, about), None)
        if rule is None:
            return False
        self.shaping.add(rule)
        if accepted:
            # It loosens only the kind: the values are still compared
            self.hide(rule, paths, 0)
        return True

    def absence(self, paths: Paths, a: Column, b: Column) -> bool:
        """Return whether a rule accepts that a member is absent on one side, or in other objects.

        `a` and `b` are the values of the member on both sides.
        """
        about = self._about(self._values, paths)
        rule = next(filter(accepts_anything, about), None)
        if rule is None:
            return False
        self.hide(rule, paths, leaves(a or b))
        self.record_uncompared(paths, a, b)
        return True

    def joined(self, a: Json, b: Json) -> tuple[Json, Json]:
        """Return two values with the pieces joined, as the rules about pieces say.

        A rule is counted if joining changed anything.
        """
        for rule in self._joining:
            whole = joined(a, b, rule, self._values)
            self.hits[rule] += canonical(whole) != canonical((a, b))
            a, b = whole
        return a, b

    def is_map(self, paths: Paths, *, needed: bool) -> bool:
        """Return whether a rule says that the member names of the objects at a place are data.

        `needed` says that these names differ: then the rule is counted.
        """
        rule = next(self._about(self._maps, paths), None)
        if rule is None:
            return False
        self.hits[rule] += needed
        self.shaping.add(rule)
        return True

    @property
    def ends(self) -> AbstractSet[Segment]:
        """Return the last steps of the paths that rules about values or member names have.

        A member name that is not among them needs no look at these rules.
        """
        patterns = list(map(attrgetter("path"), self._values))
        # A rule about a map covers the names below its path
        patterns += [(*rule.path, ANY_MEMBER) for rule in self._maps]
        return set(map(itemgetter(-1), filter(None, patterns)))

    def frees_order(self, paths: Paths) -> bool:
        """Return whether a rule covers the order of the lists at a place."""
        ordering = list(self._freeing_order(paths))
        self.shaping.update(ordering)
        return bool(ordering)

    def counting(self, a: Column, b: Column, paths: Paths) -> tuple[Column, Column]:
        """Return two columns of lists reduced to what counts in their elements.

        The rules that loosen parts of the elements are noted in `shaping`: they decide which
        elements are partners, so removing one may change the findings.
        """
        counts = self._counting_in(paths[0], (a, b))
        if not counts.loosened:
            return a, b
        self.shaping.update(map(itemgetter(1), counts.loosened))
        return list(map(counts.of_each, a)), list(map(counts.of_each, b))

    def orders(self, a: Column, b: Column, paths: Paths) -> list[list[int] | None] | None:
        """Return for each pair of lists the order that puts the second list beside the first.

        It is a list of indexes, or None for a pair in the right order.  Return None for the whole
        if no rule covers these lists, or all pairs are in the right order.
        """
        rule = next(self._freeing_order(paths), None)
        if rule is None:
            return None
        counts = self._counting_in(paths[0], (a, b))
        identity = identity_of(rule, counts)
        as_set = not has_key(rule)
        orders = [
            order_of_partners(x, y, identity, counts, as_set=as_set)
            for x, y in zip(a, b, strict=True)
        ]
        needed = any(order is not None for order in orders)
        self.reorder(rule, paths, needed=needed)
        return orders if needed else None

    def partners(self, a: Column, b: Column, paths: Paths) -> Pairings:
        """Return the partners in each pair of lists of two columns.

        A rule about the order pairs elements by its key or as a set.  Without one, elements are
        paired in their order by what counts in them.  The rule is counted for each pair of lists
        whose elements do not simply belong together by index.
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
        """Return whether the children of two elements are in one order, as far as it counts.

        A rule may free the order of all children, or the place of the children with one tag.  Rules
        are counted only if the children are in different orders.
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
        # One rule may cover several tags; it is counted once
        self.hits.update(filter(None, set(by_tag.values())))
        return True

    def _about_tag(self, tag: str, paths: Paths) -> Rule | None:
        """Return the first rule that covers the children with a tag at a place, or None."""
        below = (*paths[0], tag), (*paths[1], tag)
        return next(self._about(self._of_elements, below), None)

    def _about(self, rules: Iterable[_Rule], paths: Paths) -> Iterator[_Rule]:
        """Yield the rules whose path covers a place, as either side spells it."""
        for rule in rules:
            if is_about(rule.path, paths, in_markup=self.in_markup):
                yield rule

    def _freeing_order(self, paths: Paths) -> Iterator[AlignRule | OrderRule]:
        """Yield the rules by which the order of the lists at a place has no meaning.

        In markup, these include the rules about the order of the parent's children.
        """
        yield from self._about(self._aligning, paths)
        if self.in_markup:
            parent = names_only(paths[0])[:-1]
            for rule in self._ordering:
                if covers(names_only(rule.path), parent):
                    yield rule

    def _counting_in(self, path: JsonPath, columns: tuple[Column, Column]) -> Counting:
        """Return what reduces the elements of the lists at a path to what no rule loosens."""
        above = self._spelled((*path, ANY_ELEMENT))
        depth = len(above)
        below: list[Loosened] = []
        for rule in self._of_elements:
            pattern = self._spelled(rule.path)
            if covers(pattern[:depth], above):
                below.append((pattern[depth:], rule))
        return Counting(below, columns, everywhere=self.in_markup)

    def _spelled(self, path: JsonPath) -> JsonPath:
        """Return a path as rules are compared with it: in markup, without `[*]` and `#text`."""
        return names_only(path) if self.in_markup else path
