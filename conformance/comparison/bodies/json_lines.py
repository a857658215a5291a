"""Read JSON lines, one JSON text per line: ndjson, jsonl, and JSON sequences (RFC 7464)."""

import re
from collections.abc import Iterator
from itertools import pairwise
from json import JSONDecoder
from operator import methodcaller
from typing import Final

from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.json_document import looks_like_json, with_repeated
from conformance.comparison.bodies.kind import BodyKind, Record, RecordStream
from conformance.comparison.bodies.label import Label
from conformance.comparison.budget import check
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
"""The names of JSON lines in media types."""
_RECORD_SEPARATOR: Final = b"\x1e"
"""What begins each record of a JSON sequence (RFC 7464)."""
_SEVERAL: Final = 2
"""A body declared as one JSON text is read as JSON lines only if it has at least this many."""
_DECODER: Final = JSONDecoder()
_WHITE_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_BLANKS: Final = b" \t\r"
"""White space of JSON inside a line."""
_STRUCTURE: Final = (b"{", b"[")


def _recognises(label: Label) -> bool:
    return _NAME.search(label.media) is not None


def read_json_lines(raw: bytes, _: Label) -> Body:
    """Read a list of records, without blank lines.

    Raise UnreadableBodyError if any line is no JSON.
    """
    lines = list(filter(None, _lines(raw)))
    try:
        values, notes = parse_each(lines)
    except NoJsonError as error:
        raise UnreadableBodyError(f"no JSON lines: {error}", error.note) from error
    return Body(kind=JSON_LINES, raw=raw, value=values, structured=True, notes=notes)


def several_documents(raw: bytes, label: Label) -> Body | None:
    """Return a body declared as one JSON text that contains several, as JSON lines; else None."""
    try:
        body = read_json_lines(raw, label)
    except UnreadableBodyError:
        documents = list(_documents(raw))
        if len(documents) < _SEVERAL:
            return None
        values, notes = parse_each(documents)
        return Body(kind=JSON_LINES, raw=raw, value=values, structured=True, notes=notes)
    return body if len(body.value) >= _SEVERAL else None


def _documents(raw: bytes) -> Iterator[bytes]:
    """Yield the JSON texts of a body one after the other; nothing if it contains anything else.

    Each must be an object or array: `12` may be one number or two.
    """
    try:
        text = raw.decode()
        starts = [*_starts_of_documents(text)]
    except (ValueError, RecursionError):
        return
    for start, end in pairwise((*starts, len(text))):
        yield text[start:end].encode()


def _starts_of_documents(text: str) -> Iterator[int]:
    """Yield the index at which each document starts.

    Raise ValueError if anything but an object or array starts there.
    """
    start = _skip_blanks(text, 0)
    while start < len(text):
        check()
        yield start
        if text[start] not in "{[":
            raise ValueError("neither an object nor an array")
        _, end = _DECODER.raw_decode(text, start)
        start = _skip_blanks(text, end)


def _skip_blanks(text: str, start: int) -> int:
    """Return the index of the first character at or after `start` that is no white space."""
    blanks = _WHITE_SPACE.match(text, start)
    return start if blanks is None else blanks.end()


def _lines(raw: bytes) -> Iterator[bytes]:
    """Yield the lines of a body.  Only LF ends a line: CR is white space in JSON."""
    return map(methodcaller("strip", _BLANKS), _separated(raw).split(b"\n"))


def _separated(raw: bytes) -> bytes:
    """Return a body with line feeds in place of record separators (RFC 7464)."""
    return raw.replace(_RECORD_SEPARATOR, b"\n") if _RECORD_SEPARATOR in raw else raw


def _records(text: bytes) -> Iterator[Record]:
    """Yield the lines that are not blank one by one, so that a stream is not held twice."""
    start = 0
    while start < len(text):
        end = text.find(b"\n", start)
        end = len(text) if end < 0 else end
        if line := text[start:end].strip(_BLANKS):
            yield line, end
        start = end + 1


def _json_of(line: bytes) -> bytes | None:
    """Return a line if it is an object or list, else None."""
    return line if line.startswith(_STRUCTURE) else None


def _read_repeated(raw: bytes) -> Json:
    return list(map(parse_repeated, filter(None, _lines(raw))))


LINES: Final = BodyKind(
    name=JSON_LINES,
    declared_as="json-lines",
    recognises=_recognises,
    read=read_json_lines,
    in_one_layout=lambda a, b: with_repeated(a, b, _read_repeated),
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
