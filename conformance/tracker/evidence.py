"""What complete runs have shown, for the document: the classes of the evidence file.

The file is generated and committed next to the document, so that the document can be checked
without a run.  `evidence_file` reads and writes it.
"""

import datetime as dt
from itertools import chain, filterfalse
from operator import attrgetter

from msgspec import Struct, field

from conformance.model.decision import DecisionState
from conformance.model.verdict import RowState


class Answered(Struct, frozen=True, kw_only=True):
    """The number of cases that a number of runtimes answered, in a number of languages."""

    runtimes: int
    languages: int
    cases: int


class Refresh(Struct, frozen=True, kw_only=True):
    """The last run that was added to the evidence, in the words of its report."""

    run: str
    started: str
    commit: str
    command: str
    machine: str
    version: str
    headline: str
    outcome: str
    runtimes: tuple[str, ...]
    answered: tuple[Answered, ...] = ()

    @property
    def date(self) -> dt.date:
        """Return the day of the run."""
        return dt.date.fromisoformat(self.started[:10])


class ShownByRuntime(Struct, frozen=True, kw_only=True):
    """What the cases of a claim showed of one live runtime.

    `source` is the digest of its code, if its files are declared.  `passed` is set if each case
    sent to it passed or has a decided difference.  `statuses` are those of its answers to the last
    step of each case.  `facts` are what it showed in differences: words of idioms and kinds, never
    values.  `same_as` and `differs_from` are the runtimes that it was compared with.
    """

    runtime: str
    language: str | None = None
    source: str = ""
    cases: int = 0
    passed: bool = False
    statuses: tuple[int, ...] = ()
    facts: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    differs_from: tuple[str, ...] = ()


class ClaimEvidence(Struct, frozen=True, kw_only=True):
    """What runs showed of a claim: the globs of its cases, its figure, and days.

    `at` is the time of the last run that was added.  `verified` is the last day on which the claim
    was true, `red_since` the day since when it is red.  `count` is the number of cases, `compared`
    the number of them that at least two runtimes answered.  `runtimes` and `digest`, the digest of
    the cases as they were sent, are those of the last run with all runtimes live.
    """

    cases: tuple[str, ...]
    at: str = ""
    measured: str = ""
    verified: dt.date | None = None
    red_since: dt.date | None = None
    count: int = 0
    compared: int = 0
    digest: str = ""
    runtimes: tuple[ShownByRuntime, ...] = ()


class RowEvidence(Struct, frozen=True, kw_only=True):
    """A ledger row at the last refresh; it is kept after removal, as its id is never reused.

    `since` is the day of its state.  `seen` is the verdict of the last run that had one, `seen_on`
    the day of that run, `reason` its words, and `found` the number of cases with the difference.
    `cases` are these cases, for a row that grows.
    """

    id: str
    opened: dt.date
    signature: str
    state: DecisionState
    since: dt.date
    seen: RowState | None = None
    seen_on: dt.date | None = None
    reason: str = ""
    found: int = 0
    cases: tuple[str, ...] = ()
    removed: dt.date | None = None


class TrendPoint(Struct, frozen=True, kw_only=True):
    """From `date` on: the number of open rows by the runtime that they are to change."""

    date: dt.date
    rows: dict[str, int]


class LoggedChange(Struct, frozen=True, kw_only=True):
    """One line of the change log: what a refresh changed.

    `number` counts the refreshes that changed something.
    """

    date: dt.date
    number: int
    what: tuple[str, ...]

    @property
    def order(self) -> tuple[object, ...]:
        """Return the sort key in the change log: by day, then by refresh."""
        return self.date, self.number, self.what


class AcceptedChanges(Struct, frozen=True, kw_only=True):
    """The accepted gauntlet's commit, and the number of the evidence's last change then."""

    commit: str
    number: int


class ComparedCommit(Struct, frozen=True, kw_only=True):
    """The commit since which rows are new, and the ids of the rows that it had."""

    commit: str
    rows: tuple[str, ...]


class Pointer(Struct, frozen=True, kw_only=True):
    """A file in another repository that points to the document.

    `path` starts from the document's folder; `source` is the name of the document in the pointer.
    """

    path: str
    source: str


class DocumentEvidence(Struct, frozen=True, kw_only=True):
    """All that the document is based on, except the ledger.

    `generated` are the digests of the lines and cells that the last `sync` wrote (see
    `generated_text`).
    """

    refresh: Refresh | None = None
    base: ComparedCommit | None = None
    accepted: AcceptedChanges | None = None
    claims: tuple[ClaimEvidence, ...] = ()
    rows: tuple[RowEvidence, ...] = ()
    budget: dict[str, int] = field(default_factory=dict)
    trend: tuple[TrendPoint, ...] = ()
    changes: tuple[LoggedChange, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    generated: frozenset[str] = frozenset()

    def claim(self, cases: tuple[str, ...]) -> ClaimEvidence | None:
        """Return what is known of the claim with these globs, or None."""
        for known in self.claims:
            if known.cases == cases:
                return known
        return None

    def row(self, decision_id: str) -> RowEvidence | None:
        """Return what is known of a row, or None."""
        return self.rows_by_id.get(decision_id)

    @property
    def rows_by_id(self) -> dict[str, RowEvidence]:
        """Return what is known of each row, by id."""
        return {known.id: known for known in self.rows}


def news_between(before: DocumentEvidence, after: DocumentEvidence) -> tuple[str, ...]:
    """Return what is in the later change log but not in the earlier one."""
    later = filterfalse(before.changes.__contains__, after.changes)
    return tuple(chain.from_iterable(map(attrgetter("what"), later)))
