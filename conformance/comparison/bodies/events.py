"""Event streams (`text/event-stream`, the HTML standard's section 9.2) as a list of events.

Comments, blank events and where a chunk ended are nothing.  `[DONE]`, by which streams of models
end, is no event: it is a note, so that its absence is one difference.  Readers skip a line that is
neither a field nor a comment; here it is kept as text in its event.  A body that has no other lines
is no event stream.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.json_document import with_repeated
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.label import NO_LABEL, Label
from conformance.comparison.values.lossless_json import (
    Json,
    NoJsonError,
    parse_each,
    parse_each_repeated,
)

EVENTS: Final = "events"
TERMINATOR: Final = b"[DONE]"
_DATA: Final = b"data: "
_BOM: Final = b"\xef\xbb\xbf"
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_STRUCTURE: Final = (b"{", b"[")
_LAST_COUNTS: Final = frozenset({b"event", b"id", b"retry"})
UNKNOWN: Final = "unknown"
"""The member of an event with its lines that are no field of an event."""

_Fields = dict[str, bytes | list[bytes]]
_Event = bytes | _Fields
"""An event as it was sent: its data alone, or its fields."""
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
    """Read events, each an object with the sent ones of `event`, `id`, `retry` and `data`.

    Data is JSON where it parses as an object or array, or where all data of the stream parses.
    `unknown` has the lines that are no field.
    """
    text = raw.removeprefix(_BOM)
    text = text if b"\r" not in text else _LINE_END.sub(b"\n", text)
    events = list(_events(text))
    unknown = [event for event in events if isinstance(event, dict) and UNKNOWN in event]
    if (
        events
        and sum(len(event) == 1 for event in unknown) == len(events)
        and not _has_comment(text)
    ):
        raise UnreadableBodyError("no event stream: no line is a field of an event", NO_EVENTS)
    notes = {UNKNOWN_LINES} if unknown else set[str]()
    if events and text[text.rfind(b"\n\n") + 1 :].strip(b"\n"):
        notes.add(UNFINISHED)
    value = _values(list(_without_terminator(events, notes)), notes, parse)
    return Body(kind=EVENTS, raw=raw, value=value, structured=True, notes=tuple(sorted(notes)))


def _events(text: bytes) -> Iterator[_Event]:
    """Yield the events of a stream whose lines end in LF; most have one line, of data."""
    for block in _blocks(text):
        if block.startswith(_DATA) and b"\n" not in block:
            yield block[len(_DATA) :]
        elif fields := _fields(block):
            yield fields


def _blocks(text: bytes) -> Iterator[bytes]:
    """Yield what stands between empty lines, one after the other: a stream is not held twice."""
    start = 0
    while (end := text.find(b"\n\n", start)) >= 0:
        yield text[start:end]
        start = end + 2
    yield text[start:]


def _data_of(event: _Event) -> bytes | None:
    """Return the data of an event, None where it has none."""
    if isinstance(event, bytes):
        return event
    data = event.get("data")
    return data if isinstance(data, bytes) else None


def _without_terminator(events: Sequence[_Event], notes: set[str]) -> Iterator[_Event]:
    """Yield the events without `[DONE]`, which is a note; of one that has other fields, these."""
    last = len(events) - 1
    for at, event in enumerate(events):
        if _data_of(event) != TERMINATOR:
            yield event
            continue
        notes.add(ENDS_WITH_DONE if at == last else AFTER_DONE)
        if isinstance(event, dict) and len(event) > 1:
            yield {name: value for name, value in event.items() if name != "data"}


def _has_comment(text: bytes) -> bool:
    return text.startswith(b":") or b"\n:" in text


def _fields(block: bytes) -> _Fields:
    """Return the fields of an event: lines of data are joined, of the others the last counts."""
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
        found[UNKNOWN] = unknown
    return found


def _values(events: Sequence[_Event], notes: set[str], parse: _Parse) -> list[Json]:
    """Return events as values, their data as JSON as far as it parses."""
    data = iter(
        _parsed([data for event in events if (data := _data_of(event)) is not None], notes, parse)
    )
    return [
        {"data": next(data)} if isinstance(event, bytes) else _decoded(event, data, notes)
        for event in events
    ]


def _decoded(event: _Fields, data: Iterator[Json], notes: set[str]) -> dict[str, Json]:
    """Return an event with its fields as text, and the next of the data.

    `retry` is a number of milliseconds.
    """
    decoded: dict[str, Json] = {}
    for name, value in event.items():
        if isinstance(value, list):
            decoded[name] = [_text(line, notes) for line in value]
        elif name == "data":
            decoded[name] = next(data)
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
        return value.decode("utf-8", "surrogateescape")


def _parsed(data: list[bytes], notes: set[str], parse: _Parse) -> list[Json]:
    """Return data as JSON where all of it parses, or else where it is an object or array."""
    try:
        values, found = parse(data)
    except NoJsonError:
        return [_one(each, notes, parse) for each in data]
    notes.update(found)
    return values


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
    may_be_empty=True,
)
