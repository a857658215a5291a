"""The verdicts on cases and ledger rows."""

import enum
from collections.abc import Iterator, Mapping
from itertools import chain, product, starmap
from operator import attrgetter
from typing import Final

from msgspec import Struct, field

from conformance.model.case import CompareLevel, unsafe_method
from conformance.model.decision import Decision, RowCoverage
from conformance.model.finding import Facet, Finding
from conformance.model.gap import CaseGap
from conformance.model.observation import Answer, Cell, Observation
from conformance.model.own_difference import OwnDifference
from conformance.model.request import Request
from conformance.model.signature import Signature


class Verdict(enum.Enum):
    """The verdict on a case; the counts of all verdicts add up to the selected cases."""

    PASSED = "passed"
    FAILED = "failed"
    ERRORED = "errored"
    SKIPPED = "skipped"
    KNOWN = "known"
    NONDETERMINISTIC = "nondeterministic"

    @property
    def red(self) -> bool:
        """Return whether this verdict alone makes the gate red."""
        return self in {Verdict.FAILED, Verdict.ERRORED, Verdict.NONDETERMINISTIC}


_SAID_BY_WHAT_WAS_WANTED: Final = frozenset({"status", "notes"})
"""Places that `wanted` already names: `wanted status 201`, `wanted no notes`."""


class ExpectationFailure(Struct, frozen=True, kw_only=True):
    """An answer that differs from what the case itself demands, and where.

    The place is `status`, a header, a JSON path or a capture.

    `dead_end` says that the runtime's part of the case could not go on: a value that later steps
    need was missing.
    """

    step: int
    runtime: str
    where: str = "status"
    wanted: str
    got: str
    dead_end: bool = False

    def __str__(self) -> str:
        preposition = "for" if self.dead_end else "at"
        at = "" if self.where in _SAID_BY_WHAT_WAS_WANTED else f" {preposition} {self.where}"
        return f"{self.runtime}: wanted {self.wanted}{at}, got {self.got}"


class Unneeded(enum.Enum):
    """Why a rule was not needed in a case."""

    NOWHERE = "its place is in no answer"
    NOTHING_DIFFERED = "nothing differed at its place"
    ACCEPTED_NOTHING = "it accepted no difference at its place"
    HELD_ORDER = (
        "it accepted no difference, and lists or objects around its place were compared "
        "in another way"
    )


class RuleUse(Struct, frozen=True, kw_only=True):
    """The use of a rule in one case: how often it was needed, and how often it hid much.

    Much is more than half of a body.

    `unneeded` says why it was not needed; None if it was needed.
    """

    rule: str
    hits: int
    broad: int = 0
    unneeded: Unneeded | None = None


class Uncompared(Struct, frozen=True, kw_only=True):
    """A place at which the answers of two runtimes were not compared, and why.

    `places` has the spelling of each of the two; an empty text stands for all below the status.
    With `values` only the values were not compared there, but the shape was.  `rule` is the rule
    that accepted a difference there, if any.
    """

    step: int
    runtimes: tuple[str, str]
    places: tuple[str, str]
    why: str
    values: bool = False
    rule: str = ""


class Comparison(Struct, frozen=True, kw_only=True):
    """The result of comparing one case's cells, before the ledger is applied.

    `classes` are the runtimes grouped by agreement over all steps, the reference class first;
    runtimes without an answer are in none.  `compared` says whether at least two answers were
    compared; then `rule_uses` has an entry for every rule of the case.  `more_findings` is the
    number of findings past the limit of a report; `folded` are those of them that are kept for the
    judgement only.  `gaps` are what could not be compared, and `uncompared` the places where two
    runtimes were not compared.  `over_budget` names the step that took too long to compare, if any;
    later steps are not compared either.
    """

    findings: tuple[Finding, ...]
    classes: tuple[tuple[str, ...], ...]
    compared: bool
    rule_uses: tuple[RuleUse, ...] = ()
    more_findings: int = 0
    folded: tuple[Finding, ...] = ()
    gaps: tuple[CaseGap, ...] = ()
    uncompared: tuple[Uncompared, ...] = ()
    over_budget: str = ""

    @property
    def runtimes(self) -> frozenset[str]:
        """Return the runtimes that were compared with each other, by an answer or a fault."""
        answered = self.classes if self.compared else ()
        differing = map(attrgetter("runtimes"), self.findings)
        return frozenset(chain(*answered, *differing))


class CaseResult(Struct, frozen=True, kw_only=True):
    """All that a run knows about one case; the record holds exactly this.

    `expected` says that the case itself demands something.  `repeated` says that the case was sent
    a second time, because a finding was not in the ledger.

    `own_differences` are differences of a runtime from itself.  `unstable` are the findings at
    these places in which no two other runtimes differ, and findings that only one of the two
    attempts showed.  `excused` are differences of a runtime from itself that a rule allows, at
    places where runtimes still differ.  `changes_itself` says that a case that is not isolated and
    sends unsafe methods had other answers the second time, which shows nothing about the runtimes.

    `read_as` has, for each step, the kind of bodies that the suite states, whatever their label; it
    is empty if the labels decide everywhere.  `digest` is that of the case (see `case_digest`); a
    record of an earlier version has none.
    """

    case_id: str
    place: str
    requests: tuple[Request, ...]
    cells: tuple[Cell, ...]
    level: CompareLevel
    comparison: Comparison
    expected: bool = False
    expectation_failures: tuple[ExpectationFailure, ...] = ()
    repeated: bool = False
    unstable: tuple[Finding, ...] = ()
    own_differences: tuple[OwnDifference, ...] = ()
    excused: tuple[OwnDifference, ...] = ()
    changes_itself: bool = False
    read_as: tuple[str, ...] = ()
    digest: str = ""

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return all answers of all runtimes."""
        return tuple(chain.from_iterable(map(attrgetter("answers"), self.cells)))

    def seen_at(self, step: int) -> dict[str, Observation]:
        """Return the observations at a step by runtime, of those that have this step."""
        seen: dict[str, Observation] = {}
        for cell in self.cells:
            if step < len(cell.observations):
                seen[cell.runtime] = cell.observations[step]
        return seen

    def answers_at(self, step: int) -> dict[str, Answer]:
        """Return the answers to a step, by name of the runtime."""
        seen = self.seen_at(step)
        return {name: each for name, each in seen.items() if isinstance(each, Answer)}

    @property
    def unsafe_method(self) -> str:
        """Return the first method of the case that may change something.

        The result is an empty text if all its methods are safe.
        """
        return unsafe_method(self.requests)

    def judged(self, judgement: "Judgement") -> Iterator["JudgedFinding"]:
        """Yield the findings, each with its part of the judgement."""
        findings = self.comparison.findings
        # A judgement without a ledger, or of an earlier version, lacks some of these lists
        nothing = ((),) * len(findings)
        columns = zip(
            findings,
            judgement.decisions,
            judgement.partial or nothing,
            judgement.left or nothing,
            judgement.reopened or nothing,
            strict=True,
        )
        return starmap(JudgedFinding, columns)

    def stable(self, judgement: "Judgement") -> list[tuple[Finding, tuple[str, ...]]]:
        """Return the findings that a decision can be about, each with ids of its deciding rows."""
        both = zip(self.comparison.findings, judgement.decisions, strict=True)
        return [(finding, rows) for finding, rows in both if finding not in self.unstable]

    def varying(self, finding: Finding) -> Iterator[tuple[str, str]]:
        """Yield each runtime whose value at the finding's place always changes, and the place."""
        if finding.facet is not Facet.VALUE:
            return
        # Each side may spell the place in its own way
        places = {finding.place}
        for side in finding.sides:
            places.update(side.places)
        here = set(product((finding.step,), places))
        for own in self.excused:
            if own.finding.where in here:
                yield own.runtime, own.finding.place

    def kind_of_step(self, step: int) -> str:
        """Return the kind of bodies that the suite states for a step, or an empty text."""
        if not self.read_as:
            return ""
        return self.read_as[step]


class Judgement(Struct, frozen=True, kw_only=True):
    """The verdict on a case, its reason, and the decisions that cover each finding.

    A finding without decisions is undecided.

    `partial` are, for each finding, the rows that decide it for some of its runtimes, and `left`
    the runtimes that they leave undecided.  `reopened` are, for each finding, the rows whose
    difference it was before it changed.  `fault_rows` are the rows about the fault of a runtime, by
    step and runtime.
    """

    verdict: Verdict
    reason: str
    decisions: tuple[tuple[str, ...], ...] = ()
    partial: tuple[tuple[Decision, ...], ...] = ()
    left: tuple[tuple[str, ...], ...] = ()
    reopened: tuple[tuple[Decision, ...], ...] = ()
    fault_rows: Mapping[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[str, ...]:
        """Return the ids of all rows that cover a finding of the case."""
        return tuple(sorted(set(chain.from_iterable(self.decisions))))


class JudgedFinding(Struct, frozen=True):
    """One finding of a case, with its part of each list of a judgement.

    `decided` are the ids of the rows that decide it; the other members are as in `Judgement`.
    """

    finding: Finding
    decided: tuple[str, ...]
    partial: tuple[Decision, ...]
    left: tuple[str, ...]
    reopened: tuple[Decision, ...]

    def has(self, row: Decision) -> bool:
        """Return whether a row decides the finding, or a part of it."""
        return row.id in self.decided or row in self.partial


class RowState(enum.Enum):
    """The state of a ledger row after a run."""

    MATCHED = "matched"
    NARROWED = "narrowed"
    STALE = "stale"
    REOPENED = "reopened"
    REGRESSED = "regressed"
    SUSPENDED = "suspended"
    NOT_EXERCISED = "not exercised"
    HOLDS = "holds"


class RowVerdict(Struct, frozen=True, kw_only=True):
    """A ledger row after a run: its state, the reason, and the cases that matched it.

    `covers` are the cases and places that are left of a narrowed row; `became` is the present
    difference of a reopened row.  `hidden_by` are the rules that accept the difference of a stale
    row.
    """

    decision_id: str
    state: RowState
    reason: str
    cases: tuple[str, ...] = ()
    covers: tuple[RowCoverage, ...] = ()
    became: Signature | None = None
    hidden_by: tuple[str, ...] = ()

    @property
    def red(self) -> bool:
        """Return whether this row alone makes the gate red.

        A narrowed row is only a warning.
        """
        return self.state in {RowState.STALE, RowState.REOPENED, RowState.REGRESSED}
