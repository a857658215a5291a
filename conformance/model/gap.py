"""Gaps: what a run did not check, for one case, and summed up for each kind."""

import enum

from msgspec import Struct


class GapKind(enum.Enum):
    """The kinds of gaps that a case may leave."""

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
    """One thing that a case did not check: the kind of gap, and the exact thing."""

    kind: GapKind
    which: str


class Gap(Struct, frozen=True, kw_only=True):
    """A gap of a run: how often it occurs, an example, and how to close it.

    `count` is a number of cases or of operations, and `example` is one of them.
    """

    kind: GapKind
    which: str
    count: int
    example: str
    how: str

    @property
    def counted(self) -> str:
        """Return the word for what `count` counts."""
        return "operation" if self.kind is GapKind.UNASKED_OPERATION else "case"
