"""Differences between runtimes: what differs, where, and which runtimes are on which side.

A *difference* is between two answers.  A *finding* is one place of one step with the sides of the
runtimes there.  A *signature* identifies a difference across findings: `name@place` with the facts
of two sides.  Its name is that of the idiom which claims the difference, else that of the kind.
Runtimes, values and case names are never part of it.
"""

import enum
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import chain, filterfalse, product
from operator import attrgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.model.follows import Follows
from conformance.model.idiom_claims import (
    IdiomClaims,
    OwnFacts,
    shared_facts,
    shared_idiom,
    to_keep,
)
from conformance.model.side import Side
from conformance.model.signature import Signature


class DifferenceKind(enum.Enum):
    """The kinds of differences, in order: of several at a place, the first names the finding."""

    STATUS = "status"
    HEADER = "header"
    BODY_KIND = "body-kind"
    TYPE = "type"
    LENGTH = "length"
    TEXT = "text"
    BYTES = "bytes"
    NOTE = "note"
    IDENTITY = "identity"
    FAULT = "fault"
    MEMBER = "member"
    VALUE = "value"


_RANK: Final = {kind: rank for rank, kind in enumerate(DifferenceKind)}
_RUNTIMES: Final = attrgetter("runtimes")
_LASTING_PLACES: Final = attrgetter("lasting_places")
_IDIOM: Final = attrgetter("idiom")


class Facet(enum.Enum):
    """The part of an answer that a difference is about; the headline counts cases by facet."""

    STATUS = "status"
    HEADERS = "headers"
    SHAPE = "shape"
    VALUE = "value"
    EXCHANGE = "exchange"


class SidePair(Struct, frozen=True, kw_only=True):
    """How two sides of a finding differ: the kind, the idiom, and the fact of each side.

    `first` and `second` are indexes of sides; `idiom` claims their difference.  A fault of every
    runtime makes only one side: it is paired with itself, and both facts are the same.

    If the idiom does not hold for all runtimes of the sides, `claims` has the idiom of each two
    runtimes.  If the facts do not hold for all, `own_facts` has the facts of each two runtimes.
    """

    first: int
    second: int
    kind: DifferenceKind
    idiom: str | None
    facts: tuple[str, str]
    claims: IdiomClaims = ()
    own_facts: OwnFacts = ()

    def among(self, runtimes: AbstractSet[str]) -> "SidePair":
        """Return the pair limited to some runtimes, with the idiom and facts of these alone."""
        if not self.claims:
            return self

        def is_of_these(of_two: tuple[frozenset[str], object]) -> bool:
            two, _ = of_two
            return two <= runtimes

        claims = tuple(filter(is_of_these, self.claims))
        own = tuple(filter(is_of_these, self.own_facts))
        idiom = shared_idiom(claims, own, of_types=self.kind is DifferenceKind.TYPE)
        facts = shared_facts(claims, own) if own else self.facts
        kept, kept_facts = to_keep(claims, own)
        return replace(self, idiom=idiom, facts=facts, claims=kept, own_facts=kept_facts)

    @property
    def sides(self) -> tuple[int, int]:
        """Return the indexes of the two sides."""
        return self.first, self.second

    @property
    def name(self) -> str:
        """Return the name of the idiom, else of the kind."""
        return self.idiom or self.kind.value

    def fact_of(self, side: int) -> str:
        """Return the fact of one of the two sides."""
        return self.facts[side == self.second]

    def opposite(self, side: int) -> int:
        """Return the index of the other side of the pair."""
        return self.second if side == self.first else self.first


Sent = tuple[tuple[str, str], ...]
"""The values that the runtimes sent at a place: `(runtime, text)`, in the order of runtimes."""


class Finding(Struct, frozen=True, kw_only=True):
    """One place of one step, and which runtimes differ there.

    Every runtime with a fact at the place is on one of the `sides`.

    - `pairs`: how two sides differ, for each two that were compared here.
    - `largest`: the index of the side that the others are read against, or None
      (`comparison/sides.py`).
    - `sent`: the distinct combinations of values, up to a bound; `more_sent` is the number of
      further ones.  `lasting` has the same combinations as a pin holds them, if that differs.
    - `agreeing`: pairs of sides that do not differ from each other, though each differs from a
      third one in its own way; then no runtime is odd.
    - `apart_elsewhere`: those of them that differ in another finding of the same elements.
    - `within`: runtimes that differ from no side, as with a tolerance.
    - `not_compared`: runtimes that were sent the request, but have a fact here in no finding.
    - `elsewhere`: runtimes that have a fact here in another finding only; `shown_elsewhere` has
      these facts.
    - `strangers`: pairs of runtimes whose elements there are no partners.
    - `by_itself`: runtimes that answered differently to a repeated request, so they are left out.
    - `detail`: a sentence about this occurrence.
    - `follows`: set if the finding is only a digest, length, label or note of another difference.
    - `written_as`: the kind of the bodies, `JSON` for all that JSON serialisers write.
    """

    step: int
    place: str
    facet: Facet
    sides: tuple[Side, ...]
    pairs: tuple[SidePair, ...]
    largest: int | None
    sent: tuple[Sent, ...]
    more_sent: int = 0
    lasting: tuple[Sent, ...] = ()
    agreeing: tuple[tuple[int, int], ...] = ()
    apart_elsewhere: tuple[tuple[int, int], ...] = ()
    within: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    shown_elsewhere: tuple[tuple[str, str], ...] = ()
    strangers: tuple[tuple[str, str], ...] = ()
    by_itself: tuple[str, ...] = ()
    detail: str = ""
    follows: Follows | None = None
    written_as: str = "JSON"

    @property
    def runtimes(self) -> tuple[str, ...]:
        """Return all runtimes that have a fact here."""
        return tuple(chain.from_iterable(map(_RUNTIMES, self.sides)))

    @property
    def side_of(self) -> dict[str, int]:
        """Return the index of the side of each runtime, by runtime."""
        sides: dict[str, int] = {}
        for index, side in enumerate(self.sides):
            sides.update(dict.fromkeys(side.runtimes, index))
        return sides

    @property
    def spellings(self) -> frozenset[str]:
        """Return all spellings of the place: the finding's own, and those of its runtimes."""
        own = chain({self.place}, *map(attrgetter("places"), self.sides))
        return frozenset(filter(None, own))

    @property
    def lasting_place(self) -> str:
        """Return a spelling of the place that is the same in every run."""
        if not any(map(attrgetter("lasting"), self.sides)):
            return self.place
        spelled = chain.from_iterable(map(_LASTING_PLACES, self.sides))
        return min(filter(None, spelled), default=self.place)

    @property
    def to_pin(self) -> tuple[Sent, ...]:
        """Return the values that were sent as a pin holds them, the same in every run."""
        return self.lasting or self.sent

    @property
    def code(self) -> str:
        """Return the error code of the refusing side if the finding is about statuses."""
        return self.code_among(set(self.runtimes))

    def code_among(self, runtimes: AbstractSet[str]) -> str:
        """Return the error code of the side with the highest status, among some runtimes."""
        codes: list[tuple[tuple[str, ...], str]] = []
        for index, side in enumerate(self.sides):
            by_runtime = dict(zip(side.runtimes, side.codes, strict=False))
            named = filter(runtimes.__contains__, by_runtime)
            called = filter(None, map(by_runtime.__getitem__, named))
            codes += [(self.facts_of(index), code) for code in called]
        _, code = max(codes, default=((), ""))
        return code

    def code_of(self, side: int) -> str:
        """Return the error code that all runtimes of a side share, or an empty text."""
        codes = self.sides[side].codes
        return codes[0] if len({*codes}) == 1 else ""

    @property
    def odd(self) -> tuple[str, ...]:
        """Return the runtimes that are not on the largest side; empty without a largest side."""
        if self.largest is None:
            return ()
        largest = self.sides[self.largest].runtimes
        return tuple(filterfalse(largest.__contains__, self.runtimes))

    @property
    def _naming_pairs(self) -> list[SidePair]:
        """Return the pairs of the largest side, else all pairs."""
        return self._pairs_of(self.largest) or list(self.pairs)

    def _pairs_of(self, side: int | None) -> list[SidePair]:
        """Return the pairs that contain a side; empty for None."""
        return [pair for pair in self.pairs if side in pair.sides]

    @property
    def main(self) -> SidePair:
        """Return the pair that names the finding: one with the largest side if possible."""
        return min(self._naming_pairs, key=lambda pair: _RANK[pair.kind])

    @property
    def kind(self) -> DifferenceKind:
        """Return the kind of the pair that names the finding."""
        return self.main.kind

    @property
    def idiom(self) -> str | None:
        """Return the idiom that all naming pairs share, or None.

        These are the pairs with the largest side, or all pairs without such a side.
        """
        idioms = set(map(_IDIOM, self._naming_pairs))
        if len(idioms) != 1:
            return None
        idiom: str | None = idioms.pop()
        return idiom

    @property
    def name(self) -> str:
        """Return the name of the idiom, else of the kind."""
        return self.idiom or self.kind.value

    def facts_of(self, side: int) -> tuple[str, ...]:
        """Return the facts that a side has in its pairs, each once.

        Facts from pairs with the largest side come first.
        """
        return tuple(self.facts_beside(side))

    def facts_beside(self, side: int) -> Mapping[str, tuple[str, ...]]:
        """Return the facts of a side, each with the runtimes that it was compared with.

        A side may have different facts in comparison with different runtimes. The order is that of
        `facts_of`.
        """
        of_side = self._pairs_of(side)
        of_side.sort(key=lambda pair: self.largest not in pair.sides)
        beside: dict[str, tuple[str, ...]] = {}
        for pair in of_side:
            other = pair.opposite(side)
            fact = pair.fact_of(side)
            beside[fact] = beside.get(fact, ()) + self.sides[other].runtimes
        return beside

    @property
    def distinguished(self) -> frozenset[frozenset[str]]:
        """Return every two runtimes that are on two different sides and were compared."""
        apart: set[frozenset[str]] = set()
        for pair in self.pairs:
            first, second = self.sides[pair.first], self.sides[pair.second]
            apart.update(map(frozenset, product(first.runtimes, second.runtimes)))
        return frozenset(apart)

    @property
    def is_of_whole_bodies(self) -> bool:
        """Return whether this finding follows from all differences within a whole body."""
        return self.follows is not None and self.follows.whole_body

    def is_led_by(self, other: "Finding") -> bool:
        """Return whether this finding only follows from the other finding of its case."""
        follows = self.follows
        if follows is None or other.follows is not None:
            return False
        if other.step != follows.step or other.place not in follows.places:
            return False
        if follows.whole_body:
            return not self.distinguished.isdisjoint(other.distinguished)
        return self.distinguished <= other.distinguished

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """Return the signature of each pair of sides, with the fact of an odd side first."""
        return tuple(map(self._signature, self.pairs))

    def _signature(self, pair: SidePair) -> Signature:
        if self.largest not in pair.sides:
            odd, rest = sorted(pair.facts)
        elif self.largest == pair.first:
            rest, odd = pair.facts
        else:
            odd, rest = pair.facts
        return Signature(pair.name, self.place, odd, rest)

    @property
    def where(self) -> tuple[int, str]:
        """Return the step and the place."""
        return self.step, self.place

    @property
    def identity(self) -> tuple[object, ...]:
        """Return what a repeated run must also show if the finding is deterministic."""
        place = self.lasting_place
        sides = frozenset(
            (frozenset(side.runtimes), self.facts_of(at)) for at, side in enumerate(self.sides)
        )
        ways = frozenset(replace(signature, path=place).key for signature in self.signatures)
        return self.step, place, ways, sides
