"""Event streams (`text/event-stream`, the HTML standard's section 9.2) as a list of events.

Comments, blank events and where a chunk ended are nothing.  `[DONE]`, by which streams of models end, is no event: it
is a note, so that its absence is one difference.  Readers skip a line that is neither a field nor a comment; here it is
kept as text in its event.  A body that has no other lines is no event stream.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.json_document import with_repeated
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.label import NO_LABEL, Label
from conformance.comparison.values.lossless_json import Json, NoJsonError, parse_each, parse_each_repeated

EVENTS: Final = "events"
TERMINATOR: Final = b"[DONE]"
_BOM: Final = b"\xef\xbb\xbf"
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_STRUCTURE: Final = (b"{", b"[")
_LAST_COUNTS: Final = frozenset({b"event", b"id", b"retry"})
_UNKNOWN: Final = "unknown"
"""The member of an event with its lines that are no field of an event."""

_Fields = dict[str, bytes | list[bytes]]
_Parse = Callable[[Sequence[bytes]], tuple[list[Json], tuple[str, ...]]]
"""Reads JSON texts: their values, and the notes on any."""

ENDS_WITH_DONE: Final = "ends-with-done"
AFTER_DONE: Final = "events-after-done"
UNFINISHED: Final = "unfinished-event"
UNKNOWN_LINES: Final = "unknown-event-lines"
NO_EVENTS: Final = "no-event-stream"
NO_UTF_8: Final = "not-utf-8"


def _recognises(label: Label) -> bool:
    return label.media == "text/event-stream"


def read_events(raw: bytes, _: Label, parse: _Parse = parse_each) -> Body:
    """Read events, each an object with those of `event`, `id`, `retry` and `data` that were sent for it.

    Data is JSON where it parses as an object or array, or where all data of the stream parses.  `unknown` has the lines
    that are no field.
    """
    text = raw.removeprefix(_BOM)
    text = text if b"\r" not in text else _LINE_END.sub(b"\n", text)
    blocks = text.split(b"\n\n")
    events = [fields for block in blocks if block and (fields := _fields(block))]
    if events and all(event.keys() == {_UNKNOWN} for event in events) and not _has_comment(text):
        raise UnreadableBodyError("no event stream: no line is a field of an event", NO_EVENTS)
    notes = set() if text.endswith(b"\n\n") or not events or not blocks[-1].strip(b"\n") else {UNFINISHED}
    if any(_UNKNOWN in event for event in events):
        notes.add(UNKNOWN_LINES)
    kept = [event for event in events if event.get("data") != TERMINATOR]
    if len(kept) < len(events):
        notes.add(ENDS_WITH_DONE if events[-1].get("data") == TERMINATOR else AFTER_DONE)
    value: list[Json] = [_decoded(event, notes) for event in kept]
    _parse_data(value, notes, parse)
    return Body(kind=EVENTS, raw=raw, value=value, structured=True, notes=tuple(sorted(notes)))


def _has_comment(text: bytes) -> bool:
    return text.startswith(b":") or b"\n:" in text


def _fields(block: bytes) -> _Fields:
    """Return the fields of an event: lines of data are joined, of the others the last counts."""
    if block.startswith(b"data: ") and b"\n" not in block:
        return {"data": block[6:]}
    found: _Fields = {}
    data: list[bytes] = []
    unknown: list[bytes] = []
    for line in block.split(b"\n"):
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            data.append(value)
        elif name in _LAST_COUNTS:
            found[name.decode()] = value
        elif name:
            unknown.append(line)
    if data:
        found["data"] = b"\n".join(data)
    if unknown:
        found[_UNKNOWN] = unknown
    return found


def _decoded(event: _Fields, notes: set[str]) -> dict[str, Json]:
    """Return an event with its fields as text, data that may be JSON as bytes; `retry` is a number of milliseconds."""
    decoded: dict[str, Json] = {}
    for name, value in event.items():
        if isinstance(value, list):
            decoded[name] = [_text(line, notes) for line in value]
        elif name == "data":
            decoded[name] = value
        elif name == "retry" and value.isdigit() and len(value) < 16:  # noqa: PLR2004 - what a float holds exactly
            decoded[name] = int(value)
        else:
            decoded[name] = _text(value, notes)
    return decoded


def _text(value: bytes, notes: set[str]) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        notes.add(NO_UTF_8)
        return value.decode("utf-8", "replace")


def _parse_data(events: list[dict[str, Json]], notes: set[str], parse: _Parse) -> None:
    """Put JSON in the place of data, as far as it parses."""
    holders = [event for event in events if "data" in event]
    try:
        values, found = parse([event["data"] for event in holders])
    except NoJsonError:
        for event in holders:
            event["data"] = _one(event["data"], notes, parse)
        return
    notes.update(found)
    for event, value in zip(holders, values, strict=True):
        event["data"] = value


def _one(data: bytes, notes: set[str], parse: _Parse) -> Json:
    """Return one event's data: as JSON where it is an object or array, else as text."""
    if data.lstrip(b" ").startswith(_STRUCTURE):
        try:
            (value,), found = parse([data])
        except NoJsonError:
            return _text(data, notes)
        notes.update(found)
        return value
    return _text(data, notes)


def _read_repeated(raw: bytes) -> Json:
    return read_events(raw, NO_LABEL, parse_each_repeated).value


EVENT_STREAM: Final = BodyKind(
    name=EVENTS,
    word="events",
    recognises=_recognises,
    read=read_events,
    beside=lambda a, b: with_repeated(a, b, _read_repeated),
    has_idioms=True,
)
