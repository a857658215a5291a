"""Notes that add nothing to a difference of bodies or of a value."""

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.answers.notes import NOT_REACHED
from conformance.comparison.bodies.events import (
    AFTER_DONE,
    ENDS_WITH_DONE,
    UNFINISHED,
    UNKNOWN,
    UNKNOWN_LINES,
)
from conformance.comparison.bodies.header_row import TAB_SEPARATED
from conformance.comparison.bodies.multipart import AROUND_PARTS
from conformance.comparison.bodies.split_cells import BLANK_ROWS
from conformance.comparison.derived_parts import notes_of_parts
from conformance.comparison.difference import PRESENT
from conformance.comparison.finding_values import (
    KIND,
    first_followed,
    is_of_kinds,
    sent_in,
    steps_to,
    who_shows,
)
from conformance.comparison.idioms.member_names import last_name
from conformance.comparison.values.lossless_json import NOT_UTF_8, NoJsonError, parse
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.follows import Follows

NOTE_ON_IT: Final = "a note on it"
_NOTE: Final = "note "
_OF_KINDS: Final = frozenset(
    (
        "invalid-json", "invalid-xml", "invalid-table", "unended-parts", "not-utf-8", "too-deep",
        "no-event-stream", ENDS_WITH_DONE, AFTER_DONE, UNFINISHED, UNKNOWN_LINES,
        BLANK_ROWS, TAB_SEPARATED, AROUND_PARTS, NOT_REACHED,
    )
)  # fmt: skip
"""Notes on why a body is not of its label's kind, and notes that only one kind of body has."""
_OF_LABELS: Final = frozenset(
    {
        "invalid-json",
        "invalid-xml",
        "invalid-table",
        "unended-parts",
        "no-event-stream",
        TAB_SEPARATED,
    }
)
"""Notes that a body is not what its label says."""
_LABEL: Final = "header content-type"
_EVENTS: Final = "$"
_DATA: Final = "$[*].data"
_BEGIN_AS_JSON: Final = ('"{', '"[')
"""The beginnings of a text, as it is shown, that begins as an object or a list of JSON."""
_ESCAPED_BYTE: Final = re.compile(r"%[89A-F][0-9A-F]|\\udc[89a-f][0-9a-f]")
"""A byte that is not UTF-8, as forms and events write it."""


def is_note(finding: Finding) -> bool:
    """Return whether a finding is about a note on an answer.

    The spelling of a header's name is not such a note.
    """
    return finding.kind is DifferenceKind.NOTE and finding.place.startswith(_NOTE)


def is_not_reached(finding: Finding) -> bool:
    """Return whether a finding is the note that a stream ended before what its step waits for."""
    return finding.place == f"{_NOTE}{NOT_REACHED}"


def noted(
    finding: Finding, leading: Iterable[Finding], answers: Mapping[str, ReadAnswer]
) -> Follows | None:
    """Return the finding that a note follows, or None: a kind of body, a label or a value.

    A value must have the note by itself, sent by exactly the runtimes whose answers have the note.
    """
    note = finding.place.removeprefix(_NOTE)
    explains = partial(_explains, note=note, having=who_shows(finding, PRESENT), answers=answers)
    return first_followed(finding, leading, explains, NOTE_ON_IT)


def _explains(
    finding: Finding, note: str, having: AbstractSet[str], answers: Mapping[str, ReadAnswer]
) -> bool:
    """Return whether a finding is the reason that the runtimes in `having` have a note."""
    if finding.place == KIND:
        return note in _OF_KINDS
    if finding.place == _LABEL:
        return note in _OF_LABELS
    if note in _OF_KINDS and note in notes_of_parts(finding, answers):
        return is_of_kinds(finding) or note in _OF_LABELS
    if _OF_PLACES.get(note, _nowhere)(finding):
        return True
    having_reason = _HAVING_REASON.get((note, finding.place), partial(_who_sent, note))
    return having == having_reason(finding)


def _nowhere(_finding: Finding) -> bool:
    """Return that no place explains a note."""
    return False


def _who_sent(note: str, finding: Finding) -> set[str]:
    """Return the runtimes that sent, at a finding's place, a value with a note of its own."""
    return {who for who, text in sent_in(finding) if note in _notes(text)}


def _who_broke_off(finding: Finding) -> set[str]:
    """Return the runtimes that sent data that begins as JSON; whole JSON is no text there."""
    return {who for who, text in sent_in(finding) if text.startswith(_BEGIN_AS_JSON)}


_HAVING_REASON: Final[Mapping[tuple[str, str], Callable[[Finding], set[str]]]] = {
    (UNFINISHED, _DATA): _who_broke_off,
}
"""For a note and a place: which runtimes sent there what the note is about."""
_OF_PLACES: Final[Mapping[str, Callable[[Finding], bool]]] = {
    UNKNOWN_LINES: lambda finding: last_name(steps_to(finding.place)) == UNKNOWN,
    UNFINISHED: lambda finding: finding.kind is DifferenceKind.LENGTH and finding.place == _EVENTS,
}
"""For each note, the check of a finding that says the same as the note."""


def _notes(sent: str) -> tuple[str, ...]:
    """Return the notes that a sent value has by itself."""
    escaped = (NOT_UTF_8,) if _ESCAPED_BYTE.search(sent) else ()
    try:
        return (*escaped, *parse(sent.encode("utf-8", "surrogatepass")).notes)
    except NoJsonError:  # what has no JSON has no notes of JSON
        return escaped
