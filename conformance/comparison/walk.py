"""The walk over two JSON values side by side: structure always, values where asked for.

Columns of equal length whose values correspond by position are *paired*; only paired columns are compared by value,
because beneath lists of different length every value would differ for one reason already told.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from conformance.comparison.columns import Column, elements_of, kinds_of, members_of
from conformance.comparison.difference import Difference, excerpt
from conformance.comparison.header_differences import ABSENT, PRESENT
from conformance.comparison.idioms.catalogue import IDIOMS, NULL_VS_ABSENT, Idiom
from conformance.comparison.idioms.claim import Claim
from conformance.comparison.lossless_json import Json, compact, kind_of, same_scalar
from conformance.comparison.rule_matching import accepts
from conformance.model.case import CompareLevel, Rule, RuleKind
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import ANY_ELEMENT, JsonPath, covers, render_path

DIFFERS: Final = "differs"
_CONTAINERS: Final = frozenset({"object", "array"})
_DETECTED: Final = tuple(idiom for idiom in IDIOMS if idiom.detect is not None)


class Walk:
    """Collects the differences of two values, and how often each rule was needed."""

    def __init__(self, level: CompareLevel, rules: Iterable[Rule]) -> None:
        self.differences: list[Difference] = []
        self.rule_hits: Counter[Rule] = Counter()
        self._by_value = level is CompareLevel.VALUE
        self._rules = tuple(rules)
        self._seen: set[tuple[DifferenceKind, str, tuple[str, str], str | None]] = set()

    def compare(self, a: Json, b: Json) -> None:
        """Compare two values from the root."""
        self._node([a], [b], (), paired=True)

    def _node(self, a: Column, b: Column, path: JsonPath, *, paired: bool) -> None:
        if self._loosened(a, b, path):
            return
        if self._claimed(a, b, path, paired=paired):
            return
        kinds_a, kinds_b = kinds_of(a), kinds_of(b)
        if kinds_a != kinds_b:
            facts = (" or ".join(sorted(kinds_a)), " or ".join(sorted(kinds_b)))
            self._add(DifferenceKind.TYPE, Facet.SHAPE, path, facts, (a, b))
            paired = False
        self._below(a, b, path, paired=paired and list(map(kind_of, a)) == list(map(kind_of, b)))

    def _loosened(self, a: Column, b: Column, path: JsonPath) -> bool:
        """Tell whether a rule accepts every value on both sides; count it where the sides are not the same."""
        for rule in self._rules:
            if covers(rule.path, path) and all(accepts(rule.accepts, value) for column in (a, b) for value in column):
                self.rule_hits[rule] += a != b
                return True
        return False

    def _claimed(self, a: Column, b: Column, path: JsonPath, *, paired: bool) -> bool:
        for idiom in _DETECTED:
            claim = _ask(idiom, a, b)
            if claim is None:
                continue
            facts = (claim.a_fact, claim.b_fact)
            self._add(claim.kind, Facet.SHAPE, path, facts, (a, b), idiom=idiom.name, detail=claim.detail)
            if claim.rest is None:
                self._below(a, b, path, paired=False)
            for suffix, rest_a, rest_b in claim.rest or ():
                self._node(rest_a, rest_b, path + suffix, paired=paired and len(rest_a) == len(rest_b))
            return True
        return False

    def _below(self, a: Column, b: Column, path: JsonPath, *, paired: bool) -> None:
        """Go on below the containers that both sides have, and compare the scalars."""
        kinds = kinds_of(a) & kinds_of(b)
        if "object" in kinds:
            self._members(a, b, path, paired=paired)
        if "array" in kinds:
            self._elements(a, b, path, paired=paired)
        if self._by_value and paired and not kinds <= _CONTAINERS:
            self._scalars(a, b, path)

    def _members(self, a: Column, b: Column, path: JsonPath, *, paired: bool) -> None:
        objects = (sum(isinstance(value, dict) for value in a), sum(isinstance(value, dict) for value in b))
        below_a, below_b = members_of(a), members_of(b)
        for name in (*below_a, *(name for name in below_b if name not in below_a)):
            at = (*path, name)
            first, second = below_a.get(name, []), below_b.get(name, [])
            presence = (_presence(first, objects[0]), _presence(second, objects[1]))
            if presence[0] != presence[1] and self._presence(first, second, at, presence):
                first, second = _without_nulls(first), _without_nulls(second)
            if first and second:
                together = paired and presence[0] == presence[1] and _same_holders(a, b, name)
                self._node(first, second, at, paired=together)

    def _presence(self, a: Column, b: Column, path: JsonPath, presence: tuple[str, str]) -> bool:
        """Record a member that is not on both sides alike; tell whether nulls explain it."""
        for rule in self._rules:
            if rule.accepts is RuleKind.ANY and covers(rule.path, path):
                self.rule_hits[rule] += 1
                return False
        for facts, present, other in ((("null", ABSENT), a, b), ((ABSENT, "null"), b, a)):
            if present and None not in other and _nulls_explain(present, other):
                self._add(DifferenceKind.MEMBER, Facet.SHAPE, path, facts, (a, b), idiom=NULL_VS_ABSENT)
                return True
        self._add(DifferenceKind.MEMBER, Facet.SHAPE, path, presence, (a, b))
        return False

    def _elements(self, a: Column, b: Column, path: JsonPath, *, paired: bool) -> None:
        lengths_a, lengths_b = _lengths(a), _lengths(b)
        if self._by_value and paired and lengths_a != lengths_b:
            self._add(DifferenceKind.LENGTH, Facet.VALUE, path, (DIFFERS, DIFFERS), (a, b))
        first, second = elements_of(a), elements_of(b)
        if first and second:
            self._node(first, second, (*path, ANY_ELEMENT), paired=paired and lengths_a == lengths_b)

    def _scalars(self, a: Column, b: Column, path: JsonPath) -> None:
        pairs = zip(a, b, strict=True)
        unequal = [(x, y) for x, y in pairs if kind_of(x) not in _CONTAINERS and not same_scalar(x, y)]
        if unequal:
            self._add(DifferenceKind.VALUE, Facet.VALUE, path, (DIFFERS, DIFFERS), ([unequal[0][0]], [unequal[0][1]]))

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
        shown = render_path(path)
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
            detail=detail,
        )
        self.differences.append(difference)


def _ask(idiom: Idiom, a: Column, b: Column) -> Claim | None:
    """Ask a detector with the sides either way round."""
    detect = idiom.detect
    if detect is None:
        return None
    claim = detect(a, b)
    if claim is not None:
        return claim
    exchanged = detect(b, a)
    return exchanged.swapped() if exchanged is not None else None


def _presence(column: Column, objects: int) -> str:
    if not column:
        return ABSENT
    return PRESENT if len(column) == objects else "sometimes present"


def _same_holders(a: Column, b: Column, name: str) -> bool:
    """Tell whether the same positions hold a member, so that its columns correspond."""
    return [isinstance(value, dict) and name in value for value in a] == [
        isinstance(value, dict) and name in value for value in b
    ]


def _nulls_explain(present: Column, other: Column) -> bool:
    """Tell whether one side writes null where the other leaves the member out."""
    return None in present and len(_without_nulls(present)) == len(other)


def _without_nulls(column: Column) -> Column:
    return [value for value in column if value is not None]


def _lengths(column: Column) -> list[int]:
    return [len(value) for value in column if isinstance(value, list)]


def _example(column: Column) -> str:
    """Return the first value of a column as text; nothing where the member is absent."""
    return excerpt(compact(column[0])) if column else ""
