"""The plants: one small defect each, put into an answer on its way, with the name that a run must give it.

A plant in an answer says where it was put; one on the wire is the way in which an answer is sent, or not.  Where an
answer offers no place for a plant, there is none: it is told apart from a plant that was not found.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from conformance.comparison.values.lossless_json import Json, NoJsonError, compact, kind_of, parse
from conformance.model.json_path import ANY_ELEMENT, JsonPath, render_path
from conformance.model.observation import Answer, FaultKind
from conformance.selftest.delivery import Delivery

_Spot = tuple[JsonPath, Any, Any]
"""Where a value stands: its generalised path, the object or list that holds it, and its name or index there."""


@dataclass(frozen=True, slots=True)
class Planted:
    """An answer with a defect in it, and the place at which the defect must be found."""

    answer: Answer
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """One defect: how it is put into an answer or how the answer is sent, and the names that are right for it."""

    name: str
    expected: frozenset[str]
    put: Callable[[Answer], Planted | None] | None = None
    delivery: Delivery = Delivery.WHOLE


def _names(*names: str) -> frozenset[str]:
    return frozenset(names)


def _in_body(change: Callable[[_Spot], str | None]) -> Callable[[Answer], Planted | None]:
    """Return a plant that changes the first value of a JSON body that a change fits; it returns where that shows."""

    def put(answer: Answer) -> Planted | None:
        try:
            value = parse(answer.body).value
        except NoJsonError:
            return None
        for spot in _spots(value, ()):
            path = change(spot)
            if path is not None:
                return Planted(replace(answer, body=compact(value).encode()), path)
        return None

    return put


def _in_success(put: Callable[[Answer], Planted | None]) -> Callable[[Answer], Planted | None]:
    """Return a plant for successes only: among errors the same defect is rightly called an error of another shape."""
    return lambda answer: put(answer) if answer.status < 400 else None  # noqa: PLR2004 - where errors start


def _spots(value: Json, path: JsonPath) -> Iterator[_Spot]:
    """Yield every value below the root, with what holds it, depth first, no deeper than plants need."""
    entries: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        entries = [(name, (*path, name)) for name in value]
    elif isinstance(value, list):
        entries = [(index, (*path, ANY_ELEMENT)) for index in range(len(value))]
    for key, below in entries:
        yield below, value, key
        yield from _spots(value[key], below)


def _of_kind(*kinds: str) -> Callable[[_Spot], bool]:
    return lambda spot: kind_of(spot[1][spot[2]]) in kinds


def _replaced(fits: Callable[[_Spot], bool], make: Callable[[Any], Any]) -> Callable[[Answer], Planted | None]:
    """Return a plant that puts another value in the place of one that fits."""

    def change(spot: _Spot) -> str | None:
        path, holder, key = spot
        if not fits(spot):
            return None
        holder[key] = make(holder[key])
        return render_path(path)

    return _in_body(change)


def _only_member(spot: _Spot) -> bool:
    """Tell whether a value is a member of an object that stands once, so that no other element hides its absence."""
    return isinstance(spot[1], dict) and ANY_ELEMENT not in spot[0]


def _dropped(spot: _Spot) -> str | None:
    path, holder, key = spot
    if not _only_member(spot) or len(holder) < 2:  # noqa: PLR2004 - an object that keeps another member
        return None
    del holder[key]
    return render_path(path)


def _added(spot: _Spot) -> str | None:
    path, holder, _ = spot
    if not _only_member(spot):
        return None
    holder["planted_by_selftest"] = True
    return render_path((*path[:-1], "planted_by_selftest"))


def _renamed(spot: _Spot) -> str | None:
    path, holder, key = spot
    if not _only_member(spot) or len(holder) < 2:  # noqa: PLR2004 - an object that keeps another member
        return None
    holder["renamed_by_selftest"] = holder.pop(key)
    return render_path(path)


def _reordered(spot: _Spot) -> str | None:
    path, holder, key = spot
    items = holder[key]
    scalars = isinstance(items, list) and all(kind_of(item) not in {"object", "array"} for item in items)
    if not scalars or items == items[::-1]:
        return None
    items.reverse()
    return render_path(path)


def _shortened(spot: _Spot) -> str | None:
    path, holder, key = spot
    if not isinstance(holder[key], list) or not holder[key] or ANY_ELEMENT in path:
        return None
    holder[key].pop()
    return render_path(path)


def _doubled_key(answer: Answer) -> Planted | None:
    try:
        value = parse(answer.body).value
    except NoJsonError:
        return None
    if not isinstance(value, dict) or not value:
        return None
    name = next(iter(value))
    text = compact(value)
    return Planted(replace(answer, body=f"{{{compact(name)}:null,{text[1:]}".encode()), "note duplicate-key")


def _whole_body(body: Callable[[bytes], bytes], place: str) -> Callable[[Answer], Planted | None]:
    def put(answer: Answer) -> Planted | None:
        return Planted(replace(answer, body=body(answer.body)), place) if _is_json(answer.body) else None

    return put


def _is_json(body: bytes) -> bool:
    try:
        parse(body)
    except NoJsonError:
        return False
    return True


def _status(answer: Answer) -> Planted:
    other = 503 if answer.status < 500 else 404  # noqa: PLR2004 - of another class, whatever it was
    return Planted(replace(answer, status=other), "status")


def _without_field(name: str) -> Callable[[Answer], Planted | None]:
    def put(answer: Answer) -> Planted | None:
        kept = tuple((field, value) for field, value in answer.headers if field.lower() != name)
        return Planted(replace(answer, headers=kept), f"header {name}") if len(kept) < len(answer.headers) else None

    return put


def _other_field(name: str, value: str, place: str) -> Callable[[Answer], Planted | None]:
    """Return a plant that sends another value of a field that is there."""

    def put(answer: Answer) -> Planted | None:
        changed = tuple((field, value if field.lower() == name else old) for field, old in answer.headers)
        return Planted(replace(answer, headers=changed), place) if changed != answer.headers else None

    return put


def _cut(text: str) -> str:
    return text[:-1]


PLANTS: Final[tuple[Plant, ...]] = (
    Plant(name="status-changed", expected=_names("status", "server-error-vs-refusal"), put=_status),
    Plant(name="key-dropped", expected=_names("member"), put=_in_body(_dropped)),
    Plant(name="key-added", expected=_names("member"), put=_in_body(_added)),
    Plant(name="key-renamed", expected=_names("member"), put=_in_success(_in_body(_renamed))),
    Plant(name="retyped", expected=_names("type"), put=_replaced(_of_kind("string"), lambda _: {"a": 1})),
    Plant(name="nulled", expected=_names("type"), put=_replaced(_of_kind("string"), lambda _: None)),
    Plant(name="number-as-text", expected=_names("number-as-string"), put=_replaced(_of_kind("integer"), str)),
    Plant(
        name="integer-as-float",
        expected=_names("integer-vs-float"),
        put=_replaced(_of_kind("integer"), lambda number: parse(f"{number}.0".encode()).value),
    ),
    Plant(
        name="number-rounded",
        expected=_names("value"),
        put=_replaced(_of_kind("number"), lambda number: parse(f"{float(bytes(number)) + 0.5:.1f}".encode()).value),
    ),
    Plant(
        name="text-changed",
        expected=_names("value", "error-code", "error-message"),
        put=_replaced(lambda spot: _of_kind("string")(spot) and bool(spot[1][spot[2]]), _cut),
    ),
    Plant(name="flag-turned", expected=_names("value"), put=_replaced(_of_kind("boolean"), lambda flag: not flag)),
    Plant(name="list-reordered", expected=_names("another-order"), put=_in_body(_reordered)),
    Plant(name="list-shortened", expected=_names("length", "off-by-one"), put=_in_body(_shortened)),
    Plant(name="key-doubled", expected=_names("note"), put=_doubled_key),
    Plant(
        name="byte-order-mark",
        expected=_names("note"),
        put=_whole_body(lambda body: b"\xef\xbb\xbf" + body, "note byte-order-mark"),
    ),
    Plant(name="enveloped", expected=_names("envelope"), put=_whole_body(lambda body: b'{"data":' + body + b"}", "$")),
    Plant(
        name="json-broken",
        expected=_names("body-kind", "note", "text-vs-json-error"),
        put=_whole_body(lambda body: body + b"}", "kind"),
    ),
    Plant(name="body-emptied", expected=_names("body-kind"), put=_whole_body(lambda _: b"", "kind")),
    Plant(name="header-dropped", expected=_names("header"), put=_without_field("content-type")),
    Plant(name="etag-dropped", expected=_names("header"), put=_without_field("etag")),
    Plant(
        name="media-type-changed",
        expected=_names("header"),
        put=_other_field("content-type", "application/vnd.selftest+json", "header content-type"),
    ),
    Plant(name="truncated", expected=_names(FaultKind.TRUNCATED_BODY.value), delivery=Delivery.TRUNCATED),
    Plant(name="cut-in-header", expected=_names(FaultKind.CLOSED_IN_HEADERS.value), delivery=Delivery.CUT_IN_HEADER),
    Plant(name="slow", expected=_names(FaultKind.TIMEOUT_TOTAL.value), delivery=Delivery.DRIPPED),
    Plant(name="hung", expected=_names(FaultKind.TIMEOUT_IDLE.value), delivery=Delivery.NEVER),
    Plant(name="closed", expected=_names(FaultKind.CLOSED_BEFORE_RESPONSE.value), delivery=Delivery.CLOSED),
    Plant(name="reset", expected=_names(FaultKind.RESET.value), delivery=Delivery.RESET),
    Plant(name="not-http", expected=_names(FaultKind.NOT_HTTP.value), delivery=Delivery.NOT_HTTP),
    Plant(name="badly-coded", expected=_names(FaultKind.BAD_CONTENT_ENCODING.value), delivery=Delivery.BADLY_CODED),
    Plant(name="endless", expected=_names(FaultKind.BODY_TOO_LARGE.value), delivery=Delivery.ENDLESS),
    Plant(name="crashed", expected=_names(FaultKind.RUNTIME_CRASHED.value), delivery=Delivery.CRASHED),
)
