"""The plants: one small defect each, with the names that a run must give it.

A plant in an answer has its correct names and places; a plant on the wire is a way in which an
answer is sent, or not sent. A plant that has no place in an answer does not count as missed.
"""

from typing import Final

from msgspec.structs import replace

from conformance.model.observation import Answer, FaultKind
from conformance.selftest.delivery import Delivery
from conformance.selftest.json_plants import (
    FIRST_ERROR,
    a_flag,
    a_list_of_likes,
    a_number,
    a_text,
    add,
    add_byte_order_mark,
    an_integer,
    an_ordered_list,
    as_float,
    break_json,
    double_key,
    drop,
    drop_none,
    drop_of_a_map,
    envelop,
    holds_json,
    in_json,
    in_success,
    media_type,
    moved,
    notes_on,
    read_json,
    rename,
    rename_any,
    replaced,
    some_text,
)
from conformance.selftest.plant import Plant, Planted, Put, planted

_SERVER_ERROR: Final = 500
_OTHER_LABELS: Final = {
    "text/plain": "text/vnd.selftest",
    "text/html": "application/vnd.selftest+html",
    "application/octet-stream": "application/vnd.selftest",
}
"""For each media type, another one for which a body is read in the same way."""


_EMPTY_IS_NOTHING: Final = frozenset(
    {"application/x-www-form-urlencoded", "application/x-ndjson", "text/event-stream"}
)
"""Media types whose empty body is still of the same kind: it holds nothing."""


def _change_status(answer: Answer) -> Planted:
    """Change the status to one of another class."""
    other = 503 if answer.status < _SERVER_ERROR else 404
    return planted(replace(answer, status=other), "status server-error-vs-refusal", "status")


def _empty_body(answer: Answer) -> Planted | None:
    """Remove the body, and so the notes on it."""
    if not answer.body or media_type(answer) in _EMPTY_IS_NOTHING:
        return None
    notes = notes_on(answer)
    names = "body-kind note" if notes else "body-kind"
    return planted(replace(answer, body=b""), names, "kind", *notes)


def _drop_label(answer: Answer) -> Planted | None:
    """Drop the media type.

    Without it, the body may be of another kind, or have no more notes.
    """
    dropped = _without_field("content-type")(answer)
    if dropped is None or not answer.body:
        return dropped
    document = read_json(answer)
    if document is not None and isinstance(document.value, dict | list):
        return dropped  # such a body is read as JSON without a label, too
    of_error = " text-vs-json-error" if answer.status >= FIRST_ERROR else ""
    names = f"header body-kind note{of_error}"
    return planted(dropped.answer, names, *dropped.places, "kind", *notes_on(answer))


def _without_field(name: str) -> Put:
    def put(answer: Answer) -> Planted | None:
        kept = tuple((field, value) for field, value in answer.headers if field.lower() != name)
        if len(kept) == len(answer.headers):
            return None
        return planted(replace(answer, headers=kept), "header", f"header {name}")

    return put


def _change_label(answer: Answer) -> Planted | None:
    """Change the media type to one for which the body is read in the same way."""
    other = _other_label(answer)
    if other is None:
        return None
    headers = tuple(
        (field, other if field.lower() == "content-type" else value)
        for field, value in answer.headers
    )
    return planted(replace(answer, headers=headers), "header", "header content-type")


def _other_label(answer: Answer) -> str | None:
    """Return another media type for which a body is read in the same way, or None."""
    media = media_type(answer)
    if media.endswith(("/xml", "+xml")):
        return "application/vnd.selftest+xml"
    if media and read_json(answer) is not None:
        return "application/vnd.selftest+json"
    if holds_json(answer.body.decode("latin-1")):
        return None
    return _OTHER_LABELS.get(media)


_IN_ANSWERS: Final[dict[str, Put]] = {
    "status-changed": _change_status,
    "key-dropped": in_json(drop, drop_none, drop_of_a_map),
    "key-added": in_json(add),
    "key-renamed": in_success(in_json(rename, rename_any)),
    "retyped": in_json(replaced("type", some_text, lambda _: {"a": 1})),
    "nulled": in_json(replaced("type", some_text, lambda _: None)),
    "number-as-text": in_json(replaced("number-as-string", an_integer, str)),
    "integer-as-float": in_json(replaced("integer-vs-float", an_integer, as_float)),
    "number-changed": in_success(in_json(replaced("value", a_number, moved))),
    "text-changed": in_success(in_json(replaced("value", a_text, lambda text: f"selftest {text}"))),
    "flag-turned": in_success(in_json(replaced("value", a_flag, lambda flag: not flag))),
    "list-reordered": in_json(
        replaced("another-order", an_ordered_list, lambda items: items[::-1])
    ),
    "list-shortened": in_json(
        replaced("length off-by-one", a_list_of_likes, lambda items: items[:-1])
    ),
    "key-doubled": double_key,
    "byte-order-mark": add_byte_order_mark,
    "enveloped": envelop,
    "json-broken": break_json,
    "body-emptied": _empty_body,
    "header-dropped": _drop_label,
    "etag-dropped": _without_field("etag"),
    "media-type-changed": _change_label,
}
_ON_THE_WIRE: Final = {
    "truncated": (Delivery.TRUNCATED, FaultKind.TRUNCATED_BODY),
    "cut-in-header": (Delivery.CUT_IN_HEADER, FaultKind.CLOSED_IN_HEADERS),
    "slow": (Delivery.DRIPPED, FaultKind.TIMEOUT_TOTAL),
    "hung": (Delivery.NEVER, FaultKind.TIMEOUT_IDLE),
    "closed": (Delivery.CLOSED, FaultKind.CLOSED_BEFORE_RESPONSE),
    "reset": (Delivery.RESET, FaultKind.RESET),
    "not-http": (Delivery.NOT_HTTP, FaultKind.NOT_HTTP),
    "badly-coded": (Delivery.BADLY_CODED, FaultKind.BAD_CONTENT_ENCODING),
    "endless": (Delivery.ENDLESS, FaultKind.BODY_TOO_LARGE),
    "crashed": (Delivery.CRASHED, FaultKind.RUNTIME_CRASHED),
}
PLANTS: Final[tuple[Plant, ...]] = (
    *(Plant(name=name, put=put) for name, put in _IN_ANSWERS.items()),
    *(
        Plant(name=name, delivery=delivery, fault=fault)
        for name, (delivery, fault) in _ON_THE_WIRE.items()
    ),
)
