"""Adds the rows of several causes to one ledger.

A cause for which no row can be made may be left out, with the reason.

Where the difference of an existing row has changed, its places are removed from that row and
decided again.
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
    """An error that the fields given for a cause make no valid row."""


class AddedRows(Struct, kw_only=True):
    """A ledger and the rows that are added to it, one change after the other.

    `raw` is the text of the ledger, `left` has by key why a cause gets no row.  `wanted` are the
    causes to be decided, with their terms, and `first` is the number of the first new row.  With
    `everything`, a row may decide any cause, because some causes have no row of their own and are
    covered by others.
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
        """Return the new rows, without those that were rewritten."""
        return tuple(chain.from_iterable(map(attrgetter("new"), self.changes)))

    def add(self) -> None:
        """Add the rows of all causes; raises UsageError if one of them cannot be decided."""
        self._add(tuple(self.wanted))

    def add_one(self, cause: UndecidedCause, terms: DecisionTerms) -> None:
        """Add the rows of one more cause; raises TrackerError if it cannot be decided."""
        self._add((cause,), {cause.group.key: terms})
        self.wanted[cause] = terms

    def add_what_can_be(self) -> None:
        """Add the rows of the causes that can be decided, and note why the others cannot.

        Raises UsageError if the reason is the ledger file or the terms given for all causes.
        """
        new = filterfalse(self._only_widens, self.wanted)
        self._add_parts(list(filter(self._has_rows, list(new))))
        # If no cause gives a valid row, the given terms are wrong
        if self._no_rows and len(self._no_rows) == len(self.wanted):
            raise self._no_rows[0]

    def _only_widens(self, cause: UndecidedCause) -> bool:
        """Return whether existing rows decide a cause with a further runtime; if so, note how."""
        group = cause.group
        if not group.widens:
            return False
        ids = some(list(map(attrgetter("row_id"), group.widens)))
        runtimes = distinct(map(attrgetter("runtimes"), group.widens))
        needed = further_runtimes(runtimes)
        self.left[group.key] = f"{ids} {needed}: `{phrases.widen(group)}`"
        return True

    def _has_rows(self, cause: UndecidedCause) -> bool:
        """Return whether rows can be written for a cause; if not, note why.

        The rows are not yet compared with the run.
        """
        try:
            list(rows_of(cause, self.wanted[cause], self.first, self.today))
        except UsageError as error:
            self.left[cause.group.key] = _reason(error)
            return False
        return True

    def _add_parts(self, causes: Sequence[UndecidedCause]) -> None:
        """Add the rows of causes; if these are refused together, try each half alone."""
        try:
            self._add(causes)
        except UsageError as error:
            # A problem at a place of the ledger concerns every cause
            if error.place is not None:
                raise
            if len(causes) == 1:
                self._leave(causes[0], error)
                return
            middle = len(causes) // 2
            self._add_parts(causes[:middle])
            self._add_parts(causes[middle:])

    def _leave(self, cause: UndecidedCause, error: UsageError) -> None:
        """Note why a cause has no row."""
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
        """Return the keys of the causes that may be decided by this change."""
        keys = set(terms)
        for cause in (*causes, *self.wanted):
            keys.add(cause.group.key)
            keys.update(cause.along)
        return keys

    def _change(
        self, causes: Sequence[UndecidedCause], terms: Mapping[str, DecisionTerms], held: Ledger
    ) -> LedgerChange:
        """Return the change that adds the rows of some causes to a ledger.

        After it, no other row of the ledger claims what these rows claim.
        """
        drafts = chain.from_iterable(map(attrgetter("drafts"), causes))
        places = set().union(*map(attrgetter("in_place_of"), drafts))
        # A row with a pattern keeps its places: a pattern also covers later differences
        patterns = {row.id for row in held.decisions if row.grows}
        taken = {place for place in places if place.row_id not in patterns}
        if taken:
            causes = self._now(terms, held, taken)
        rows = self._rows(causes, terms)
        # Each place that is taken may change the new rows and what they claim
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
        """Return the wanted causes, and other causes at the taken places, of a run judged again.

        The run is judged with the ledger without the taken places.
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
