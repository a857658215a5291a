"""The report of a run: the data that every report file renders and every gate reads."""

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
"""The exit code of a run without a verdict, or without a selected case."""


class Headline(Struct, frozen=True, kw_only=True):
    """How many of the compared cases agree, for each facet.

    `values_compared` counts the cases that are compared by more than shape.  `shapes_compared`
    counts those that are compared by more than status, except for `bodies_unread`: cases with
    different bodies that have no shape, such as text.  `values_diverge` counts cases whose bodies
    differ in a value or in shape.  Header fields count under `headers_diverge`, and notes under
    `notes_diverge`.  `unanswered` counts cases in which a runtime gave no answer to a step, so that
    only the others agree.
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
    """The numbers of suites with a red case, without one, and with all cases skipped."""

    green: int = 0
    red: int = 0
    skipped: int = 0


class RuntimeCount(Struct, frozen=True, kw_only=True):
    """The number of cases in which a runtime differs from others.

    It is odd there, or is on a side of a finding without odd runtimes.

    `asked` counts the cases in which it and another runtime were asked, and it answered or had a
    fault.  A missing answer is a difference from an answer.
    """

    runtime: str
    cases: int
    asked: int


_RED: Final = attrgetter("red")


class PairCount(Struct, frozen=True, kw_only=True):
    """The number of cases in which two runtimes differ from each other, and the number compared.

    `asked` counts the cases in which each of them answered or had a fault.
    """

    first: str
    second: str
    cases: int
    asked: int


class CaseLine(Struct, frozen=True, kw_only=True):
    """One case in a report: its verdict and reason, and references for details.

    `alike` is the number of further cases of its suite in which the same runtime was down: one line
    is about all of them. `causes` are the keys of the causes that alone make the case red; it is
    empty if the case is red for another reason.
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

    `runtimes` and `pairs` count the cases that differ, by runtime and for each two runtimes. `gaps`
    are what was not checked; `nothing_proved` says why the run has no verdict, and is empty if it
    has one. `cases` holds the cases that did not simply pass, up to a bound; `more_cases` is the
    number of further ones.
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

        It is red for a red case or row, an unfinished run, or a guarded thing that differs.  In a
        strict run it is also red for a gap, and for anything that the guard could not check.
        """
        # A run without a footer did not finish, so its result is unknown
        cases_and_rows = (self.red_counts, self.red_rows)
        unchecked = (self.strict_gaps, self.strict_unguarded)
        return any((*cases_and_rows, *unchecked, self.broken_guards, self.footer is None))

    @property
    def red_counts(self) -> dict[Verdict, int]:
        """Return the number of cases of each red verdict that occurs."""
        occurring = filter(self.counts.__getitem__, self.counts)
        return {verdict: self.counts[verdict] for verdict in filter(_RED, occurring)}

    @property
    def red_rows(self) -> tuple[RowVerdict, ...]:
        """Return the rows of the ledger that make the gate red."""
        return tuple(filter(_RED, self.rows))

    @property
    def cases_to_look_at(self) -> tuple[CaseLine, ...]:
        """Return the cases that are not known; known cases are shown with their causes."""
        return tuple(line for line in self.cases if line.verdict is not Verdict.KNOWN)

    @property
    def strict_gaps(self) -> tuple[Gap, ...]:
        """Return the gaps that make the run red, which are none unless the run is strict."""
        if not self.header.demands.strict:
            return ()
        return self.gaps

    @property
    def strict_unguarded(self) -> tuple[str, ...]:
        """Return what the guard could not check, if the run is strict; else nothing."""
        if not self.header.demands.strict:
            return ()
        return self.unguarded

    @property
    def broken_guards(self) -> tuple[GuardFailure, ...]:
        """Return the guarded things that are not as the revision has them."""
        if self.footer is None:
            return self.guard.failures
        return (*self.guard.failures, *self.footer.guard_failures)

    @property
    def guard(self) -> Guard:
        """Return the guard of the run, or an empty guard."""
        return self.header.guard or NO_GUARD

    @property
    def unguarded(self) -> tuple[str, ...]:
        """Return a sentence on each thing that the guard could not check."""
        return self.guard.warnings

    @property
    def exit_code(self) -> int:
        """Return the exit code: 1 if the run is red, 5 if nothing is proved, else 0."""
        # A red run has proved that something is wrong
        if self.red:
            return 1
        if self.nothing_proved:
            return NOTHING_PROVED
        return 0
