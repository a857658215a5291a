"""The differences between two runs of the same cases: the older is the base, the newer the head."""

import enum

from msgspec import Struct

from conformance.model.finding import Finding
from conformance.model.group import Group
from conformance.model.request import Request
from conformance.model.run import RunHeader
from conformance.model.verdict import Verdict


class ChangeKind(enum.Enum):
    """What became of a case, the worst first."""

    REGRESSED = "regressed"
    REOPENED = "reopened"
    NEW = "new"
    FIXED = "fixed"
    GONE = "gone"

    @property
    def red(self) -> bool:
        """Return whether the head is worse for it: what passed, or was decided, is neither now."""
        return self in {ChangeKind.REGRESSED, ChangeKind.REOPENED}


class CaseChange(Struct, frozen=True, kw_only=True):
    """One change of one case: its verdict in either run and the findings it is about.

    A verdict is None where the case is not in that run.

    `decisions` are the ledger rows of the findings, `requests` what each step asked; `reason` is
    why the head has its verdict.
    """

    kind: ChangeKind
    case_id: str
    was: Verdict | None
    now: Verdict | None
    reason: str
    findings: tuple[Finding, ...] = ()
    decisions: tuple[tuple[str, ...], ...] = ()
    requests: tuple[Request, ...] = ()


class ChangeCause(Struct, frozen=True, kw_only=True):
    """Findings that changed alike and share a cause."""

    kind: ChangeKind
    group: Group


class RunChanges(Struct, frozen=True, kw_only=True):
    """Two runs held against each other.

    `counts` are changes by kind; `causes` the findings among them by cause; `cases` all changes up
    to a bound, and `more_cases` how many are left out; `unchanged` cases have none.
    `verdict` is the outcome of the head, `guard_failures` are sentences on what its guard found.
    """

    base: RunHeader
    head: RunHeader
    finished: bool
    counts: dict[ChangeKind, int]
    unchanged: int
    causes: tuple[ChangeCause, ...]
    cases: tuple[CaseChange, ...]
    more_cases: int
    warnings: tuple[str, ...]
    verdict: str
    guard_failures: tuple[str, ...] = ()

    @property
    def occurring(self) -> dict[ChangeKind, int]:
        """Return how many changes there are of each kind of which there are any."""
        return {kind: count for kind, count in self.counts.items() if count}

    @property
    def bare(self) -> list[CaseChange]:
        """Return the changes without a finding.

        They are added or removed cases, and answers that stayed away.
        """
        return [change for change in self.cases if not change.findings]

    @property
    def red(self) -> bool:
        """Return whether the head is worse than the base, or shows nothing that can be believed.

        That is one that did not finish, or in which something guarded was changed.
        """
        return not self.finished or bool(self.worse) or bool(self.guard_failures)

    @property
    def worse(self) -> dict[ChangeKind, int]:
        """Return how many changes there are of each kind that makes the head worse."""
        return {kind: count for kind, count in self.occurring.items() if kind.red}
