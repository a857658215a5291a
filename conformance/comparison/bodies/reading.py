"""The table of all kinds of body, and the one function that reads a body.

The suite's declaration decides the kind, or else the label.  If the label has no meaning, a body
that begins like a JSON object or array and parses is JSON.  A body that is not of its kind, or of
no kind, is text or bytes.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import repeat
from operator import methodcaller
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body, BodyPart, UnreadableBodyError
from conformance.comparison.bodies.charset import UTF_8
from conformance.comparison.bodies.content_range import is_a_fragment
from conformance.comparison.bodies.events import EVENT_STREAM, read_events
from conformance.comparison.bodies.form import FORM
from conformance.comparison.bodies.html import HTML
from conformance.comparison.bodies.json_document import JSON_DOCUMENT, looks_like_json
from conformance.comparison.bodies.json_lines import LINES, several_documents
from conformance.comparison.bodies.kind import BodyKind, RecordStream
from conformance.comparison.bodies.kind_names import BINARY, TEXT
from conformance.comparison.bodies.label import NO_LABEL, Label, read_label
from conformance.comparison.bodies.long_streams import read_mostly_alike
from conformance.comparison.bodies.multipart import UNENDED_PARTS, multipart_kind, read_parts
from conformance.comparison.bodies.split_cells import INVALID_TABLE
from conformance.comparison.bodies.table import TABLE_OF_CELLS
from conformance.comparison.bodies.text import BYTES, PLAIN_TEXT, read_any, read_binary
from conformance.comparison.bodies.xml import MALFORMED_XML, XML
from conformance.comparison.values.lossless_json import INVALID_JSON, NOT_UTF_8
from conformance.model.json_path import JsonPath
from conformance.model.observation import Answer

EMPTY: Final = "empty"
"""The kind of an empty body."""
OF_JSON: Final = frozenset({JSON_DOCUMENT.name, LINES.name, EVENT_STREAM.name})
"""Kinds that a JSON serialiser writes."""
_MAY_BE_JSON: Final = frozenset({"", JSON_DOCUMENT.declared_as})
"""Declarations of a suite with which a body may be read as JSON."""
_UNREAD: Final = frozenset({TEXT, BINARY, HTML.name})
"""Kinds that a body may have only by its label: its content may still be JSON."""
_MALFORMED: Final = frozenset({INVALID_JSON, MALFORMED_XML, INVALID_TABLE, UNENDED_PARTS})
"""Notes on bodies that a single fault makes unreadable, often one at the end."""
_OTHER_CHARSETS: Final = ("utf-16", "utf-16-be", "utf-32", "utf-32-be", "latin-1")
"""Charsets in which JSON is searched for, if it is not UTF-8.

Without a byte order mark, Python reads the first and the third one as little-endian.
"""
_SAYS_NOTHING: Final = frozenset({"", "text/plain", "application/octet-stream"})
"""Media types that say nothing about the structure of a body."""


def read_body(raw: bytes, label: Label, declared: str = "") -> Body:
    """Read a body by its label, or as JSON if it contains that under another label.

    `declared` is the word of the kind that the suite declares: then it is read only as that.
    """
    body = _read(raw, label, declared)
    is_unread = body.kind in _UNREAD and not body.malformed
    if is_unread and declared in _MAY_BE_JSON:
        return _as_json(body)
    return body


def _read(raw: bytes, label: Label, declared: str) -> Body:
    """Read a body by its label or declaration; one that cannot be read becomes text."""
    kind = _declared(label, declared)
    if not raw and not kind.may_be_empty:
        return Body(kind=EMPTY, raw=raw)
    if declared == BYTES.declared_as:
        return read_binary(raw, label)
    label_says_nothing = kind is BYTES or label.media in _SAYS_NOTHING
    if label_says_nothing and not declared:
        return _by_content(raw, label, kind)
    try:
        return kind.read(raw, label)
    except UnreadableBodyError as error:
        return _as_other_kind(raw, label, kind, error)


def read_body_like(raw: bytes, label: Label, declared: str, other: Body) -> Body:
    """Read a body; events that `other` has at the same index are shared with it."""
    if _declared(label, declared) is EVENT_STREAM:
        with suppress(UnreadableBodyError):
            return read_events(raw, label, like=other)
    return read_body(raw, label, declared)


def read_long_streams(
    raws: tuple[bytes, bytes], labels: tuple[Label, Label], declared: str
) -> tuple[Body, Body] | None:
    """Return two long bodies of records with most of these in common, or None for other bodies."""
    first, second = map(_declared, labels, repeat(declared))
    if first is not second or first.stream is None:
        return None
    is_one_body = raws[0] == raws[1]
    return None if is_one_body else read_mostly_alike(first.stream, *raws)


def stream_of(kind: str) -> RecordStream | None:
    """Return how to find the records of a kind of body, or None if it has no records."""
    return _BY_NAME.get(kind, BYTES).stream


def kind_to_read(label: Label, declared: str = "") -> str:
    """Return the name of the kind as which a body will be read, if it can be."""
    return _declared(label, declared).name


def read_body_of(answer: Answer, declared: str = "") -> Body:
    """Read the body of an answer by its label; a byte range is read as text or bytes."""
    label = read_label(answer.header_text("content-type"))
    if is_a_fragment(answer) and not declared:
        return read_any(answer.body, label)
    return read_body(answer.body, label, declared)


def _declared(label: Label, declared: str) -> BodyKind:
    """Return the kind that the suite declares, else the kind of the label."""
    return _BY_DECLARATION[declared] if declared else _by_label(label)


def _by_label(label: Label) -> BodyKind:
    """Return the first kind that recognises a label."""
    return next(filter(methodcaller("recognises", label), KINDS))


def _by_content(raw: bytes, label: Label, kind: BodyKind) -> Body:
    """Read a body whose label says nothing about its structure: as JSON if it is that."""
    read = _json_in(raw, label)
    if read is not None:
        return replace(read, spelling_counts=bool(label.media))
    if not label.media:
        return read_any(raw, label)
    return kind.read(raw, label)


def _json_in(raw: bytes, label: Label) -> Body | None:
    """Return a body that looks like JSON as JSON, or None if it is none."""
    with suppress(UnreadableBodyError):
        if looks_like_json(raw):
            return JSON_DOCUMENT.read(raw, label)
    return None


def _as_other_kind(raw: bytes, label: Label, kind: BodyKind, error: UnreadableBodyError) -> Body:
    """Return a body that is not of its declared kind as JSON lines, or as text with a note."""
    if kind is JSON_DOCUMENT:
        lines = several_documents(raw, label)
        if lines is not None:
            return lines
    read = PLAIN_TEXT.read(raw, label)
    notes = tuple(sorted(filter(None, {*read.notes, error.note})))
    is_malformed = error.note in _MALFORMED and kind.begins(raw)
    malformed = kind.name if is_malformed else ""
    return replace(read, notes=notes, misfit=str(error), malformed=malformed)


def as_labelled_if_kinds_differ(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two bodies; if their kinds differ, both as their labels say."""
    return (a, b) if a.kind == b.kind else (a.as_labelled, b.as_labelled)


def _as_json(body: Body) -> Body:
    """Return a body as the JSON object or array in it, whatever its charset, else unchanged."""
    # A label that only says `text` is also right for JSON
    says_text = body.kind == TEXT and NOT_UTF_8 not in body.notes
    label_kind = "" if says_text else body.kind
    for charset, raw in _in_utf_8(body):
        read = _json_in(raw, NO_LABEL)
        if read is None:
            continue
        notes = {*read.notes, *body.notes}
        if raw is not body.raw:
            notes.add(NOT_UTF_8)
        return replace(
            read,
            raw=body.raw,
            charset=charset,
            label_kind=label_kind,
            by_label=body,
            spelling_counts=True,
            notes=tuple(sorted(notes)),
        )
    return body


def _in_utf_8(body: Body) -> Iterator[tuple[str, bytes]]:
    """Yield the body as UTF-8, decoded from each charset that it may be in, with the charset."""
    charsets: Sequence[str] = _OTHER_CHARSETS
    if NOT_UTF_8 not in body.notes:
        yield UTF_8, body.raw
        charsets = (body.charset or UTF_8,)
    for charset in charsets:
        with suppress(UnicodeError):
            yield charset, body.raw.decode(charset).encode()


def read_part(raw: bytes, label: Label, depth: int) -> Body:
    """Read a part that is inside `depth` other parts; it may have parts itself."""
    if _by_label(label).name != MULTIPART.name or not raw:
        return read_body(raw, label)
    try:
        return read_parts(raw, label, read_part, depth)
    except UnreadableBodyError as error:
        return _as_other_kind(raw, label, MULTIPART, error)


def _parts_in_one_layout(a: Body, b: Body) -> tuple[Body, Body]:
    return bodies_in_one_layout(a, b)  # Defined here, as it needs the table of kinds


MULTIPART: Final = multipart_kind(read_part, _parts_in_one_layout)
KINDS: Final[tuple[BodyKind, ...]] = (
    LINES,
    JSON_DOCUMENT,
    EVENT_STREAM,
    TABLE_OF_CELLS,
    HTML,
    XML,
    FORM,
    MULTIPART,
    PLAIN_TEXT,
    BYTES,
)
"""All kinds, in the order in which labels are matched: JSON lines before JSON, text and bytes last.
"""
_BY_DECLARATION: Final = {kind.declared_as: kind for kind in KINDS}
_BY_NAME: Final = {kind.name: kind for kind in KINDS}


def have_idioms(a: Body, b: Body) -> bool:
    """Return whether to look for idioms of programming languages in two bodies.

    Only if both contain values of a serialiser: a text in a part is not such a value.
    """
    return all(map(_has_idioms, (a, b)))


def _has_idioms(body: Body) -> bool:
    """Return whether to look for idioms of programming languages in a body."""
    # Texts in parts are no values of a serialiser
    if body.parts and not any(map(_has_structure, body.parts)):
        return False
    return _kind_of(body).has_idioms


def _has_structure(part: BodyPart) -> bool:
    """Return whether a part contains values of a serialiser, at any depth."""
    if not part.body.parts:
        return part.body.structured
    return any(map(_has_structure, part.body.parts))


def types_in(body: Body) -> JsonPath | None:
    """Return the path at which the elements of a body name their type, or None.

    Such a type is part of the body's shape.
    """
    return _kind_of(body).types_at


def bodies_in_one_layout(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two bodies in one layout if they are of one kind, else unchanged."""
    return _kind_of(a).in_one_layout(a, b) if a.kind == b.kind else (a, b)


def _kind_of(body: Body) -> BodyKind:
    """Return the kind of a body; an empty body counts as bytes."""
    return _BY_NAME.get(body.kind, BYTES)
