"""The rows of several causes put into one ledger; a cause of which no row can be made may be left with its reason."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from conformance.errors import BadFileError, TrackerError, UsageError
from conformance.ledger.edit import with_rows
from conformance.ledger.file import parse_ledger
from conformance.ledger.row_text import row_fields
from conformance.model.decision import Decision, Ledger
from conformance.tracker.deciding import Cause, Terms, refuse_overreach, rows_of


class _NoRowError(TrackerError):
    """What is written for a cause is no row of a ledger."""


@dataclass(slots=True, kw_only=True)
class AddedRows:
    """A ledger and the rows that are added to it: `raw` is its text, `left` says by key why a cause has no row.

    `wanted` are the causes to be decided, with their terms; `first` is the number of the first new row.
    """

    run: Path
    name: str
    before: Ledger
    raw: bytes
    first: int
    today: dt.date
    wanted: Mapping[Cause, Terms]
    rows: list[Decision] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    _no_rows: list[_NoRowError] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        """Return the ledger with its new rows."""
        return self._parsed(self.raw)

    def add(self) -> None:
        """Add the rows of all causes; raises UsageError where one of them cannot be decided."""
        self._add(tuple(self.wanted))

    def add_what_can_be(self) -> None:
        """Add the rows of the causes that can be decided, and keep why the others cannot.

        Raises UsageError where the file itself, or what was given for all of them, is the reason.
        """
        self._add_parts([cause for cause in self.wanted if self._has_rows(cause)])
        if self._no_rows and len(self._no_rows) == len(self.wanted):
            raise self._no_rows[0]

    def _has_rows(self, cause: Cause) -> bool:
        """Return whether rows can be written for a cause, before any look at the run; else keep why not."""
        try:
            list(rows_of(cause, self.wanted[cause], self.first, self.today))
        except UsageError as error:
            self.left[cause.group.key] = _reason(error)
            return False
        return True

    def _add_parts(self, causes: Sequence[Cause]) -> None:
        """Add the rows of causes; of those that are refused together, each half by itself."""
        try:
            self._add(causes)
        except UsageError as error:
            if error.place is not None:
                raise
            if len(causes) == 1:
                self.left[causes[0].group.key] = _reason(error)
                if isinstance(error, _NoRowError):
                    self._no_rows.append(error)
                return
            middle = len(causes) // 2
            self._add_parts(causes[:middle])
            self._add_parts(causes[middle:])

    def _add(self, causes: Sequence[Cause]) -> None:
        rows: list[Decision] = []
        for cause in causes:
            rows += rows_of(cause, self.wanted[cause], self.first + len(self.rows) + len(rows), self.today)
        raw = with_rows(self.raw, self.name, list(map(row_fields, rows)))
        refuse_overreach(self.run, self.before, self._parsed(raw), {cause.group.key for cause in self.wanted})
        self.raw = raw
        self.rows += rows

    def _parsed(self, raw: bytes) -> Ledger:
        try:
            return parse_ledger(raw, self.name)
        except BadFileError as error:
            wrong = "; ".join(problem.message for problem in error.problems)
            raise _NoRowError(wrong, hint="correct the option or argument; the ledger was not changed") from error


def _reason(error: UsageError) -> str:
    return f"{error.message}: {error.hint}" if error.hint else error.message
