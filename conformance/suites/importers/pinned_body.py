"""An expectation of a body that pins it at some paths only.

The input is the expected answer, the observed answer, and the places where they differ.  The output
is a value with matchers, which demands nothing at any other place.  The expectation fails while the
answers differ at these places, and passes once they do not.
"""

import json
import re
from collections.abc import Iterable, Sequence
from itertools import filterfalse, zip_longest
from operator import itemgetter, methodcaller
from typing import Any, Final

from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, IN_TEXT, JsonPath, path_of_place
from conformance.model.observation import Answer

_ANYTHING: Final = {"$is": "any"}
_MISSING: Final = object()
_KINDS: Final = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}
_FORMS: Final = {
    bool: {"$is": "boolean"},
    int: {"$is": "integer"},
    float: {"$not": {"$is": "integer"}},
}
"""The matchers for the form of a value that equals one of another form, as 1 equals 1.0."""
_MATCHER: Final = re.compile(r'(?<!\\)"\$(?:[^"\\]|\\.)*": ')
"""A member that begins with `$`, as matchers do: a value with one is not read as a literal."""
_START: Final = itemgetter(slice(1))
_WHOLE: Final = frozenset({(), (IN_TEXT,)})
"""The beginnings of paths that end here, or lead into a text."""


def body_expectation(
    wanted: Answer, observed: Answer | None, places: Iterable[str]
) -> dict[str, Any]:
    """Return the expectation for the body of an answer at some places: a value under `json`.

    A body that is no JSON is expected as a whole, under `body`.  The result is empty if no place
    can be pinned.
    """
    # All other places are those of the status, of header fields and of notes
    of_body = filter(methodcaller("startswith", ("$", "kind")), places)
    paths = [path_of_place(place) or () for place in of_body]
    if not paths:
        return {}
    expected = _json_of(wanted)
    if expected is _MISSING:
        return _as_text(wanted)
    value = _pinned(expected, _json_of(observed), paths)
    if value is _ANYTHING:
        return {}
    return {"json": value}


def _json_of(answer: Answer | None) -> Any:
    """Return the JSON value of a body; `_MISSING` without an answer or JSON."""
    if answer is None:
        return _MISSING
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return _MISSING


def _as_text(wanted: Answer) -> dict[str, Any]:
    try:
        return {"body": wanted.body.decode("utf-8")}
    except UnicodeDecodeError:
        # A suite is text: it cannot hold other bytes
        return {}


def _pinned(wanted: Any, observed: Any, paths: Sequence[JsonPath]) -> Any:
    """Return an expectation of a value at some paths; `_ANYTHING` if none can be pinned."""
    is_whole = not _WHOLE.isdisjoint(map(_START, paths))
    if is_whole:
        return _whole(wanted, observed)
    if isinstance(wanted, dict):
        return _members(wanted, _of_kind(dict, observed), paths)
    if isinstance(wanted, list):
        return _elements(wanted, _of_kind(list, observed), paths)
    return _ANYTHING


def _of_kind(kind: type[Any], value: Any) -> Any:
    if not isinstance(value, kind):
        return kind()
    return value


def _whole(wanted: Any, observed: Any) -> Any:
    """Return an expectation that accepts a value and refuses the observed one.

    If nothing was observed, only the kind is expected: the value may differ in each answer.
    """
    if wanted == observed:
        return _FORMS.get(type(wanted), _ANYTHING)
    kind = _kind(wanted)
    if observed is _MISSING:
        return {"$is": kind}
    other = _kind(observed)
    is_container = kind in {"array", "object"}
    if is_container and kind != other:
        return {"$is": kind}
    if kind == "array" and len(wanted) != len(observed):
        return {"$len": len(wanted)}
    return _literal(wanted)


def _literal(wanted: Any) -> Any:
    """Return the value itself, or `_ANYTHING` if a suite would read a matcher in it."""
    if _MATCHER.search(json.dumps(wanted)):
        return _ANYTHING
    return wanted


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "")


def _members(wanted: dict[str, Any], observed: dict[str, Any], paths: Sequence[JsonPath]) -> Any:
    """Return an open object with the pinned members, or a closed one if a member must be absent."""
    below = {name: _below(paths, (name, ANY_MEMBER)) for name in {**wanted, **observed}}
    differing = dict(filter(itemgetter(1), below.items()))
    # Members with a difference that the answer must not have
    others = differing.keys() - wanted.keys()
    pins: dict[str, Any] = {}
    for name in filter(differing.__contains__, wanted):
        other = observed.get(name, _MISSING)
        pins[name] = _pinned(wanted[name], other, differing[name])
    if others:
        return _closed(list(filterfalse(others.__contains__, below)), pins)
    if _hold_nothing(pins.values()):
        return _ANYTHING
    return {"$open": pins}


def _closed(names: Sequence[str], pins: dict[str, Any]) -> Any:
    """Return an object with exactly these members; `_ANYTHING` if a name begins like a matcher."""
    if any(map(methodcaller("startswith", "$"), names)):
        return _ANYTHING
    return dict.fromkeys(names, _ANYTHING) | pins


def _hold_nothing(pins: Iterable[Any]) -> bool:
    return all(pin is _ANYTHING for pin in pins)


def _elements(wanted: list[Any], observed: list[Any], paths: Sequence[JsonPath]) -> Any:
    """Return a list in which the elements that differ are pinned."""
    pins = [_ANYTHING] * len(wanted)
    # An element that is only in the observed answer has no place in the expectation
    for index, (each, other) in enumerate(zip_longest(wanted, observed[: len(wanted)])):
        below = _below(paths, (index, ANY_ELEMENT))
        differs = json.dumps(each) != json.dumps(other)
        if below and differs:
            pins[index] = _pinned(each, other, below)
    if _hold_nothing(pins):
        return _ANYTHING
    return pins


def _below(paths: Iterable[JsonPath], firsts: Sequence[object]) -> list[JsonPath]:
    return [path[1:] for path in paths if path[0] in firsts]
