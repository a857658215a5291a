"""What a run did not check: a gap of one case, and all gaps of one kind."""

import enum

from msgspec import Struct


class GapKind(enum.Enum):
    """The kinds of what a case leaves unchecked."""

    SKIPPED = "cases skipped"
    NO_SUCCESS = "cases in which no runtime answered 2xx or 3xx"
    BYTES_ONLY = "bodies not compared, because no kind reads them"
    REDIRECTED = "cases in which every answer only redirects to one place"
    SLASH_REDIRECT = "cases in which every answer only redirects for a slash at the end of the path"
    LOGIN_PAGE = "cases in which every answer is a page that asks for a password"
    UNKNOWN_LABEL = "cases that ask for a label that no runtime has"
    EMPTY_BODY = "bodies that are empty in all answers, under a label that says otherwise"
    HIDDEN = "bodies that rules hide completely"
    SHARED_NOTE = "notes that all answers of a step share"
    UNPAIRED = "lists whose elements were not paired"
    UNEXPLAINED = "objects whose unlike members were not compared further: too many"
    UNSENT_HEADER = "named header fields that no answer of the run has"
    UNASKED_OPERATION = "operations of an OpenAPI document that no case of the run asks for"


class CaseGap(Struct, frozen=True):
    """One thing that a case did not check: its kind, and what exactly."""

    kind: GapKind
    which: str


class Gap(Struct, frozen=True, kw_only=True):
    """What a run did not check: how much, an example, and how to check it.

    The amount is in how many cases or of how many operations, and the example is one of them.
    """

    kind: GapKind
    which: str
    count: int
    example: str
    how: str

    @property
    def counted(self) -> str:
        """Return the word for what is counted."""
        return "operation" if self.kind is GapKind.UNASKED_OPERATION else "case"
