"""JSON lines: one JSON text per line, a record stream (ndjson, jsonl, RFC 7464 with separators)."""

import re
from collections.abc import Iterator
from typing import Final

from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.json_document import looks_like_json, with_repeated
from conformance.comparison.bodies.kind import BodyKind, Record, RecordStream
from conformance.comparison.bodies.label import Label
from conformance.comparison.values.lossless_json import (
    Json,
    NoJsonError,
    parse_each,
    parse_repeated,
)

JSON_LINES: Final = "JSON lines"
_NAME: Final = re.compile(
    r"[/+.-](?:x-)?(?:ndjson|jsonl|jsonlines|json-lines|json-seq|ldjson|stream\+json)\b"
)
_RECORD_SEPARATOR: Final = b"\x1e"
_BLANKS: Final = b" \t\r"
_STRUCTURE: Final = (b"{", b"[")


def _recognises(label: Label) -> bool:
    return _NAME.search(label.media) is not None


def read_json_lines(raw: bytes, _: Label) -> Body:
    """Read a list of records; blank lines are nothing.

    A line that is no JSON makes the whole unreadable.
    """
    lines = [line for line in _lines(raw) if line]
    try:
        values, notes = parse_each(lines)
    except NoJsonError as error:
        raise UnreadableBodyError(f"no JSON lines: {error}", error.note) from error
    return Body(kind=JSON_LINES, raw=raw, value=values, structured=True, notes=notes)


def several_documents(raw: bytes, label: Label) -> Body | None:
    """Return a body that is declared to be one JSON text and holds several, a line each.

    Else None.
    """
    try:
        body = read_json_lines(raw, label)
    except UnreadableBodyError:
        return None
    records: list[Json] = body.value
    return body if len(records) > 1 else None


def _lines(raw: bytes) -> Iterator[bytes]:
    """Yield the lines of a body, which only LF ends: a CR is white space of JSON."""
    return (line.strip(_BLANKS) for line in _separated(raw).split(b"\n"))


def _separated(raw: bytes) -> bytes:
    return raw.replace(_RECORD_SEPARATOR, b"\n") if _RECORD_SEPARATOR in raw else raw


def _records(text: bytes) -> Iterator[Record]:
    """Yield the lines that are no blank ones, one after the other: a stream is not held twice."""
    start = 0
    while start < len(text):
        end = text.find(b"\n", start)
        end = len(text) if end < 0 else end
        if line := text[start:end].strip(_BLANKS):
            yield line, end
        start = end + 1


def _json_of(line: bytes) -> bytes | None:
    return line if line.startswith(_STRUCTURE) else None


def _read_repeated(raw: bytes) -> Json:
    return [parse_repeated(line) for line in _lines(raw) if line]


LINES: Final = BodyKind(
    name=JSON_LINES,
    word="json-lines",
    recognises=_recognises,
    read=read_json_lines,
    beside=lambda a, b: with_repeated(a, b, _read_repeated),
    has_idioms=True,
    begins=lambda raw: looks_like_json(raw.lstrip(_RECORD_SEPARATOR)),
    may_be_empty=True,
    stream=RecordStream(
        text_of=_separated,
        records=_records,
        between=b"\n",
        json_of=_json_of,
        read=read_json_lines,
    ),
)
