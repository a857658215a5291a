"""What a case did not check although it compared.

These are shared notes, header fields not sent, and lists and objects that are too large.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import msgspec

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.answers.named_headers import EVERY
from conformance.comparison.bodies.json_document import JSON_DOCUMENT
from conformance.comparison.bodies.json_lines import LINES
from conformance.comparison.bodies.label import Label
from conformance.comparison.bodies.reading import MULTIPART
from conformance.comparison.bodies.table import TABLE_OF_CELLS
from conformance.comparison.bodies.xml import XML
from conformance.comparison.difference import printable
from conformance.comparison.values.stops import Stops
from conformance.model.gap import CaseGap, GapKind
from conformance.model.json_path import render_path

_RAW: Final = msgspec.json.Decoder(type=msgspec.Raw)
_WITHOUT_CONTENT: Final = frozenset({204, 205, 304})


def shared_notes(answers: Sequence[ReadAnswer]) -> Iterator[CaseGap]:
    """Yield the notes that all answers to a step share: no finding names them as none differ."""
    if len(answers) > 1:
        common = set(_notes(answers[0]))
        for answer in answers[1:] if common else ():
            common &= set(_notes(answer))
        yield from (CaseGap(GapKind.SHARED_NOTE, note) for note in sorted(common))


def _parse_of(label: Label) -> Callable[[bytes], object] | None:
    """Return what parses a body of JSON and keeps nothing, None for other labels."""
    if LINES.recognises(label):
        return _RAW.decode_lines
    return _RAW.decode if JSON_DOCUMENT.recognises(label) else None


def _notes(answer: ReadAnswer) -> Iterable[str]:
    """Return the notes on an answer.

    A body that nobody has read is read only if it may not be what its label says.
    """
    if not answer.has_read_body and any(
        kind.recognises(answer.header.label) for kind in (XML, TABLE_OF_CELLS, MULTIPART)
    ):
        return (*answer.answer.notes, *answer.body.notes)
    parse = None if answer.has_read_body else _parse_of(answer.header.label)
    if parse is not None:
        try:
            parse(answer.answer.body)
        except (msgspec.DecodeError, RecursionError):  # what is too deep here has a note, too
            return (*answer.answer.notes, *answer.body.notes)
    return (
        (*answer.answer.notes, *answer.body_notes) if answer.has_read_body else answer.answer.notes
    )


def empty_bodies(answers: Sequence[ReadAnswer], method: str) -> Iterator[CaseGap]:
    """Yield the label of all-empty answers to a request, where what it names has content."""
    if len(answers) < 2 or method == "HEAD" or any(answer.answer.body for answer in answers):  # noqa: PLR2004 - two
        return
    labels = {answer.header.label.media for answer in answers if _has_content(answer)}
    if labels and all(map(_has_content, answers)):
        yield CaseGap(GapKind.EMPTY_BODY, min(labels))


def _has_content(answer: ReadAnswer) -> bool:
    """Return whether an answer says that it has a content of a kind that is never empty."""
    kinds = (JSON_DOCUMENT, XML, MULTIPART)
    lines = LINES.recognises(answer.header.label)
    named = any(kind.recognises(answer.header.label) for kind in kinds) and not lines
    return named and answer.status not in _WITHOUT_CONTENT


def unsent_headers(named: Iterable[str], answers: Iterable[ReadAnswer]) -> Iterator[CaseGap]:
    """Yield the header fields that a case names and no answer to any of its steps has."""
    sent = {field.lower() for answer in answers for field, _ in answer.answer.headers}
    yield from (
        CaseGap(GapKind.UNSENT_HEADER, name) for name in named if name not in {EVERY, *sent}
    )


def too_large(stops: Iterable[Stops]) -> Iterator[CaseGap]:
    """Yield the lists and objects that are too large to be compared as all others are.

    In the lists some elements may belong together that were not compared, and in the objects no
    cause was looked for.
    """
    for each in stops:
        for kind, found in (
            (GapKind.UNPAIRED, each.unpaired),
            (GapKind.UNEXPLAINED, each.unexplained),
        ):
            for places in found:
                yield CaseGap(kind, printable(render_path(min(places, key=repr))))
