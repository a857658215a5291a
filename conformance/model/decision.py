"""Decisions: what the team has decided about differences, one row of the ledger each."""

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
    """The state of a decision; a finding that matches a done decision is a regression."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DONE = "done"


class DecisionKind(enum.Enum):
    """The kind of a decision about a difference.

    WORK is not about a difference, but about something to be built, ported or verified.
    """

    MUST_MATCH = "must_match"
    INTENTIONAL = "intentional"
    UNSUPPORTED = "unsupported"
    EXTENSION = "extension"
    RESEARCH = "research"
    WORK = "work"


class RowCoverage(Struct, frozen=True):
    """The cases that a row is about, and the places in each of them; both may be patterns."""

    cases: tuple[str, ...]
    places: tuple[str, ...]

    def concerns(self, case_id: str, *, grows: bool = True) -> bool:
        """Return whether a case id is among the cases; globs count only if the row grows."""
        if case_id in self.cases:
            return True
        if not grows:
            return False
        return matches_any(case_id, self.cases)


def coverage_of(places: Mapping[str, Iterable[str]]) -> tuple[RowCoverage, ...]:
    """Return the coverage of places by case; cases with the same places share an entry."""
    cases_of: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for case, places_of_case in sorted(places.items()):
        key = tuple(sorted(set(places_of_case)))
        cases_of[key].append(case)
    return tuple(RowCoverage(tuple(cases), key) for key, cases in cases_of.items())


class RowSide(Struct, frozen=True):
    """One side of a row: the fact that its runtimes show, or a letter.

    It is a letter if the row is about values.
    """

    name: str
    runtimes: tuple[str, ...]


class WorkEvidence(Struct, frozen=True, kw_only=True):
    """Evidence that work was done.

    It is cases that pass on live runtimes, a committed report with claims, or a commit.
    """

    cases: tuple[str, ...] = ()
    runtimes: tuple[str, ...] = ()
    report: str = ""
    claims: tuple[tuple[str, str], ...] = ()
    commit: str = ""


class Decision(Struct, frozen=True, kw_only=True):
    """One row of the ledger: the cause, where it shows, and which runtimes are on which side.

    It also holds what people need to know about the decision.

    `fix` is the side to be changed, or None while that is undecided.  A row of kind WORK has no
    cause and no sides; it has `evidence` and `options`.  A row with `grows` may contain patterns,
    so that it covers later cases and places.
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
        """Return whether the row is about work, and never about a finding."""
        return self.kind is DecisionKind.WORK

    @property
    def open(self) -> bool:
        """Return whether the row is neither accepted nor done."""
        return self.state is DecisionState.OPEN

    @property
    def live(self) -> bool:
        """Return whether the row decides findings; one that matches a done row is a regression."""
        return self.state is not DecisionState.DONE

    @property
    def where(self) -> tuple[str, ...]:
        """Return the case ids and globs of the row, without repetition."""
        return distinct(map(attrgetter("cases"), self.covers))

    @property
    def places(self) -> tuple[str, ...]:
        """Return the row's places, without repetition."""
        return distinct(map(_PLACES, self.covers))

    @property
    def runtimes(self) -> tuple[str, ...]:
        """Return all runtimes that the row names."""
        return tuple(chain.from_iterable(map(_RUNTIMES, self.sides)))

    @property
    def side_of(self) -> dict[str, str]:
        """Return the name of the side of each runtime in the row, by runtime."""
        sides: dict[str, str] = {}
        for side in self.sides:
            sides.update(dict.fromkeys(side.runtimes, side.name))
        return sides

    def listed_of(self, runtime: str) -> frozenset[str]:
        """Return the values that the row lists for a runtime; empty if its pin lists none."""
        if self.pin is None:
            return frozenset()
        side = self.side_of[runtime]
        return frozenset(self.pin.listed(side))

    @property
    def to_fix(self) -> tuple[str, ...]:
        """Return the runtimes on the side to be changed; empty while that is undecided."""
        for side in self.sides:
            if side.name == self.fix:
                return side.runtimes
        return ()

    @property
    def about(self) -> str:
        """Return the subject of the row on one line: its difference, or the word `work`.

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
        """Return all pairs of runtimes on different sides of the row."""
        pairs: set[frozenset[str]] = set()
        for side, other in combinations(self.sides, 2):
            pairs.update(map(frozenset, product(side.runtimes, other.runtimes)))
        return frozenset(pairs)

    def at(self, case_id: str, places: Collection[str]) -> "Decision":
        """Return the row with only the pinned values of some of its places in a case."""
        if self.pin is None:
            return self
        pin = self.pin.at(case_id, places)
        return replace(self, pin=pin)

    def covering(self, places: Mapping[str, Collection[str]]) -> "Decision":
        """Return the row limited to some of its places, given by case, with their pinned values."""
        pin = self.pin.of(places) if self.pin else None
        return replace(self, covers=coverage_of(places), pin=pin)

    def covers_of(self, case_id: str) -> list[RowCoverage]:
        """Return the entries of `covers` that are about a case."""
        return [covered for covered in self.covers if covered.concerns(case_id, grows=self.grows)]

    def concerns(self, case_id: str) -> bool:
        """Return whether the row has a place in a case."""
        # A ledger has thousands of rows, each checked for each case: a loop takes the least time
        for covered in self.covers:  # noqa: SIM110 - see above
            if covered.concerns(case_id, grows=self.grows):
                return True
        return False

    def places_in(self, case_id: str) -> frozenset[str]:
        """Return the row's places in a case, as they are written."""
        return frozenset(distinct(map(_PLACES, self.covers_of(case_id))))

    def places_for(self, case_id: str, place: str) -> Iterator[str]:
        """Yield the row's places, as they are written, that cover a place in a case."""
        for covered in self.covers_of(case_id):
            for written in covered.places:
                if place_covers(written, place, grows=self.grows):
                    yield written


class Ledger(Struct, frozen=True, kw_only=True):
    """All decisions, in file order, and the digest of the file that they were read from.

    `budget` maps a runtime to the number of open rows in which it may be on the side to be changed;
    `undecided` is the number of open rows that may have no such side.  `repositories` maps names
    that commits use to the folders of their clones, relative to the file.
    """

    decisions: tuple[Decision, ...] = ()
    digest: str = ""
    file: str | None = None
    budget: dict[str, int] = field(default_factory=dict)
    repositories: dict[str, str] = field(default_factory=dict)

    @property
    def differences(self) -> tuple[Decision, ...]:
        """Return the rows about differences, without those about work."""
        return tuple(filterfalse(_WORK, self.decisions))

    @property
    def work(self) -> tuple[Decision, ...]:
        """Return the rows about work."""
        return tuple(filter(_WORK, self.decisions))

    @property
    def by_id(self) -> dict[str, Decision]:
        """Return the rows by their ids."""
        return {row.id: row for row in self.decisions}


def concerning(rows: Iterable[Decision], case_id: str) -> list[Decision]:
    """Return those of some rows that have a place in a case."""
    return list(filter(methodcaller("concerns", case_id), rows))


def live_rows(rows: Iterable[Decision]) -> list[Decision]:
    """Return those of some rows that are not done."""
    return list(filter(_LIVE, rows))
