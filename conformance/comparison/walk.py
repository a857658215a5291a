"""The walk over two JSON values side by side: structure always, values where asked for.

Columns of equal length whose values correspond by position are *paired*; only paired columns are compared by value,
because beneath lists of different length every value would differ for one reason already told.  What is still to be
walked waits in a list, not on the call stack: a body nests as deep as its sender likes.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from conformance.comparison.columns import Column, elements_of, kinds_of, members_of, objects_of
from conformance.comparison.difference import DIFFERS, Difference, excerpt, printable
from conformance.comparison.header_differences import ABSENT, PRESENT
from conformance.comparison.idioms.catalogue import IDIOMS, NULL_VS_ABSENT, Idiom
from conformance.comparison.idioms.claim import Claim
from conformance.comparison.lossless_json import Json, canonical, compact, kind_of, same_scalar
from conformance.comparison.rule_matching import accepts
from conformance.model.case import CompareLevel, Rule, RuleKind
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import ANY_ELEMENT, JsonPath, covers, render_path

_CONTAINERS: Final = frozenset({"object", "array"})
_CLAIMED_WITHIN_ONE_KIND: Final = frozenset({"object", "string", "integer"})
_DETECTED: Final = tuple(idiom for idiom in IDIOMS if idiom.detect is not None)
_Node = tuple[Column, Column, JsonPath, bool]


class Walk:
    """Collects the differences of two values, and how often each rule was needed."""

    def __init__(self, level: CompareLevel, rules: Iterable[Rule]) -> None:
        self.differences: list[Difference] = []
        self.rule_hits: Counter[Rule] = Counter()
        self._by_value = level is CompareLevel.VALUE
        self._pending: list[_Node] = []
        self._rules = tuple(rules)
        self._seen: set[tuple[DifferenceKind, str, tuple[str, str], str | None]] = set()

    def compare(self, a: Json, b: Json) -> None:
        """Compare two values from the root, depth first."""
        self._pending.append(([a], [b], (), self._by_value))
        while self._pending:
            first, second, path, paired = self._pending.pop()
            waiting = len(self._pending)
            self._node(first, second, path, paired=paired)
            self._pending[waiting:] = reversed(self._pending[waiting:])

    def _node(self, a: Column, b: Column, path: JsonPath, *, paired: bool) -> None:
        if self._loosened(a, b, path):
            return
        kinds_a, kinds_b = kinds_of(a), kinds_of(b)
        claimable = kinds_a != kinds_b or kinds_a & _CLAIMED_WITHIN_ONE_KIND
        if claimable and self._claimed(a, b, path, paired=paired):
            return
        if kinds_a != kinds_b:
            facts = (" or ".join(sorted(kinds_a)), " or ".join(sorted(kinds_b)))
            self._add(DifferenceKind.TYPE, Facet.SHAPE, path, facts, (a, b))
        elif paired:
            self._values(a, b, path)
        kinds, paired = kinds_a & kinds_b, paired and list(map(kind_of, a)) == list(map(kind_of, b))
        if "object" in kinds:
            self._members(a, b, path, paired=paired)
        if "array" in kinds:
            self._elements(a, b, path, paired=paired)

    def _loosened(self, a: Column, b: Column, path: JsonPath) -> bool:
        """Tell whether a rule accepts every value on both sides; count it where the sides are not the same."""
        for rule in self._rules:
            if covers(rule.path, path) and all(accepts(rule.accepts, value) for column in (a, b) for value in column):
                self.rule_hits[rule] += canonical(a) != canonical(b)
                return True
        return False

    def _claimed(self, a: Column, b: Column, path: JsonPath, *, paired: bool) -> bool:
        for idiom in _DETECTED:
            claim = _ask(idiom, a, b)
            if claim is None:
                continue
            facts = (claim.a_fact, claim.b_fact)
            self._add(claim.kind, Facet.SHAPE, path, facts, (a, b), idiom=idiom.name, detail=claim.detail)
            for suffix, rest_a, rest_b in claim.rest:
                self._pending.append((rest_a, rest_b, path + suffix, paired and len(rest_a) == len(rest_b)))
            return True
        return False

    def _values(self, a: Column, b: Column, path: JsonPath) -> None:
        """Compare paired values; what containers hold is compared below them."""
        for x, y in zip(a, b, strict=True):
            kind = kind_of(x)
            if kind != kind_of(y) or (kind not in _CONTAINERS and not same_scalar(x, y)):
                self._add(DifferenceKind.VALUE, Facet.VALUE, path, (DIFFERS, DIFFERS), ([x], [y]))
                return

    def _members(self, a: Column, b: Column, path: JsonPath, *, paired: bool) -> None:
        objects = (len(objects_of(a)), len(objects_of(b)))
        below_a, below_b = members_of(a), members_of(b)
        for name in (*below_a, *(name for name in below_b if name not in below_a)):
            at = (*path, name)
            first, second = below_a.get(name, []), below_b.get(name, [])
            presence = (_presence(first, objects[0]), _presence(second, objects[1]))
            together = paired and _holders(a, name) == _holders(b, name)
            if presence[0] != presence[1] or together != paired:
                explained = self._presence(first, second, at, presence, same_number=objects[0] == objects[1])
                if explained:
                    together = paired and _holders(a, name, null=False) == _holders(b, name, null=False)
                    first, second = _without_nulls(first), _without_nulls(second)
            if first and second:
                self._pending.append((first, second, at, together))

    def _presence(self, a: Column, b: Column, path: JsonPath, presence: tuple[str, str], *, same_number: bool) -> bool:
        """Record a member that is not on both sides alike; tell whether nulls explain it."""
        for rule in self._rules:
            if rule.accepts is RuleKind.ANY and covers(rule.path, path):
                self.rule_hits[rule] += 1
                return False
        if presence[0] == presence[1]:
            self._add(DifferenceKind.VALUE, Facet.VALUE, path, (DIFFERS, DIFFERS), (a, b))
            return False
        for facts, present, other in ((("null", ABSENT), a, b), ((ABSENT, "null"), b, a)):
            if present and None not in other and _nulls_explain(present, other, same_number=same_number):
                self._add(DifferenceKind.MEMBER, Facet.SHAPE, path, facts, (a, b), idiom=NULL_VS_ABSENT)
                return True
        self._add(DifferenceKind.MEMBER, Facet.SHAPE, path, presence, (a, b))
        return False

    def _elements(self, a: Column, b: Column, path: JsonPath, *, paired: bool) -> None:
        together = paired and _lengths(a) == _lengths(b)
        if paired and not together:
            self._add(DifferenceKind.LENGTH, Facet.VALUE, path, (DIFFERS, DIFFERS), (a, b))
        first, second = elements_of(a), elements_of(b)
        if first and second:
            self._pending.append((first, second, (*path, ANY_ELEMENT), together))

    def _add(  # noqa: PLR0913 - one difference has this many parts
        self,
        kind: DifferenceKind,
        facet: Facet,
        path: JsonPath,
        facts: tuple[str, str],
        columns: tuple[Column, Column],
        *,
        idiom: str | None = None,
        detail: str = "",
    ) -> None:
        shown = printable(render_path(path))
        key = (kind, shown, facts, idiom)
        if key in self._seen:
            return
        self._seen.add(key)
        difference = Difference(
            kind=kind,
            facet=facet,
            path=shown,
            a_fact=facts[0],
            b_fact=facts[1],
            a_example=_example(columns[0]),
            b_example=_example(columns[1]),
            idiom=idiom,
            detail=printable(detail),
        )
        self.differences.append(difference)


def _ask(idiom: Idiom, a: Column, b: Column) -> Claim | None:
    """Ask a detector with the sides either way round; two claims that contradict each other explain nothing."""
    detect = idiom.detect
    if detect is None:
        return None
    claim, exchanged = detect(a, b), detect(b, a)
    if exchanged is None:
        return claim
    if claim is None:
        return exchanged.swapped()
    return claim if (claim.a_fact, claim.b_fact) == (exchanged.b_fact, exchanged.a_fact) else None


def _presence(column: Column, objects: int) -> str:
    if not column:
        return ABSENT
    return PRESENT if len(column) == objects else "sometimes present"


def _holders(column: Column, name: str, *, null: bool = True) -> list[bool]:
    """Tell for each position whether a member stands there; where the same do, its columns correspond."""
    return [isinstance(value, dict) and name in value and (null or value[name] is not None) for value in column]


def _nulls_explain(present: Column, other: Column, *, same_number: bool) -> bool:
    """Tell whether one side writes null where the other leaves the member out.

    Lists of different length have no counts to compare: then the rest must be there on both sides, or on neither.
    """
    written = _without_nulls(present)
    return None in present and (len(written) == len(other) if same_number else bool(written) == bool(other))


def _without_nulls(column: Column) -> Column:
    return [value for value in column if value is not None]


def _lengths(column: Column) -> list[int]:
    return [len(value) for value in column if isinstance(value, list)]


def _example(column: Column) -> str:
    """Return the first value of a column as text; nothing where the member is absent."""
    return excerpt(compact(column[0])) if column else ""
