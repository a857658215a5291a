"""What a run did not look at: a gap of one case, and all gaps of one kind."""

import enum
from dataclasses import dataclass


class GapKind(enum.Enum):
    """The kinds of what one case leaves unlooked at."""

    SKIPPED = "cases skipped"
    NO_SUCCESS = "cases in which no runtime answered 2xx or 3xx"
    BYTES_ONLY = "bodies not compared, because no kind reads them"
    HIDDEN = "bodies hidden by a rule at their root"
    UNPAIRED = "lists whose elements were not paired"
    SHARED_NOTE = "notes that all answers of a step share"
    UNSENT_HEADER = "header fields named that nobody sent"


@dataclass(frozen=True, slots=True)
class CaseGap:
    """One thing that a case did not look at: of which kind, and what exactly."""

    kind: GapKind
    which: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What a run did not look at, in how many cases, the first of them, and how to look."""

    kind: GapKind
    which: str
    cases: int
    example: str
    how: str
