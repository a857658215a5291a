"""Decisions: what the team has written down about a difference, one row of the ledger each."""

import datetime as dt
import enum
from dataclasses import dataclass, field

from conformance.errors import Place
from conformance.model.case_glob import matches
from conformance.model.finding import Signature


class DecisionState(enum.Enum):
    """Where a decision stands; a finding that matches a done one is a regression."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DONE = "done"


class DecisionKind(enum.Enum):
    """What was decided about the difference."""

    MUST_MATCH = "must_match"
    INTENTIONAL = "intentional"
    UNSUPPORTED = "unsupported"
    EXTENSION = "extension"
    RESEARCH = "research"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One row: the signature with its two sides, the cases it holds for, and what people need to know about it."""

    id: str
    title: str
    state: DecisionState
    kind: DecisionKind
    where: tuple[str, ...]
    signature: Signature
    odd: tuple[str, ...]
    rest: tuple[str, ...]
    reason: str
    owner: str
    opened: dt.date
    review_by: dt.date | None = None
    loc_estimate: int | None = None
    commit: str | None = None
    place: Place

    def concerns(self, case_id: str) -> bool:
        """Tell whether a case id matches one of the row's globs."""
        return any(matches(case_id, glob) for glob in self.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All decisions, in file order, and the digest of the file they were read from.

    `budget` is how many open rows may name a runtime as the odd one; `repositories` the folders, from that of the file,
    where the repositories that commits name are cloned.
    """

    decisions: tuple[Decision, ...] = ()
    digest: str = ""
    file: str | None = None
    budget: dict[str, int] = field(default_factory=dict)
    repositories: dict[str, str] = field(default_factory=dict)
