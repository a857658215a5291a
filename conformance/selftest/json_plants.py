"""The plants in JSON bodies: each changes one value.

The change is at the first spot for which the name of the difference is certain.
"""

from codecs import BOM_UTF8
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from conformance.comparison.bodies.json_document import looks_like_json
from conformance.comparison.values.json_encoding import compact
from conformance.comparison.values.lossless_json import (
    Document,
    Json,
    Lexeme,
    NoJsonError,
    kind_of,
    parse,
)
from conformance.model.json_path import render_path
from conformance.model.observation import Answer
from conformance.selftest.json_spots import (
    Spots,
    ValueSpot,
    elements_of,
    outline,
    says_none,
    spots_of,
)
from conformance.selftest.plant import Planted, Put, planted

_ADDED: Final = "planted_by_selftest"
_RENAMED: Final = "renamed_by_selftest"
_ENVELOPE: Final = "enveloped_by_selftest"
FIRST_ERROR: Final = 400
"""The lowest status of an error."""
_EXACT: Final = 1e15
"""Below this, a number of double precision still has a digit after the decimal point."""

_CONTAINERS: Final = frozenset({"object", "array"})

Change = Callable[[Spots], tuple[str, tuple[str, ...]] | None]
"""Changes a value at one path; returns the correct names and places of the findings, or None."""


def read_json(answer: Answer) -> Document | None:
    """Return a body that is JSON and labelled so, or has no label; None for any other body."""
    try:
        return parse(answer.body) if called_json(answer, "") else None
    except NoJsonError:
        return None


def notes_on(answer: Answer) -> list[str]:
    """Return the places of the notes on a body that is read as JSON.

    Such a body is labelled JSON, or is JSON without a label.
    """
    try:
        notes = parse(answer.body).notes if called_json(answer, "") else ()
    except NoJsonError as error:
        notes = (error.note,) if answer.body and called_json(answer) else ()
    return [f"note {note}" for note in notes]


def called_json(answer: Answer, *others: str) -> bool:
    """Return whether an answer's media type is one of JSON, or one of `others`."""
    media = media_type(answer)
    return media in {"application/json", *others} or media.endswith("+json")


def media_type(answer: Answer) -> str:
    """Return the media type of an answer in lower case, without parameters; empty if none."""
    label = answer.header_text("content-type")
    return label.partition(";")[0].strip().lower()


def read_to_rewrite(answer: Answer) -> Json | None:
    """Return the value of a JSON body that can be written again without loss, or None.

    Duplicate members and a byte order mark would be lost, in addition to the plant. None also
    stands for a body that is null.
    """
    document = read_json(answer)
    if document is None:
        return None
    written_again = parse(compact(document.value).encode())
    return document.value if written_again.notes == document.notes else None


def in_json(*changes: Change) -> Put:
    """Return a plant that makes the first of the changes for which a body has a spot.

    The most certain changes come first.
    """

    def put(answer: Answer) -> Planted | None:
        for change in changes:
            value = read_to_rewrite(answer)
            attempts = map(change, spots_of(value))
            changed = next(filter(None, attempts), None)
            if changed is not None:
                names, places = changed
                body = compact(value).encode()
                return planted(replace(answer, body=body), names, *places)
        return None

    return put


def in_success(put: Put) -> Put:
    """Return a plant for successful answers only.

    In an error, the same defect is correctly named as an error of another shape.
    """
    return lambda answer: put(answer) if answer.status < FIRST_ERROR else None


def replaced(
    name: str, fits: Callable[[Spots, ValueSpot], bool], make: Callable[[Any], Json]
) -> Change:
    """Return a change that replaces the first value that fits."""

    def change(spots: Spots) -> tuple[str, tuple[str, ...]] | None:
        spot = next(filter(partial(fits, spots), spots.spots), None)
        if spot is None:
            return None
        spot.put(make(spot.value))
        return name, (spots.place,)

    return change


def some_text(spots: Spots, _: ValueSpot) -> bool:
    """Return whether all values at a path are non-empty texts that hold no JSON."""
    if not spots.all_are("string"):
        return False
    texts = spots.values
    return all(texts) and not any(map(holds_json, texts))


def holds_json(text: str) -> bool:
    """Return whether a text may itself be a JSON object or list.

    A value of another type in its place may then be reported as JSON in a text.
    """
    return text.lstrip().startswith(("{", "["))


def a_text(spots: Spots, _: ValueSpot) -> bool:
    """Return whether all values at a path are texts."""
    return spots.all_are("string")


def an_integer(spots: Spots, _: ValueSpot) -> bool:
    """Return whether all values at a path are integers."""
    return spots.all_are("integer")


def a_number(spots: Spots, _: ValueSpot) -> bool:
    """Return whether all values at a path are numbers with a fraction or an exponent."""
    return spots.all_are("number")


def a_flag(spots: Spots, _: ValueSpot) -> bool:
    """Return whether all values at a path are booleans."""
    return spots.all_are("boolean")


def an_ordered_list(spots: Spots, spot: ValueSpot) -> bool:
    """Return whether a value is a list of scalars that changes when it is reversed."""
    if not spots.all_are("array"):
        return False
    has_scalars_only = _CONTAINERS.isdisjoint(map(kind_of, spot.value))
    items = list(map(compact, spot.value))
    return has_scalars_only and items != items[::-1]


def a_list_of_likes(spots: Spots, spot: ValueSpot) -> bool:
    """Return whether a value is a list whose last element can be removed.

    The last element is the only one, or has the structure of another one. The list must be the only
    value at its path.
    """
    elements = elements_of(spot.value)
    if not spots.is_member or not elements:
        return False
    *others, last = map(outline, elements)
    return not others or last in others


def moved(number: Any) -> Json:
    """Return a number that is too far from a given number to be a rounding of it."""
    value = float(bytes(number))
    # For a large number, 11 may be less than its last digit
    other = f"{value + 11:.2f}" if abs(value) < _EXACT else f"{value / 4:e}"
    return Lexeme(other.encode())


def as_float(number: int) -> Json:
    """Return an integer written as a float: with the fraction `.0`."""
    return Lexeme(f"{number}.0".encode())


def drop(spots: Spots) -> tuple[str, tuple[str, ...]] | None:
    """Drop a member whose value is not empty-like."""
    none = says_none(spots.spots[0].value)
    return _dropped(spots, "member") if none is None else None


def _may_go(spots: Spots) -> bool:
    """Return whether a member can be dropped or renamed; the only member of an object cannot."""
    return spots.is_member and len(spots.spots[0].holder) > 1


def drop_none(spots: Spots) -> tuple[str, tuple[str, ...]] | None:
    """Drop a member whose value is empty-like: null, false, zero, or empty."""
    none = says_none(spots.spots[0].value)
    return None if none is None else _dropped(spots, none)


def _dropped(spots: Spots, name: str) -> tuple[str, tuple[str, ...]] | None:
    if not _may_go(spots):
        return None
    spot = spots.spots[0]
    del spot.holder[spot.key]
    return name, (spots.place,)


def drop_of_a_map(spots: Spots) -> tuple[str, tuple[str, ...]] | None:
    """Drop a member of an object whose member names are data.

    Another member must have the same structure, so that only the data of the object changes.
    """
    if not spots.is_of_a_map:
        return None
    first, *others = map(outline, spots.values)
    if first not in others:
        return None
    spot = spots.spots[0]
    del spot.holder[spot.key]
    return "value", (spots.above,)


def add(spots: Spots) -> tuple[str, tuple[str, ...]] | None:
    """Add a member to an object that is the only value at its path."""
    if not spots.is_member and not spots.is_of_a_map:
        return None
    spots.spots[0].holder[_ADDED] = True
    return "member", (render_path((*spots.path[:-1], _ADDED)),)


def rename(spots: Spots) -> tuple[str, tuple[str, ...]] | None:
    """Rename a member with a scalar that is not empty-like."""
    value = spots.spots[0].value
    if kind_of(value) in _CONTAINERS or says_none(value) is not None:
        return None
    return _renamed(spots, "member")


def rename_any(spots: Spots) -> tuple[str, tuple[str, ...]] | None:
    """Rename any other member; a list of objects may also be named a renamed list."""
    value = spots.spots[0].value
    none = says_none(value)
    if none is not None:
        return _renamed(spots, none)
    is_list_of_objects = isinstance(value, list) and set(map(kind_of, value)) <= {"object"}
    if is_list_of_objects:
        return _renamed(spots, "member renamed-list", spots.above)
    return _renamed(spots, "member")


def _renamed(spots: Spots, names: str, *others: str) -> tuple[str, tuple[str, ...]] | None:
    if not _may_go(spots):
        return None
    spot = spots.spots[0]
    spot.holder[_RENAMED] = spot.holder.pop(spot.key)
    return names, (spots.place, render_path((*spots.path[:-1], _RENAMED)), *others)


def double_key(answer: Answer) -> Planted | None:
    """Write the first member of an object twice."""
    value = read_to_rewrite(answer)
    if not isinstance(value, dict) or not value:
        return None
    if not called_json(answer):
        return None
    first_name, members = compact(next(iter(value))), compact(value)[1:]
    body = f"{{{first_name}:null,{members}".encode()
    return planted(replace(answer, body=body), "note", "note duplicate-key")


def add_byte_order_mark(answer: Answer) -> Planted | None:
    """Put a byte order mark before a body."""
    document = read_json(answer)
    if document is None or not called_json(answer):
        return None
    if "byte-order-mark" in document.notes:
        return None
    body = BOM_UTF8 + answer.body
    return planted(replace(answer, body=body), "note", "note byte-order-mark")


def envelop(answer: Answer) -> Planted | None:
    """Wrap a body in an object; for a scalar, this counts as a change of type only."""
    document = read_json(answer)
    if document is None or document.value == {}:
        return None
    if isinstance(document.value, str) and holds_json(document.value):
        return None
    name = "envelope" if isinstance(document.value, dict | list) else "type"
    body = f'{{"{_ENVELOPE}":'.encode() + answer.body + b"}"
    return planted(replace(answer, body=body), name, "$")


def break_json(answer: Answer) -> Planted | None:
    """Add one closing bracket too many after a body."""
    document = read_json(answer)
    if document is None:
        return None
    notes = [f"note {note}" for note in (*document.notes, "invalid-json")]
    if answer.header("content-type") is None:
        names = "body-kind note text-vs-json-error"
    elif looks_like_json(answer.body):
        names = "malformed-body note"
    else:
        names = "body-not-its-label note"
    return planted(replace(answer, body=answer.body + b"}"), names, "kind", *notes)
