"""What a run did not check: a gap of one case, and all gaps of one kind."""

import enum
from dataclasses import dataclass


class GapKind(enum.Enum):
    """The kinds of what a case leaves unchecked."""

    SKIPPED = "cases skipped"
    NO_SUCCESS = "cases in which no runtime answered 2xx or 3xx"
    BYTES_ONLY = "bodies not compared, because no kind reads them"
    HIDDEN = "bodies hidden by a rule at their root"
    SHARED_NOTE = "notes that all answers of a step share"
    UNPAIRED = "lists whose elements were not paired"
    UNSENT_HEADER = "named header fields that no answer of the run has"
    UNASKED_OPERATION = "operations of an OpenAPI document that no case of the run asks for"


@dataclass(frozen=True, slots=True)
class CaseGap:
    """One thing that a case did not check: its kind, and what exactly."""

    kind: GapKind
    which: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What a run did not check: in how many cases or of how many operations, one of them, and how to check it."""

    kind: GapKind
    which: str
    count: int
    example: str
    how: str

    @property
    def counted(self) -> str:
        """Return the word for what is counted."""
        return "operation" if self.kind is GapKind.UNASKED_OPERATION else "case"
