"""The changes between two runs of the same cases: the older is the base, the newer the head."""

import enum

from msgspec import Struct

from conformance.model.finding import Finding
from conformance.model.group import Group
from conformance.model.request import Request
from conformance.model.run import RunHeader
from conformance.model.verdict import Verdict


class ChangeKind(enum.Enum):
    """The kinds of change of a case, the worst first."""

    REGRESSED = "regressed"
    REOPENED = "reopened"
    NEW = "new"
    FIXED = "fixed"
    GONE = "gone"

    @property
    def red(self) -> bool:
        """Return whether a case of this kind was green in the base and is red in the head."""
        return self in {ChangeKind.REGRESSED, ChangeKind.REOPENED}


class CaseChange(Struct, frozen=True, kw_only=True):
    """One change of one case: its verdicts in the two runs, and the findings of the change.

    A verdict is None if the case is not in that run. `decisions` are the ledger rows of each
    finding, `requests` the requests of each step; `reason` is why the head has its verdict.
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
    """Findings with the same kind of change and the same cause."""

    kind: ChangeKind
    group: Group


class RunChanges(Struct, frozen=True, kw_only=True):
    """All changes between two runs.

    `counts` has the number of changes by kind, `causes` the changed findings by cause, `cases` the
    changes up to a limit, `more_cases` the number left out, and `unchanged` the number of cases
    without a change. `verdict` is the outcome of the head; `guard_failures` are sentences about
    what the guard of the head found.
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
        """Return the number of changes by kind, without the kinds that have none."""
        return {kind: count for kind, count in self.counts.items() if count}

    @property
    def bare(self) -> list[CaseChange]:
        """Return the changes that have no finding.

        They are added or removed cases, and changes of a verdict because an answer is missing.
        """
        return [change for change in self.cases if not change.findings]

    @property
    def red(self) -> bool:
        """Return whether the head is worse than the base or cannot be trusted.

        A head that did not finish, or in which a guarded file was changed, cannot be trusted.
        """
        return not self.finished or bool(self.worse) or bool(self.guard_failures)

    @property
    def worse(self) -> dict[ChangeKind, int]:
        """Return the number of changes by kind, for the kinds that make the head worse."""
        return {kind: count for kind, count in self.occurring.items() if kind.red}
