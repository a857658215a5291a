"""Differences between runtimes: what differs, where, and who is on which side.

A *difference* is between two answers.  A *finding* is one place of one step with the sides that the
runtimes stand on. A *signature* is what makes two findings the same difference: `name@place` with
the facts of two sides, where the name is an idiom's if one claims the difference and the kind's
otherwise.  Runtimes, values and case names are never in it.
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
    """What can differ between two answers; of several at a place the first names the finding."""

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
    """Which part of an answer a difference is about; the headline counts cases by facet."""

    STATUS = "status"
    HEADERS = "headers"
    SHAPE = "shape"
    VALUE = "value"
    EXCHANGE = "exchange"


class SidePair(Struct, frozen=True, kw_only=True):
    """How two sides of a finding differ: the kind, the idiom, and the fact of each.

    The sides are given by their indexes, and the idiom is the one that claims the pair.  A fault
    that every runtime has makes one side: it is paired with itself, and both facts are the same.
    Where one idiom does not claim the pair for all of its runtimes, `claims` says which does for
    which two; where not all of its runtimes show the same facts, `own_facts` has those of each two.
    """

    first: int
    second: int
    kind: DifferenceKind
    idiom: str | None
    facts: tuple[str, str]
    claims: IdiomClaims = ()
    own_facts: OwnFacts = ()

    def among(self, runtimes: AbstractSet[str]) -> "SidePair":
        """Return the pair as some runtimes alone show it."""
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
        """Return the idiom's name, else the kind's."""
        return self.idiom or self.kind.value

    def fact_of(self, side: int) -> str:
        """Return the fact of one of the two sides."""
        return self.facts[side == self.second]

    def opposite(self, side: int) -> int:
        """Return the index of the side that one of the two is paired with."""
        return self.second if side == self.first else self.first


Sent = tuple[tuple[str, str], ...]
"""What each runtime sent at a place, as text: `(runtime, value)`, in the order of the runtimes."""


class Finding(Struct, frozen=True, kw_only=True):
    """One place of one step, and which runtimes differ there.

    Every runtime with a fact at the place is on one of the `sides`; `pairs` says how two sides
    differ that were held against each other here. `largest` is the side that the others are read
    against, if any (`comparison/sides.py`); `odd` are the runtimes on the other sides then, else
    nobody. `sent` has each distinct combination of what the runtimes sent up to a bound,
    `more_sent` how many are left out; `lasting` has each as a pin holds it, where that is another
    text. `agreeing` are sides that do not differ from each other though they do from a third one,
    each in its way: then nobody is odd; those of `apart_elsewhere` differ from each other in
    another finding of the same elements. `within` are runtimes that differ from no side, as with a
    tolerance. `not_compared` are runtimes that were asked and of which no finding says anything at
    the place, `elsewhere` those of which only another finding says what they have there,
    `shown_elsewhere` the facts that it has of them, `strangers` pairs of runtimes whose elements
    there are no partners, and `by_itself` those that answered differently here when asked again, so
    that only the others are compared. `detail` is a sentence about this occurrence. `follows` is
    set where it is only of a digest, a length or the label of what differs in another one, or a
    note on it. `written_as` is the kind of the bodies, `JSON` for all that JSON serialisers write.
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
        """Return the index of the side that each runtime is on."""
        sides: dict[str, int] = {}
        for index, side in enumerate(self.sides):
            sides.update(dict.fromkeys(side.runtimes, index))
        return sides

    @property
    def spellings(self) -> frozenset[str]:
        """Return the place in every spelling: the finding's, and those of its runtimes."""
        own = chain({self.place}, *map(attrgetter("places"), self.sides))
        return frozenset(filter(None, own))

    @property
    def lasting_place(self) -> str:
        """Return the place as it is written in every run."""
        if not any(map(attrgetter("lasting"), self.sides)):
            return self.place
        spelled = chain.from_iterable(map(_LASTING_PLACES, self.sides))
        return min(filter(None, spelled), default=self.place)

    @property
    def to_pin(self) -> tuple[Sent, ...]:
        """Return what was sent as a pin holds it: the same in every run."""
        return self.lasting or self.sent

    @property
    def code(self) -> str:
        """Return what the refusing side calls its error, where the finding is about statuses."""
        return self.code_among(set(self.runtimes))

    def code_among(self, runtimes: AbstractSet[str]) -> str:
        """Return what the side with the highest status calls its error, of some runtimes."""
        codes: list[tuple[tuple[str, ...], str]] = []
        for index, side in enumerate(self.sides):
            by_runtime = dict(zip(side.runtimes, side.codes, strict=False))
            named = filter(runtimes.__contains__, by_runtime)
            called = filter(None, map(by_runtime.__getitem__, named))
            codes += [(self.facts_of(index), code) for code in called]
        _, code = max(codes, default=((), ""))
        return code

    def code_of(self, side: int) -> str:
        """Return what all runtimes of a side call the error; else an empty text."""
        codes = self.sides[side].codes
        return codes[0] if len({*codes}) == 1 else ""

    @property
    def odd(self) -> tuple[str, ...]:
        """Return the runtimes that are not on the largest side; nobody where no side is."""
        if self.largest is None:
            return ()
        largest = self.sides[self.largest].runtimes
        return tuple(filterfalse(largest.__contains__, self.runtimes))

    @property
    def _naming_pairs(self) -> list[SidePair]:
        """Return the pairs of the largest side, else all pairs."""
        return self._pairs_of(self.largest) or list(self.pairs)

    def _pairs_of(self, side: int | None) -> list[SidePair]:
        """Return the pairs that a side is part of; none without a side."""
        return [pair for pair in self.pairs if side in pair.sides]

    @property
    def main(self) -> SidePair:
        """Return the pair that names the finding: one with the largest side, else any."""
        return min(self._naming_pairs, key=lambda pair: _RANK[pair.kind])

    @property
    def kind(self) -> DifferenceKind:
        """Return the kind of the pair that names the finding."""
        return self.main.kind

    @property
    def idiom(self) -> str | None:
        """Return the one idiom of all pairs with the largest side, else of all pairs."""
        idioms = set(map(_IDIOM, self._naming_pairs))
        if len(idioms) != 1:
            return None
        idiom: str | None = idioms.pop()
        return idiom

    @property
    def name(self) -> str:
        """Return the idiom's name, else the kind's."""
        return self.idiom or self.kind.value

    def facts_of(self, side: int) -> tuple[str, ...]:
        """Return the facts that a side has in the pairs it is part of, each once.

        Those beside the largest first.
        """
        return tuple(self.facts_beside(side))

    def facts_beside(self, side: int) -> Mapping[str, tuple[str, ...]]:
        """Return the facts of a side in order, each with the runtimes it was compared with.

        A side may have another fact beside other runtimes. The order is the same as that of the
        facts.
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
    def told_apart(self) -> frozenset[frozenset[str]]:
        """Return every two runtimes that stand on two sides, and were held against each other."""
        apart: set[frozenset[str]] = set()
        for pair in self.pairs:
            first, second = self.sides[pair.first], self.sides[pair.second]
            apart.update(map(frozenset, product(first.runtimes, second.runtimes)))
        return frozenset(apart)

    @property
    def is_of_whole_bodies(self) -> bool:
        """Return whether this finding follows from all that differs in whole bodies."""
        return self.follows is not None and self.follows.whole_body

    def is_led_by(self, other: "Finding") -> bool:
        """Return whether this finding only follows from another one of its case."""
        follows = self.follows
        if follows is None or other.follows is not None:
            return False
        if other.step != follows.step or other.place not in follows.places:
            return False
        if follows.whole_body:
            return not self.told_apart.isdisjoint(other.told_apart)
        return self.told_apart <= other.told_apart

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """Return the signature of each pair of sides, the fact of an odd side first."""
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
        """Return what a repeated run must show again for the finding to be deterministic."""
        place = self.lasting_place
        sides = frozenset(
            (frozenset(side.runtimes), self.facts_of(at)) for at, side in enumerate(self.sides)
        )
        ways = frozenset(replace(signature, path=place).key for signature in self.signatures)
        return self.step, place, ways, sides
