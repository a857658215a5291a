"""What a run adds up to: the one thing that every report renders and every gate reads."""

from operator import attrgetter
from typing import Final

from msgspec import Struct

from conformance.model.decision import Decision
from conformance.model.gap import Gap
from conformance.model.group import Group
from conformance.model.guard import NO_GUARD, Guard, GuardFailure
from conformance.model.run import RunFooter, RunHeader
from conformance.model.verdict import RowVerdict, Verdict

NOTHING_PROVED: Final = 5
"""The exit code of a run that has no verdict, and of one in which nothing was selected."""


class Headline(Struct, frozen=True, kw_only=True):
    """How many of the compared cases agree, facet by facet.

    `values_compared` counts the cases that ask for more than shape; `shapes_compared` those that
    ask for more than status, but for `bodies_unread`: those with bodies that are not the same and
    have no shape, such as text. `values_diverge` counts those in which the body differs in a value
    or in its shape.  A header field counts under `headers_diverge`, and a note under
    `notes_diverge`.  `unanswered` counts those in which a runtime that was to be asked gave no
    answer to a step, so that the others alone agree.
    """

    compared: int = 0
    unanswered: int = 0
    status_equal: int = 0
    shapes_compared: int = 0
    shapes_diverge: int = 0
    bodies_unread: int = 0
    headers_diverge: int = 0
    notes_diverge: int = 0
    values_compared: int = 0
    values_diverge: int = 0


class SuiteCounts(Struct, frozen=True, kw_only=True):
    """How many suites hold a red case, how many none, and of how many every case was skipped."""

    green: int = 0
    red: int = 0
    skipped: int = 0


class RuntimeCount(Struct, frozen=True, kw_only=True):
    """In how many cases a runtime differs: is odd, or takes part in a finding where nobody is.

    `asked` is in how many it was asked beside another runtime, and answered or faulted; no answer
    beside an answer is a difference.
    """

    runtime: str
    cases: int
    asked: int


_RED: Final = attrgetter("red")


class PairCount(Struct, frozen=True, kw_only=True):
    """In how many cases two runtimes differ from each other, and of how many.

    Counted are the cases in which each answered or had a fault.
    """

    first: str
    second: str
    cases: int
    asked: int


class CaseLine(Struct, frozen=True, kw_only=True):
    """One case in a report: its verdict and why, and what is needed to read on.

    `alike` are further cases of its suite in which the same runtime was down: one line is about all
    of them. `causes` are the keys of the causes that alone make the case red; a case that is red
    for anything else has none.
    """

    case_id: str
    place: str
    verdict: Verdict
    reason: str
    decisions: tuple[str, ...]
    causes: tuple[str, ...] = ()
    classes: tuple[tuple[str, ...], ...]
    alike: int = 0


class RunReport(Struct, frozen=True, kw_only=True):
    """A judged run.

    `runtimes` and `pairs` count the cases that differ, by runtime and between each two. `gaps` are
    what was not checked; `nothing_proved` is why the run has no verdict, if it has none. `cases`
    holds every case that did not simply pass, up to a bound, and `more_cases` how many are left
    out.
    """

    header: RunHeader
    footer: RunFooter | None
    headline: Headline
    counts: dict[Verdict, int]
    suites: SuiteCounts
    runtimes: tuple[RuntimeCount, ...]
    pairs: tuple[PairCount, ...]
    groups: tuple[Group, ...]
    rows: tuple[RowVerdict, ...]
    decisions: tuple[Decision, ...]
    cases: tuple[CaseLine, ...]
    more_cases: int
    warnings: tuple[str, ...]
    gaps: tuple[Gap, ...] = ()
    nothing_proved: str = ""

    @property
    def red(self) -> bool:
        """Return whether the gate is red.

        It is for a red case or row, a run that did not finish, a gap in a strict run, or what is
        guarded and differs. In a strict run it is also for what the guard could not look at.
        """
        # A run without a footer did not finish: nothing says what it would have shown
        cases_and_rows = (self.red_counts, self.red_rows)
        unchecked = (self.strict_gaps, self.strict_unguarded)
        return any((*cases_and_rows, *unchecked, self.broken_guards, self.footer is None))

    @property
    def red_counts(self) -> dict[Verdict, int]:
        """Return how many cases have each red verdict that occurs."""
        occurring = filter(self.counts.__getitem__, self.counts)
        return {verdict: self.counts[verdict] for verdict in filter(_RED, occurring)}

    @property
    def red_rows(self) -> tuple[RowVerdict, ...]:
        """Return the rows of the ledger that make the gate red."""
        return tuple(filter(_RED, self.rows))

    @property
    def cases_to_look_at(self) -> tuple[CaseLine, ...]:
        """Return the cases that are not known; those stand with their causes."""
        return tuple(line for line in self.cases if line.verdict is not Verdict.KNOWN)

    @property
    def strict_gaps(self) -> tuple[Gap, ...]:
        """Return what was not checked where that makes the run red."""
        if not self.header.demands.strict:
            return ()
        return self.gaps

    @property
    def strict_unguarded(self) -> tuple[str, ...]:
        """Return what the guard could not look at where that makes the run red."""
        if not self.header.demands.strict:
            return ()
        return self.unguarded

    @property
    def broken_guards(self) -> tuple[GuardFailure, ...]:
        """Return what is guarded and is not as the revision has it."""
        if self.footer is None:
            return self.guard.failures
        return (*self.guard.failures, *self.footer.guard_failures)

    @property
    def guard(self) -> Guard:
        """Return what the run was guarded by, an empty guard where nothing was guarded."""
        return self.header.guard or NO_GUARD

    @property
    def unguarded(self) -> tuple[str, ...]:
        """Return a sentence on each thing that the guard could not look at."""
        return self.guard.warnings

    @property
    def exit_code(self) -> int:
        """Return the exit code: 1 if the run is red, 5 if nothing is proved, else 0."""
        # What is red is proved, whatever else is not
        if self.red:
            return 1
        if self.nothing_proved:
            return NOTHING_PROVED
        return 0
