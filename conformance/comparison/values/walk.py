"""The walk over two JSON values side by side: structure always, values where asked for.

Columns of equal length whose values correspond by position are *paired*; only paired columns are compared by value,
because beneath lists of different length every value would differ for one reason already told.  What is still to be
walked waits in a list, not on the call stack: a body nests as deep as its sender likes.
"""

import enum
from collections.abc import Sequence
from typing import Final

from conformance.comparison.difference import ABSENT, DIFFERS, Difference, excerpt, printable
from conformance.comparison.idioms.catalogue import IDIOMS
from conformance.comparison.idioms.claim import Claim
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import (
    CONTAINERS,
    Column,
    elements_of,
    kinds_of,
    lengths_of,
    members_of,
    objects_of,
    same_kinds,
    same_scalars,
)
from conformance.comparison.values.lossless_json import Json, compact, kind_of, same_scalar, spelling
from conformance.comparison.values.maps import names_are_data, values_of
from conformance.comparison.values.presence import Gone, explanation_of, holders, presence_of, without
from conformance.model.case import CompareLevel, NumberPolicy
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath, render_path

_CONTAINERS: Final = frozenset({"object", "array"})
_NUMERIC: Final = frozenset({"integer", "number"})
_CLAIMED_WITHIN_ONE_KIND: Final = frozenset({"string", "integer"})


class Pairing(enum.IntEnum):
    """Whether two columns correspond by position, and then when two numbers in them are equal."""

    NONE = 0
    BY_VALUE = 1
    BY_LEXEME = 2


_Node = tuple[Column, Column, JsonPath, Pairing]


class Walk:
    """Collects the differences of two values; `idioms` are the causes that are asked for."""

    def __init__(
        self,
        level: CompareLevel,
        loosening: Loosening,
        numbers: NumberPolicy = NumberPolicy.VALUE,
        idioms: Sequence[Idiom] = IDIOMS,
    ) -> None:
        self.differences: list[Difference] = []
        by_value = Pairing.BY_VALUE if numbers is NumberPolicy.VALUE else Pairing.BY_LEXEME
        self._pairing = by_value if level is CompareLevel.VALUE else Pairing.NONE
        self._below: list[_Node] = []
        self.loosening = loosening
        self._detecting = [idiom for idiom in idioms if idiom.detect is not None]
        self._detecting_forms = [idiom for idiom in self._detecting if idiom.of_forms]
        self._respelling = [idiom for idiom in idioms if idiom.respelled is not None]
        self._seen: set[tuple[DifferenceKind, str, tuple[str, str], str | None]] = set()

    def compare(self, a: Json, b: Json) -> None:
        """Compare two values from the root, depth first."""
        pending: list[_Node] = [([a], [b], (), self._pairing)]
        while pending:
            self._node(*pending.pop())
            if self._below:
                pending.extend(reversed(self._below))
                self._below.clear()

    def _descend(self, a: Column, b: Column, path: JsonPath, pairing: Pairing) -> None:
        """See to it that two columns are compared before those that wait already."""
        self._below.append((a, b, path, pairing))

    def _node(self, a: Column, b: Column, path: JsonPath, pairing: Pairing) -> None:
        if same_scalars(a, b) or self.loosening.accepts(a, b, path, paired=bool(pairing)):
            return
        if pairing:
            b = self.loosening.aligned(a, b, path)
        kinds_a, kinds_b = kinds_of(a), kinds_of(b)
        kinds = kinds_a & kinds_b
        below_a, below_b = (members_of(a), members_of(b)) if "object" in kinds else ({}, {})
        other_names = below_a.keys() != below_b.keys()
        a_map = bool(below_a or below_b) and (
            self.loosening.is_map(path, needed=other_names) or names_are_data(below_a, below_b)
        )
        claimable = kinds_a != kinds_b or (other_names and not a_map) or (kinds & _CLAIMED_WITHIN_ONE_KIND and a != b)
        detecting = self._detecting if kinds_a != kinds_b or other_names else self._detecting_forms
        if claimable and self._claimed(a, b, path, pairing, detecting):
            return
        if kinds_a != kinds_b:
            facts = (" or ".join(sorted(kinds_a)), " or ".join(sorted(kinds_b)))
            self._add(DifferenceKind.TYPE, Facet.SHAPE, path, facts, (a, b))
        elif pairing and not (len(kinds) == 1 and kinds <= _CONTAINERS):
            self._values(a, b, path, pairing)
        if not kinds & _CONTAINERS:
            return
        pairing = pairing if pairing and same_kinds(a, b) else Pairing.NONE
        if a_map:
            self._map(a, b, path, pairing)
        elif "object" in kinds:
            self._members(a, b, (below_a, below_b), path, pairing)
        if "array" in kinds:
            self._elements(a, b, path, pairing)

    def _claimed(self, a: Column, b: Column, path: JsonPath, pairing: Pairing, detecting: Sequence[Idiom]) -> bool:
        for idiom in detecting:
            claim = _ask(idiom, a, b)
            if claim is None:
                continue
            facts = (claim.a_fact, claim.b_fact)
            self._add(claim.kind, Facet.SHAPE, path, facts, (a, b), idiom=idiom.name, detail=claim.detail)
            below = min(pairing, Pairing.BY_VALUE) if claim.respelled else pairing
            for suffix, rest_a, rest_b in claim.rest:
                together = below if len(rest_a) == len(rest_b) else Pairing.NONE
                self._descend(rest_a, rest_b, path + suffix, together)
            return True
        return False

    def _values(self, a: Column, b: Column, path: JsonPath, pairing: Pairing) -> None:
        """Compare paired values, told by their cause where one explains every pair; containers are compared below."""
        causes: dict[Idiom, set[tuple[str, str]]] = {idiom: set() for idiom in self._respelling}
        example: tuple[Column, Column] | None = None
        for x, y in zip(a, b, strict=True):
            of = type(x)
            if of is type(y) and (of in CONTAINERS or x == y or _same(x, y, pairing)):
                continue
            if kind_of(x) == kind_of(y) and _same(x, y, pairing):
                continue
            example = example or ([x], [y])
            causes = {
                idiom: {*told, facts}
                for idiom, told in causes.items()
                if (facts := _respelled(idiom, x, y)) is not None
            }
            if not causes:
                break
        if example is not None:
            idiom, told = next(iter(causes.items()), (None, {(DIFFERS, DIFFERS)}))
            first, second = (" or ".join(sorted(side)) for side in map(set, zip(*told, strict=True)))
            name = idiom.name if idiom else None
            self._add(DifferenceKind.VALUE, Facet.VALUE, path, (first, second), example, idiom=name)

    def _map(self, a: Column, b: Column, path: JsonPath, pairing: Pairing) -> None:
        """Compare objects whose names are data: by shape all members are one column, by value names must be equal."""
        first, second, same_names = values_of(a, b)
        if pairing and not same_names:
            self._add(DifferenceKind.VALUE, Facet.VALUE, path, (DIFFERS, DIFFERS), (a, b), detail="other names")
        if first and second:
            together = pairing if same_names else Pairing.NONE
            self._descend(first, second, (*path, ANY_MEMBER), together)

    def _members(
        self,
        a: Column,
        b: Column,
        below: tuple[dict[str, Column], dict[str, Column]],
        path: JsonPath,
        pairing: Pairing,
    ) -> None:
        objects = (len(objects_of(a)), len(objects_of(b)))
        for name in (*below[0], *(name for name in below[1] if name not in below[0])):
            first, second = below[0].get(name, []), below[1].get(name, [])
            if len(first) == len(a) and len(second) == len(b):  # all have it
                if not same_scalars(first, second):
                    self._descend(first, second, (*path, name), pairing)
                continue
            at = (*path, name)
            presence = (presence_of(first, objects[0]), presence_of(second, objects[1]))
            aligned = bool(pairing) and holders(a, name) == holders(b, name)
            if presence[0] != presence[1] or aligned != bool(pairing):
                gone = self._presence(first, second, at, presence, same_number=objects[0] == objects[1])
                if gone is not None:
                    aligned = bool(pairing) and holders(a, name, gone) == holders(b, name, gone)
                    first, second = without(first, gone), without(second, gone)
                    if pairing and not aligned:  # what is left stands in other objects
                        self._add(DifferenceKind.VALUE, Facet.VALUE, at, (DIFFERS, DIFFERS), (first, second))
            if first and second:
                self._descend(first, second, at, pairing if aligned else Pairing.NONE)

    def _presence(
        self, a: Column, b: Column, path: JsonPath, presence: tuple[str, str], *, same_number: bool
    ) -> Gone | None:
        """Record a member that is not on both sides alike; return which of its values are explained."""
        if self.loosening.absence(path, a or b):
            return None
        if presence[0] == presence[1]:
            self._add(DifferenceKind.VALUE, Facet.VALUE, path, (DIFFERS, DIFFERS), (a, b))
            return None
        explained = explanation_of(a, b, same_number=same_number) if self._detecting else None
        if explained is None:
            self._add(DifferenceKind.MEMBER, Facet.SHAPE, path, presence, (a, b))
            return None
        facts = (explained.fact, ABSENT) if explained.first_side else (ABSENT, explained.fact)
        self._add(DifferenceKind.MEMBER, Facet.SHAPE, path, facts, (a, b), idiom=explained.idiom)
        return explained.gone

    def _elements(self, a: Column, b: Column, path: JsonPath, pairing: Pairing) -> None:
        same_lengths = bool(pairing) and lengths_of(a) == lengths_of(b)
        if pairing and not same_lengths:
            self._add(DifferenceKind.LENGTH, Facet.VALUE, path, (DIFFERS, DIFFERS), (a, b))
        first, second = elements_of(a), elements_of(b)
        if first and second:
            together = pairing if same_lengths else Pairing.NONE
            self._descend(first, second, (*path, ANY_ELEMENT), together)

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


def _respelled(idiom: Idiom, x: Json, y: Json) -> tuple[str, str] | None:
    """Return how either side spells one scalar, or None where the idiom does not explain the pair."""
    if idiom.respelled is None or kind_of(x) != kind_of(y):
        return None
    facts = idiom.respelled(x, y)
    if facts is not None:
        return facts
    exchanged = idiom.respelled(y, x)
    return None if exchanged is None else exchanged[::-1]


def _same(x: Json, y: Json, pairing: Pairing) -> bool:
    if pairing is Pairing.BY_LEXEME and kind_of(x) in _NUMERIC:
        return spelling(x) == spelling(y)
    return same_scalar(x, y)


def _example(column: Column) -> str:
    """Return the first value of a column as text; nothing where the member is absent."""
    return excerpt(compact(column[0])) if column else ""
