"""Decisions: what the team has written down about a difference, one row of the ledger each."""

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain, combinations, filterfalse, product
from operator import attrgetter, methodcaller
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.distinct import distinct
from conformance.errors import Place
from conformance.model.answer_place import place_covers
from conformance.model.case_glob import matches_any
from conformance.model.pin import Pin

_WORK: Final = attrgetter("work")
_LIVE: Final = attrgetter("live")
_PLACES: Final = attrgetter("places")
_RUNTIMES: Final = attrgetter("runtimes")


class DecisionState(enum.Enum):
    """Where a decision stands; a finding that matches a done one is a regression."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DONE = "done"


class DecisionKind(enum.Enum):
    """What was decided about the difference.

    WORK is no difference, but something to be built, ported or verified.
    """

    MUST_MATCH = "must_match"
    INTENTIONAL = "intentional"
    UNSUPPORTED = "unsupported"
    EXTENSION = "extension"
    RESEARCH = "research"
    WORK = "work"


class RowCoverage(Struct, frozen=True):
    """Cases, and the places in each of them, that a row is about; both may be patterns."""

    cases: tuple[str, ...]
    places: tuple[str, ...]

    def concerns(self, case_id: str, *, grows: bool = True) -> bool:
        """Return whether a case id is among the cases; unless they grow, none of them is a glob."""
        if case_id in self.cases:
            return True
        if not grows:
            return False
        return matches_any(case_id, self.cases)


def coverage_of(places: Mapping[str, Iterable[str]]) -> tuple[RowCoverage, ...]:
    """Return just these places of just these cases, cases with the same places together."""
    cases_of: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for case, places_of_case in sorted(places.items()):
        key = tuple(sorted(set(places_of_case)))
        cases_of[key].append(case)
    return tuple(RowCoverage(tuple(cases), key) for key, cases in cases_of.items())


class RowSide(Struct, frozen=True):
    """One side of a row: the fact that its runtimes show, or a letter.

    It is a letter where the row is about values.
    """

    name: str
    runtimes: tuple[str, ...]


class WorkEvidence(Struct, frozen=True, kw_only=True):
    """What shows that work was done.

    This is cases that pass on live runtimes, a committed report with claims, or a commit.
    """

    cases: tuple[str, ...] = ()
    runtimes: tuple[str, ...] = ()
    report: str = ""
    claims: tuple[tuple[str, str], ...] = ()
    commit: str = ""


class Decision(Struct, frozen=True, kw_only=True):
    """One row: the cause, where it shows, and who stands on which side.

    It also has what people need to know about it.

    `fix` is the side to be changed, None while that is not decided.  A row of kind WORK has no
    cause and no sides, but `evidence` and `options`.  A row with `grows` may be written with
    patterns, so that it covers what comes later.
    """

    id: str
    title: str
    state: DecisionState
    kind: DecisionKind
    cause: str = ""
    code: str = ""
    covers: tuple[RowCoverage, ...] = ()
    sides: tuple[RowSide, ...] = ()
    fix: str | None = None
    pin: Pin | None = None
    grows: bool = False
    evidence: tuple[WorkEvidence, ...] = ()
    options: tuple[str, ...] = ()
    reason: str
    owner: str
    opened: dt.date
    review_by: dt.date | None = None
    loc_estimate: int | None = None
    commit: str | None = None
    place: Place

    @property
    def work(self) -> bool:
        """Return whether the row is work, and never about a finding."""
        return self.kind is DecisionKind.WORK

    @property
    def open(self) -> bool:
        """Return whether the row is neither accepted nor done."""
        return self.state is DecisionState.OPEN

    @property
    def live(self) -> bool:
        """Return whether the row decides what it matches: a done one makes a regression of it."""
        return self.state is not DecisionState.DONE

    @property
    def where(self) -> tuple[str, ...]:
        """Return the ids of the row's cases, or the globs over them."""
        return distinct(map(attrgetter("cases"), self.covers))

    @property
    def places(self) -> tuple[str, ...]:
        """Return the row's places, each once."""
        return distinct(map(_PLACES, self.covers))

    @property
    def runtimes(self) -> tuple[str, ...]:
        """Return all runtimes that the row names."""
        return tuple(chain.from_iterable(map(_RUNTIMES, self.sides)))

    @property
    def side_of(self) -> dict[str, str]:
        """Return the name of the side that each runtime of the row is on."""
        sides: dict[str, str] = {}
        for side in self.sides:
            sides.update(dict.fromkeys(side.runtimes, side.name))
        return sides

    def listed_of(self, runtime: str) -> frozenset[str]:
        """Return the values that the row lists of a runtime; none without a pin that lists them."""
        if self.pin is None:
            return frozenset()
        side = self.side_of[runtime]
        return frozenset(self.pin.listed(side))

    @property
    def to_fix(self) -> tuple[str, ...]:
        """Return the runtimes on the side to be changed; none while that is not decided."""
        for side in self.sides:
            if side.name == self.fix:
                return side.runtimes
        return ()

    @property
    def about(self) -> str:
        """Return what the row is about: its difference on one line, or that it is work.

        A difference is written `cause@place (fact | fact)`.
        """
        if self.work:
            return "work"
        first, *more = self.places or ("",)
        place = f"{first} and {len(more)} more" if more else first
        facts = " | ".join(map(attrgetter("name"), self.sides))
        return f"{self.cause}@{place} ({facts})"

    @property
    def pairs(self) -> frozenset[frozenset[str]]:
        """Return the runtimes whose difference the row is about, two by two."""
        pairs: set[frozenset[str]] = set()
        for side, other in combinations(self.sides, 2):
            pairs.update(map(frozenset, product(side.runtimes, other.runtimes)))
        return frozenset(pairs)

    def at(self, case_id: str, places: Collection[str]) -> "Decision":
        """Return the row with the pin that it has at some of its places in a case."""
        if self.pin is None:
            return self
        pin = self.pin.at(case_id, places)
        return replace(self, pin=pin)

    def covering(self, places: Mapping[str, Collection[str]]) -> "Decision":
        """Return the row with just some of its places, by case, and with the pin of these."""
        pin = self.pin.of(places) if self.pin else None
        return replace(self, covers=coverage_of(places), pin=pin)

    def covers_of(self, case_id: str) -> list[RowCoverage]:
        """Return those of `covers` that are about a case."""
        return [covered for covered in self.covers if covered.concerns(case_id, grows=self.grows)]

    def concerns(self, case_id: str) -> bool:
        """Return whether the row is about a place of a case."""
        # A ledger has thousands of rows, and each is asked of each case: a loop takes least time
        for covered in self.covers:  # noqa: SIM110 - see above
            if covered.concerns(case_id, grows=self.grows):
                return True
        return False

    def places_in(self, case_id: str) -> frozenset[str]:
        """Return the row's own places in a case."""
        return frozenset(distinct(map(_PLACES, self.covers_of(case_id))))

    def places_for(self, case_id: str, place: str) -> Iterator[str]:
        """Yield the row's own places that stand for a place in a case."""
        for covered in self.covers_of(case_id):
            for written in covered.places:
                if place_covers(written, place, grows=self.grows):
                    yield written


class Ledger(Struct, frozen=True, kw_only=True):
    """All decisions, in file order, and the digest of the file they were read from.

    `budget` is how many open rows may have a runtime on the side to be changed (`undecided`: how
    many may have no such side); `repositories` the folders, from that of the file, where the
    repositories that commits name are cloned.
    """

    decisions: tuple[Decision, ...] = ()
    digest: str = ""
    file: str | None = None
    budget: dict[str, int] = field(default_factory=dict)
    repositories: dict[str, str] = field(default_factory=dict)

    @property
    def differences(self) -> tuple[Decision, ...]:
        """Return the rows that are about differences, and not work."""
        return tuple(filterfalse(_WORK, self.decisions))

    @property
    def work(self) -> tuple[Decision, ...]:
        """Return the rows that are work."""
        return tuple(filter(_WORK, self.decisions))

    @property
    def by_id(self) -> dict[str, Decision]:
        """Return the rows by their ids."""
        return {row.id: row for row in self.decisions}


def concerning(rows: Iterable[Decision], case_id: str) -> list[Decision]:
    """Return those of some rows that are about a place of a case."""
    return list(filter(methodcaller("concerns", case_id), rows))


def live_rows(rows: Iterable[Decision]) -> list[Decision]:
    """Return those of some rows that are not done: they decide what they match."""
    return list(filter(_LIVE, rows))
