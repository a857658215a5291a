"""The note facet: compare what was odd about two answers as if it were a header field.

`docs/faults.md` has the same table of notes.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer, Terms
from conformance.comparison.bodies.events import AFTER_DONE, ENDS_WITH_DONE, UNFINISHED
from conformance.comparison.difference import ABSENT, PRESENT, Difference, at_one_place
from conformance.model.finding import DifferenceKind, Facet

MEANINGS: Final[Mapping[str, str]] = {
    "informational": "an informational response came first",
    "bytes_after_message": "bytes came after the end of the answer, as a second answer or the "
    "body of a 204 would",
    "unasked_bytes": "bytes came after the answer before this one, over the connection that was "
    "kept",
    "answered_before_request_end": "the answer came while the request was still being sent",
    "http_version": "the status line names another version than 1.0 and 1.1",
    "odd_status": "a status above 599",
    "non_ascii_head": "bytes above ASCII in the head; they are read as Latin-1",
    "content_coding_kept": "a content coding that is not undone",
    "bytes_after_coded_body": "bytes after the end of the compressed data",
    "not-utf-8": "the body is JSON, events or a form, and is in another charset than UTF-8, or "
    "has bytes that are not UTF-8",
    "another-charset": "the bytes are not of the charset that the Content-Type names, or a page "
    "without one; they are read in the next one that is named, else as UTF-8",
    "byte-order-mark": "the JSON or the table begins with a byte order mark, which some parsers "
    "refuse",
    "invalid-json": "the body says that it is JSON, and cannot be parsed; it is compared as text",
    "invalid-xml": "the body says that it is XML, and is not well-formed; it is compared as text",
    "invalid-table": "the body says that it is a table, and a quote in it is not closed, or has "
    "text after it; it is compared as text",
    "unended-parts": "the body says that it has parts, and has no boundary, or does not end with "
    "it; it is compared as text",
    "duplicate-key": "an object has a member more than once; parsers disagree which one counts",
    "non-finite-number": "NaN or Infinity, which JSON does not have",
    "integer-past-2^53": "an integer of 2^53 or more, which readers with 64-bit floats may round",
    "minus-zero": "a zero with a minus sign, which many readers lose",
    "number-too-long": "an integer of more than 1,024 digits",
    "too-deep": "values nested in one another deeper than 512",
    "lone-surrogate": "half of a surrogate pair, which is no character",
    "ends-with-done": "the last event says `[DONE]`, by which readers of model streams know that "
    "all has come",
    "events-after-done": "an event comes after the one that says `[DONE]`",
    "pages-left": "a step with `pages` asked for as many pages as it may, and the last one names "
    "a further one",
    "stop-not-reached": "the answer ended, or the time was up, before the event that the step "
    "stops after",
    "all-at-the-end": "with `timing: true`: the body came whole, in the last tenth of the time "
    "that the answer took",
    "unfinished-event": "the last event is not ended by an empty line, so that most readers drop "
    "it",
    "unknown-event-lines": "lines of an event stream that are neither a field nor a comment, so "
    "that readers skip them",
    "blank-rows": "a blank row between the rows of a table; some readers skip it, others do not",
    "tab-separated": "tabs between the cells of a table that is labelled as one with commas",
    "text-around-parts": "text before the first part of a body or after the last, which readers "
    "skip",
    "no-event-stream": "the body says that it is an event stream, and no line of it is a field; "
    "it is compared as text",
}
"""By name of a note: its meaning.  A note may have a value after a colon."""
NOT_REACHED: Final = "stop-not-reached"
"""The note on a stream that ended before the event for which its step waits."""
_OF_ENDS: Final = frozenset({ENDS_WITH_DONE, AFTER_DONE, UNFINISHED})
"""Notes about the end of an event stream."""


def meaning_of(note: str) -> str:
    """Return the meaning of a note as a sentence; an empty text for an unknown note."""
    name, _, _ = note.partition(":")
    meaning = MEANINGS.get(name)
    if meaning is None:
        return ""
    return f"{meaning[:1].upper()}{meaning[1:]}."


def note_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the notes that only one of two answers has.

    Equal bodies have equal notes, so they are not read for this.
    """
    first, second = set(a.answer.notes), set(b.answer.notes)
    if not a.has_same_body(b):
        first.update(a.body.notes)
        second.update(b.body.notes)
    for note in sorted((first ^ second) - _of_another_end(first, second)):
        if terms.loosening.note(note):
            continue
        facts = (PRESENT, ABSENT) if note in first else (ABSENT, PRESENT)
        yield at_one_place(
            DifferenceKind.NOTE,
            Facet.HEADERS,
            f"note {note}",
            facts,
            (_shown(note, a, facts[0]), _shown(note, b, facts[1])),
        )


def _of_another_end(first: AbstractSet[str], second: AbstractSet[str]) -> AbstractSet[str]:
    """Return the notes about the end of one stream, if the harness cut the other one earlier."""
    is_one_cut = (NOT_REACHED in first) != (NOT_REACHED in second)
    if not is_one_cut:
        return frozenset()
    return _OF_ENDS & (first if NOT_REACHED in first else second)


def _shown(note: str, answer: ReadAnswer, fact: str) -> str:
    """Return how a report shows a note on one side: why the body is malformed, else the fact."""
    is_of_body = fact == PRESENT and note in answer.body.notes
    if not is_of_body:
        return fact
    return answer.body.misfit or fact
