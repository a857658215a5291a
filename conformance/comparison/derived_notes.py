"""Notes that say no more than a difference of bodies or of a value says."""

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Final

from conformance.comparison.answers.notes import NOT_REACHED
from conformance.comparison.bodies.events import (
    AFTER_DONE,
    ENDS_WITH_DONE,
    UNFINISHED,
    UNKNOWN,
    UNKNOWN_LINES,
)
from conformance.comparison.bodies.multipart import AROUND_PARTS
from conformance.comparison.bodies.split_cells import BLANK_ROWS
from conformance.comparison.difference import PRESENT
from conformance.comparison.idioms.member_names import last_name
from conformance.comparison.shown_in_findings import (
    KIND,
    first_followed,
    sent_in,
    steps_to,
    who_shows,
)
from conformance.comparison.values.lossless_json import NOT_UTF_8, NoJsonError, parse
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.follows import Follows

NOTE_ON_IT: Final = "a note on it"
_NOTE: Final = "note "
_OF_KINDS: Final = frozenset(
    (
        "invalid-json", "invalid-xml", "invalid-table", "unended-parts", "not-utf-8", "too-deep",
        "no-event-stream", ENDS_WITH_DONE, AFTER_DONE, UNFINISHED, UNKNOWN_LINES,
        BLANK_ROWS, AROUND_PARTS, NOT_REACHED,
    )
)  # fmt: skip
"""Notes that say why a body is not of the kind that it is said to be, or that only one kind has."""
_OF_LABELS: Final = frozenset(
    {"invalid-json", "invalid-xml", "invalid-table", "unended-parts", "no-event-stream"}
)
"""Notes that say that a body is not what its label says."""
_LABEL: Final = "header content-type"
_ESCAPED_BYTE: Final = re.compile(r"%[89A-F][0-9A-F]|\\udc[89a-f][0-9a-f]")
"""A byte that is no UTF-8, as a form and as an event show it."""


def is_note(finding: Finding) -> bool:
    """Return whether a finding is of a note on an answer.

    How a header name is spelled is no such note.
    """
    return finding.kind is DifferenceKind.NOTE and finding.place.startswith(_NOTE)


def is_not_reached(finding: Finding) -> bool:
    """Return whether a finding is the note that a stream did not reach where its step stops."""
    return finding.place == f"{_NOTE}{NOT_REACHED}"


def noted(finding: Finding, leading: Iterable[Finding]) -> Follows | None:
    """Return what a note is on: a body that is not what it is said to be, or a value that differs.

    A value has the note by itself, just where it was sent by the runtimes whose answers have it.
    """
    note = finding.place.removeprefix(_NOTE)
    explains = partial(_explains, note=note, having=who_shows(finding, PRESENT))
    return first_followed(finding, leading, explains, NOTE_ON_IT)


def _explains(finding: Finding, note: str, having: AbstractSet[str]) -> bool:
    """Return whether a finding is why some runtimes have a note on their answers."""
    if finding.place == KIND:
        return note in _OF_KINDS
    if finding.place == _LABEL:
        return note in _OF_LABELS
    is_of_place = _OF_PLACES.get(note)
    if is_of_place is not None and is_of_place(finding):
        return True
    return having == _who_sent(note, finding)


def _who_sent(note: str, finding: Finding) -> set[str]:
    """Return the runtimes that sent a value with a note where a finding is."""
    return {who for who, text in sent_in(finding) if note in _notes(text)}


_OF_PLACES: Final[Mapping[str, Callable[[Finding], bool]]] = {
    UNKNOWN_LINES: lambda finding: last_name(steps_to(finding.place)) == UNKNOWN,
    UNFINISHED: lambda finding: finding.kind is DifferenceKind.LENGTH and finding.place == "$",
}
"""Notes that say no more than a difference of some places does."""


def _notes(sent: str) -> tuple[str, ...]:
    escaped = (NOT_UTF_8,) if _ESCAPED_BYTE.search(sent) else ()
    try:
        return (*escaped, *parse(sent.encode("utf-8", "surrogatepass")).notes)
    except NoJsonError:  # what has no JSON has no notes of JSON
        return escaped
