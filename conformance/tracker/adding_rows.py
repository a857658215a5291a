"""The rows of several causes put into one ledger.

A cause of which no row can be made may be left with its reason.

Where the difference of a row has changed, what has changed is taken out of that row, and decided
again.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import chain, filterfalse
from operator import attrgetter
from pathlib import Path

from msgspec import Struct, field

from conformance.distinct import distinct
from conformance.errors import BadFileError, TrackerError, UsageError
from conformance.ledger.edited_fields import CORRECT, what_is_wrong
from conformance.ledger.file import parse_ledger
from conformance.ledger.taken_places import TakenPlace, without
from conformance.model.decision import Decision, Ledger
from conformance.reporting import phrases
from conformance.tracker.decided_again import LedgerChange, change_of, in_the_way
from conformance.tracker.deciding import DecisionTerms, UndecidedCause, rows_of, undecided
from conformance.tracker.overreach import refuse_overreach
from conformance.wording import further_runtimes, some


class _NoRowError(TrackerError):
    """What is written for a cause is no row of a ledger."""


class AddedRows(Struct, kw_only=True):
    """A ledger and the rows that are added to it.

    `raw` is its text, `left` says by key why a cause has no row.

    `wanted` are the causes to be decided, with their terms; `first` is the number of the first new
    row.  With `everything` a row may decide any cause: some have no row of their own, as that of
    another one covers them.
    """

    run: Path
    name: str
    before: Ledger
    raw: bytes
    first: int
    today: dt.date
    wanted: dict[UndecidedCause, DecisionTerms]
    everything: bool = False
    changes: list[LedgerChange] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    _no_rows: list[_NoRowError] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        """Return the ledger with its new rows."""
        return self._parsed(self.raw)

    @property
    def new_rows(self) -> tuple[Decision, ...]:
        """Return the rows that are new, and not those that have been rewritten."""
        return tuple(chain.from_iterable(map(attrgetter("new"), self.changes)))

    def add(self) -> None:
        """Add the rows of all causes; raises UsageError where one of them cannot be decided."""
        self._add(tuple(self.wanted))

    def add_one(self, cause: UndecidedCause, terms: DecisionTerms) -> None:
        """Add the rows of one more cause; raises TrackerError where it cannot be decided."""
        self._add((cause,), {cause.group.key: terms})
        self.wanted[cause] = terms

    def add_what_can_be(self) -> None:
        """Add the rows of the causes that can be decided, and keep why the others cannot.

        Raises UsageError where the file itself, or what was given for all of them, is the reason.
        """
        new = filterfalse(self._only_widens, self.wanted)
        self._add_parts(list(filter(self._has_rows, list(new))))
        # Where what was written is no row for any cause, it is what was given that is wrong
        if self._no_rows and len(self._no_rows) == len(self.wanted):
            raise self._no_rows[0]

    def _only_widens(self, cause: UndecidedCause) -> bool:
        """Return whether rows decide a cause once they take in a further runtime; note how."""
        group = cause.group
        if not group.widens:
            return False
        ids = some(list(map(attrgetter("row_id"), group.widens)))
        runtimes = distinct(map(attrgetter("runtimes"), group.widens))
        needed = further_runtimes(runtimes)
        self.left[group.key] = f"{ids} {needed}: `{phrases.widen(group)}`"
        return True

    def _has_rows(self, cause: UndecidedCause) -> bool:
        """Return whether rows can be written for a cause, before any look at the run.

        Else keep why not.
        """
        try:
            list(rows_of(cause, self.wanted[cause], self.first, self.today))
        except UsageError as error:
            self.left[cause.group.key] = _reason(error)
            return False
        return True

    def _add_parts(self, causes: Sequence[UndecidedCause]) -> None:
        """Add the rows of causes; of those that are refused together, each half by itself."""
        try:
            self._add(causes)
        except UsageError as error:
            # What is wrong at a place of the ledger is wrong for every cause
            if error.place is not None:
                raise
            if len(causes) == 1:
                self._leave(causes[0], error)
                return
            middle = len(causes) // 2
            self._add_parts(causes[:middle])
            self._add_parts(causes[middle:])

    def _leave(self, cause: UndecidedCause, error: UsageError) -> None:
        """Keep why a cause has no row."""
        self.left[cause.group.key] = _reason(error)
        if isinstance(error, _NoRowError):
            self._no_rows.append(error)

    def _add(
        self, causes: Sequence[UndecidedCause], given: Mapping[str, DecisionTerms] | None = None
    ) -> None:
        terms = given or {cause.group.key: self.wanted[cause] for cause in causes}
        if not terms:
            return
        held = self.before
        if self.changes:
            held = self.ledger
            causes = self._now(terms, held, set())
        change = self._change(causes, terms, held)
        raw = change.written(self.raw, self.name, held)
        keys = None if self.everything else self._keys(terms, causes)
        written = set(map(attrgetter("id"), change.rows))
        refuse_overreach(self.run, self.before, self._parsed(raw), keys, written)
        self.raw = raw
        self.changes.append(change)

    def _keys(
        self, terms: Mapping[str, DecisionTerms], causes: Sequence[UndecidedCause]
    ) -> set[str]:
        """Return the keys of the causes that may be decided now."""
        keys = set(terms)
        for cause in (*causes, *self.wanted):
            keys.add(cause.group.key)
            keys.update(cause.along)
        return keys

    def _change(
        self, causes: Sequence[UndecidedCause], terms: Mapping[str, DecisionTerms], held: Ledger
    ) -> LedgerChange:
        """Return what the rows of some causes do to a ledger.

        Nothing in the ledger then claims what these rows claim.
        """
        drafts = chain.from_iterable(map(attrgetter("drafts"), causes))
        places = set().union(*map(attrgetter("in_place_of"), drafts))
        # A row with a pattern keeps its places: it is about whatever comes there
        patterns = {row.id for row in held.decisions if row.grows}
        taken = {place for place in places if place.row_id not in patterns}
        if taken:
            causes = self._now(terms, held, taken)
        rows = self._rows(causes, terms)
        # Each place that is taken may change the rows to be, and so what they claim
        while more := in_the_way(rows, without(held, taken)):
            taken |= more
            causes = self._now(terms, held, taken)
            rows = self._rows(causes, terms)
        kind = next(iter(terms.values())).kind
        first = self.first + len(self.new_rows)
        return change_of(rows, held, taken, kind, first)

    def _rows(
        self, causes: Sequence[UndecidedCause], terms: Mapping[str, DecisionTerms]
    ) -> list[Decision]:
        general = next(iter(terms.values()))
        rows: list[Decision] = []
        for cause in causes:
            own = terms.get(cause.group.key, general)
            rows += rows_of(cause, own, self.first + len(rows), self.today)
        return rows

    def _now(
        self, terms: Mapping[str, DecisionTerms], held: Ledger, taken: set[TakenPlace]
    ) -> list[UndecidedCause]:
        """Return the causes that are wanted, by what a ledger decides without some places.

        And all that these show.
        """
        freed = {(each.case_id, each.place) for each in taken}
        parts: list[UndecidedCause] = []
        for cause in undecided(self.run, without(held, taken)).causes:
            is_wanted = cause.group.key in terms
            part = cause if is_wanted else cause.part_at(freed)
            if part.drafts:
                parts.append(part)
        return parts

    def _parsed(self, raw: bytes) -> Ledger:
        try:
            return parse_ledger(raw, self.name)
        except BadFileError as error:
            raise _NoRowError(what_is_wrong(error, raw), hint=CORRECT) from error


def _reason(error: UsageError) -> str:
    if not error.hint:
        return error.message
    return f"{error.message}: {error.hint}"
