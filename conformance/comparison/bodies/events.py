"""Read event streams (`text/event-stream`, section 9.2 of the HTML standard) as a list of events.

Comments, blank events and chunk boundaries are dropped.  A reader never sees an event without data,
such as a heartbeat, but its `id` and `retry` stay in force: they are given to the next event.
`[DONE]`, which ends streams of models, becomes a note, so that its absence is one difference.
Readers skip a line that is neither a field nor a comment; it is kept as text in its event.  A body
with only such lines is no event stream.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, compress, repeat
from operator import is_, methodcaller
from typing import Final

from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.event_data import (
    STRUCTURE,
    Parse,
    is_json_text,
    one_by_one,
    parsed_data,
    text_of_bytes,
)
from conformance.comparison.bodies.json_document import with_repeated
from conformance.comparison.bodies.kind import BodyKind, Record, RecordStream
from conformance.comparison.bodies.label import NO_LABEL, Label
from conformance.comparison.values.lossless_json import (
    Json,
    NoJsonError,
    parse_each,
    parse_each_repeated,
)
from conformance.comparison.values.objects import not_none, positions_of
from conformance.model.json_path import ANY_ELEMENT

EVENTS: Final = "events"
TERMINATOR: Final = b"[DONE]"
"""The data of an event by which streams of models end."""
_DATA: Final = b"data: "
_BOM: Final = b"\xef\xbb\xbf"
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_DONE: Final = _DATA + TERMINATOR
_DATA_OF_STRUCTURE: Final = tuple(_DATA + start for start in STRUCTURE)
_LAST_COUNTS: Final = frozenset({b"event", b"id", b"retry"})
_FIELD_OR_COMMENT: Final = re.compile(rb"^(?::|(?:data|event|id|retry)(?::|$))", re.MULTILINE)
_HOLD_ON: Final = frozenset({"id", "retry"})
"""Fields that stay in force after a block without data."""
UNKNOWN: Final = "unknown"
"""The member of an event with its lines that are neither a field nor a comment."""
_OF_AN_EVENT: Final = frozenset({"data", UNKNOWN})
"""A block becomes an event if it has one of these fields."""

_Fields = dict[str, bytes | list[bytes]]
_Event = bytes | _Fields
"""An event as it was sent: only its data, or its fields by name."""

ENDS_WITH_DONE: Final = "ends-with-done"
AFTER_DONE: Final = "events-after-done"
UNFINISHED: Final = "unfinished-event"
UNKNOWN_LINES: Final = "unknown-event-lines"
NO_EVENTS: Final = "no-event-stream"
_OF_EVENTS: Final = frozenset({ENDS_WITH_DONE, AFTER_DONE, UNFINISHED, UNKNOWN_LINES})
_CONTAINERS: Final = frozenset({dict, list})
_MILLISECONDS: Final = re.compile(rb"[0-9]{1,15}")
"""A `retry` of at most 15 digits is a number: readers that use floats keep it exact."""


def _recognises(label: Label) -> bool:
    return label.media == "text/event-stream"


def read_events(raw: bytes, _: Label, parse: Parse = parse_each, like: Body | None = None) -> Body:
    """Read events: each becomes an object with its fields `event`, `id`, `retry` and `data`.

    Data is JSON if it parses as an object or array, or if all data of the stream parses.  `unknown`
    has the lines that are no field.  Events equal to those of `like` at the same index are shared.
    """
    text = _text_of(raw)
    events = list(_events(text))
    if events and not _FIELD_OR_COMMENT.search(text):
        raise UnreadableBodyError("no event stream: no line is a field of an event", NO_EVENTS)
    notes = set[str]()
    if any(map(_has_unknown_lines, events)):
        notes.add(UNKNOWN_LINES)
    if _fields(text[text.rfind(b"\n\n") + 1 :]).keys() - {"event"}:
        notes.add(UNFINISHED)
    kept = list(_without_terminator(events, notes))
    value = _values(kept, notes, parse, _in_both(kept, like))
    return Body(kind=EVENTS, raw=raw, value=value, structured=True, notes=tuple(sorted(notes)))


def _has_unknown_lines(event: _Event) -> bool:
    return isinstance(event, dict) and UNKNOWN in event


def _text_of(raw: bytes) -> bytes:
    """Return a stream with LF as its only line end, and without a byte order mark."""
    text = raw.removeprefix(_BOM)
    return text if b"\r" not in text else _LINE_END.sub(b"\n", text)


def _in_both(events: Sequence[_Event], like: Body | None) -> list[Json]:
    """Return a value per event: that of `like` if it has the same event there, else None.

    Only objects and lists are shared: other data may be read differently in another stream.
    """
    known: list[Json] = [None] * len(events)
    if like is None or like.kind != EVENTS or not _OF_EVENTS.issuperset(like.notes):
        return known
    are_same = map(_are_same_data, events, _sent(like.raw), like.value)
    for at in positions_of(are_same):
        known[at] = like.value[at]
    return known


def _are_same_data(event: _Event, other: _Event, parsed: Json) -> bool:
    """Return whether two events have only data, and the same, that is an object or list."""
    if not isinstance(event, bytes) or event != other:
        return False
    return type(parsed["data"]) in _CONTAINERS


def _sent(raw: bytes) -> Iterator[_Event]:
    """Yield the events of a stream as they were sent, without `[DONE]`."""
    return chain.from_iterable(map(_but_terminator, _events(_text_of(raw))))


def _events(text: bytes) -> Iterator[_Event]:
    """Yield the events of a stream with LF line ends; most are a single line of data.

    `id` and `retry` that no event follows are yielded as one more event.
    """
    held: _Fields = {}
    last_id: bytes | list[bytes] = b""
    for block, _ in _blocks(text):
        if not held and block.startswith(_DATA) and b"\n" not in block:
            yield block[len(_DATA) :]
            continue
        fields = _fields(block)
        if _is_event(fields):
            fields = held | fields
            last_id = fields.get("id", last_id)
            held = {}
            yield fields
        else:
            held |= {name: fields[name] for name in fields.keys() & _HOLD_ON}
            if held.get("id") == last_id:
                del held["id"]
    if held:
        yield held


def _blocks(text: bytes) -> Iterator[Record]:
    """Yield the blocks between empty lines one by one, so that a stream is not held twice."""
    start = 0
    while (end := text.find(b"\n\n", start)) >= 0:
        yield text[start:end], end
        start = end + 2
    yield text[start:], len(text)


def _records(text: bytes) -> Iterator[Record]:
    """Yield the events of a stream as they were sent, without a `[DONE]` at its end.

    A block without data whose `id` or `retry` stays in force is yielded with the next event.
    """
    done: list[Record] = []
    held = b""
    for block, end in _blocks(text):
        if block == _DONE and not held:
            done.append((block, end))
        elif block.startswith(_DATA) or _is_event(_fields(block)):
            yield from done
            done.clear()
            yield held + block, end
            held = b""
        elif _fields(block).keys() & _HOLD_ON:
            held += block + b"\n\n"


def _json_of(block: bytes) -> bytes | None:
    """Return the data of an event with nothing else, if it is an object or list, else None."""
    is_data = block.startswith(_DATA_OF_STRUCTURE) and b"\n" not in block
    return block[len(_DATA) :] if is_data else None


def _data_of(event: _Event) -> bytes | None:
    """Return the data of an event, or None."""
    if isinstance(event, bytes):
        return event
    data = event.get("data")
    return data if isinstance(data, bytes) else None


def _data_in(events: Iterable[_Event]) -> list[bytes]:
    """Return the data of the events that have any."""
    return not_none(map(_data_of, events))


def _without_terminator(events: Sequence[_Event], notes: set[str]) -> Iterator[_Event]:
    """Yield the events without `[DONE]`, and add a note for it."""
    last = len(events) - 1
    for at, event in enumerate(events):
        if _data_of(event) == TERMINATOR:
            notes.add(ENDS_WITH_DONE if at == last else AFTER_DONE)
        yield from _but_terminator(event)


def _but_terminator(event: _Event) -> tuple[_Event, ...]:
    """Return an event without `[DONE]`: the event, its other fields, or nothing."""
    if _data_of(event) != TERMINATOR:
        return (event,)
    if isinstance(event, bytes):
        return ()
    rest = event.copy()
    del rest["data"]
    return (rest,) if rest else ()


def _is_event(fields: _Fields) -> bool:
    return not _OF_AN_EVENT.isdisjoint(fields)


def _fields(block: bytes) -> _Fields:
    """Return a block's fields: lines of data are joined, of other fields the last one counts."""
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


def _values(
    events: Sequence[_Event], notes: set[str], parse: Parse, known: Sequence[Json]
) -> list[Json]:
    """Return the events as values: known ones as they are, others with data as JSON or text."""
    own = compress(events, map(partial(is_, None), known))
    data = iter(parsed_data(_data_in(own), notes, parse))
    values: list[Json] = []
    for event, at_hand in zip(events, known, strict=True):
        value = _decoded(event, data, notes) if at_hand is None else at_hand
        values.append(value)
    return values


def _decoded(event: _Event, data: Iterator[Json], notes: set[str]) -> dict[str, Json]:
    """Return an event as a value; its data is the next of `data`."""
    if isinstance(event, bytes):
        return {"data": next(data)}
    decoded: dict[str, Json] = {}
    for name, value in event.items():
        if name == "data":
            decoded[name] = next(data)
        else:
            decoded[name] = _value_of(name, value, notes)
    return decoded


def _value_of(name: str, value: bytes | list[bytes], notes: set[str]) -> Json:
    """Return a field other than `data` as text, or `retry` as a number of milliseconds."""
    if isinstance(value, list):
        return list(map(text_of_bytes, value, repeat(notes)))
    if name == "retry" and _MILLISECONDS.fullmatch(value):
        return int(value)
    return text_of_bytes(value, notes)


def _read_repeated(raw: bytes) -> Json:
    return read_events(raw, NO_LABEL, parse_each_repeated).value


def _in_one_layout(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two streams whose data is read in the same way.

    If all data of only one stream is JSON, both are read event by event: a single text should not
    change how the events are read that both have.
    """
    if _is_all_json(a) is _is_all_json(b):
        return with_repeated(a, b, _read_repeated)
    first, second = map(read_events, (a.raw, b.raw), repeat(NO_LABEL), repeat(one_by_one))
    return with_repeated(first, second, _read_repeated_one_by_one)


def texts_apart(a: Body, b: Body) -> tuple[Json, Json] | None:
    """Return an event of each stream if all texts of only one are JSON strings, else None."""
    first, second = map(_texts_by_form, (a, b))
    if {(*first,), (*second,)} != {(True,), (False,)}:
        return None
    (text,), (other,) = first.values(), second.values()
    return [{"data": text}], [{"data": other}]


def _texts_by_form(body: Body) -> dict[bool, str]:
    """Return a text that is a JSON string (True) and one that is not (False), if there are any."""
    found: dict[bool, str] = {}
    for event, parsed in zip(_sent(body.raw), body.value, strict=False):
        data = _data_of(event)
        if data is not None and type(parsed.get("data")) is str:
            found.setdefault(is_json_text(data), text_of_bytes(data, set()))
    return found


def _is_all_json(body: Body) -> bool:
    """Return whether all data of a stream is JSON, including its texts."""
    data = map(methodcaller("get", "data"), body.value)
    if str not in map(type, data):
        return True
    try:
        parse_each(_data_in(_sent(body.raw)))
    except NoJsonError:
        return False
    return True


def _read_repeated_one_by_one(raw: bytes) -> Json:
    parse = partial(one_by_one, parse=parse_each_repeated)
    return read_events(raw, NO_LABEL, parse).value


EVENT_STREAM: Final = BodyKind(
    name=EVENTS,
    declared_as="events",
    recognises=_recognises,
    read=read_events,
    in_one_layout=_in_one_layout,
    has_idioms=True,
    may_be_empty=True,
    types_at=(ANY_ELEMENT, "event"),
    stream=RecordStream(
        text_of=_text_of,
        records=_records,
        between=b"\n\n",
        json_of=_json_of,
        read=read_events,
    ),
)
