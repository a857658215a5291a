"""What complete runs have shown, as the document rests on it: the nouns of the evidence file.

The file is generated, stands beside the document, and is committed with it: where no run is at
hand, the document can still be checked.  `evidence_file` reads and writes it.
"""

import datetime as dt
from itertools import chain, filterfalse
from operator import attrgetter

from msgspec import Struct, field

from conformance.model.decision import DecisionState
from conformance.model.verdict import RowState


class Answered(Struct, frozen=True, kw_only=True):
    """How many cases were answered by so many runtimes, which are written in so many languages."""

    runtimes: int
    languages: int
    cases: int


class Refresh(Struct, frozen=True, kw_only=True):
    """The last run that was folded in, in the words of its report."""

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

    `source` is the digest of its code, if its files are declared.  `passed` says whether every case
    that it was asked passed or differs as decided.  `statuses` are those of its answers to the last
    step of each case, `facts` what it showed where cases differ: words of idioms and kinds, never
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
    """What runs showed of a claim: the globs of its cases, the figure, and the days.

    The days are those on which it was last found true, or red.

    `at` is the time of the run that was folded in last.  `count` is how many cases there are,
    `compared` how many of them at least two runtimes answered, `runtimes` what each runtime showed
    in the last run in which all were live, `digest` that of the cases as they were asked in it.
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
    """A ledger row as of the last refresh, kept after removal since its id is never used again.

    `since` is the day of its state; `seen` what the last run that could tell said of it, `seen_on`
    that run's day, `reason` its words, `found` the number of cases that showed the difference,
    `cases` which these were, of a row that grows.
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
    """From a day on: how many open rows name a runtime as the odd one."""

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
        """Return what puts the change log in order: by day, then by refresh."""
        return self.date, self.number, self.what


class AcceptedChanges(Struct, frozen=True, kw_only=True):
    """The accepted gauntlet's commit, and the number of the evidence's last change at that time."""

    commit: str
    number: int


class ComparedCommit(Struct, frozen=True, kw_only=True):
    """The commit that rows are new since, and the ids of the rows that it had."""

    commit: str
    rows: tuple[str, ...]


class Pointer(Struct, frozen=True, kw_only=True):
    """A file in another repository that points to the document.

    It has its path from the document's folder, and its words.
    """

    path: str
    source: str


class DocumentEvidence(Struct, frozen=True, kw_only=True):
    """All that the document rests on beside the ledger.

    `generated` are the digests of the lines and cells that the last `sync` generated (see
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
        """Return what is known of the claim with these globs."""
        for known in self.claims:
            if known.cases == cases:
                return known
        return None

    def row(self, decision_id: str) -> RowEvidence | None:
        """Return what is known of a row."""
        return self.rows_by_id.get(decision_id)

    @property
    def rows_by_id(self) -> dict[str, RowEvidence]:
        """Return what is known of each row by its id."""
        return {known.id: known for known in self.rows}


def news_between(before: DocumentEvidence, after: DocumentEvidence) -> tuple[str, ...]:
    """Return what stands in the later change log and not in the earlier one."""
    later = filterfalse(before.changes.__contains__, after.changes)
    return tuple(chain.from_iterable(map(attrgetter("what"), later)))
