"""What a case did not check although answers were compared.

Gaps are notes that all answers share, header fields that were not sent, bodies that are empty, and
lists and objects that are too large.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, filterfalse, repeat
from operator import attrgetter, itemgetter, methodcaller
from typing import Final

import msgspec

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.answers.named_headers import EVERY
from conformance.comparison.bodies.json_document import JSON_DOCUMENT
from conformance.comparison.bodies.json_lines import LINES
from conformance.comparison.bodies.kind import BodyKind
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
    """Yield the notes that all answers to a step share: as none differs, no finding names them."""
    # The notes of a single answer hide no difference
    if len(answers) <= 1:
        return
    common = set(_notes(answers[0]))
    for answer in answers[1:]:
        # Finding the notes needs parsing: most answers have none
        if not common:
            return
        common &= set(_notes(answer))
    for note in sorted(common):
        yield CaseGap(GapKind.SHARED_NOTE, note)


def _parse_of(label: Label) -> Callable[[bytes], object] | None:
    """Return a parser that only checks a JSON body for validity; None for other labels."""
    if LINES.recognises(label):
        return _RAW.decode_lines
    if JSON_DOCUMENT.recognises(label):
        return _RAW.decode
    return None


def _notes(answer: ReadAnswer) -> Iterable[str]:
    """Return the notes on an answer.

    A body that was not read yet is only read if it may not be what its label says.
    """
    if answer.has_read_body:
        return (*answer.answer.notes, *answer.body_notes)
    if _may_have_notes(answer):
        return (*answer.answer.notes, *answer.body.notes)
    return answer.answer.notes


def _may_have_notes(answer: ReadAnswer) -> bool:
    """Return whether reading the body may add notes; for JSON, whether it cannot be parsed."""
    label = answer.header.label
    if _is_any_of(label, XML, TABLE_OF_CELLS, MULTIPART):
        return True
    parse = _parse_of(label)
    if parse is None:
        return False
    try:
        parse(answer.answer.body)
    except (msgspec.DecodeError, RecursionError):  # what is too deep here has a note, too
        return True
    return False


def empty_bodies(answers: Sequence[ReadAnswer], method: str) -> Iterator[CaseGap]:
    """Yield a gap if all answers are empty, but their labels are of kinds that are never empty."""
    # The answer to HEAD has the label of a body that is not sent (RFC 9110, 9.3.2)
    if len(answers) < 2 or method == "HEAD":  # noqa: PLR2004 - two
        return
    has_body = any(map(attrgetter("answer.body"), answers))
    if not has_body and all(map(_has_content, answers)):
        media_types = map(attrgetter("header.label.media"), answers)
        yield CaseGap(GapKind.EMPTY_BODY, min(media_types))


def _has_content(answer: ReadAnswer) -> bool:
    """Return whether an answer's label is of a kind of body that is never empty."""
    label = answer.header.label
    # A body of JSON lines may have no line
    if answer.status in _WITHOUT_CONTENT or LINES.recognises(label):
        return False
    return _is_any_of(label, JSON_DOCUMENT, XML, MULTIPART)


def _is_any_of(label: Label, *kinds: BodyKind) -> bool:
    return any(map(methodcaller("recognises", label), kinds))


def unsent_headers(named: Iterable[str], answers: Iterable[ReadAnswer]) -> Iterator[CaseGap]:
    """Yield the header fields that a case names and no answer to any of its steps has."""
    fields = chain.from_iterable(map(attrgetter("answer.headers"), answers))
    sent_names = map(str.lower, map(itemgetter(0), fields))
    sent = {EVERY, *sent_names}
    for name in filterfalse(sent.__contains__, named):
        yield CaseGap(GapKind.UNSENT_HEADER, name)


def too_large(stops: Iterable[Stops]) -> Iterator[CaseGap]:
    """Yield the lists and objects that are too large for a full comparison.

    In these lists, elements may belong together that were not compared; in these objects, no cause
    was looked for.
    """
    for each in stops:
        unpaired = zip(repeat(GapKind.UNPAIRED), each.unpaired)
        unexplained = zip(repeat(GapKind.UNEXPLAINED), each.unexplained)
        for kind, places in chain(unpaired, unexplained):
            yield CaseGap(kind, printable(render_path(min(places, key=repr))))
