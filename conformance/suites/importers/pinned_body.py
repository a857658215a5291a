"""A body as an expectation that holds it at some paths alone.

In: the value that is expected, the one that was observed beside it, and the paths at which they
differ. Out: a value with matchers, which demands nothing anywhere else: it fails while they differ
there, and passes once they do not.
"""

import json
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any, Final

from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, IN_TEXT, JsonPath

ANYTHING: Final = {"$is": "any"}
MISSING: Final = object()
_KINDS: Final = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


def pinned_body(wanted: Any, observed: Any, paths: Sequence[JsonPath]) -> Any:
    """Return an expectation of a value at some paths; `ANYTHING` where none can be pinned."""
    if any(not path or path[0] is IN_TEXT for path in paths):
        return _whole(wanted, observed)
    if isinstance(wanted, dict):
        return _members(wanted, observed if isinstance(observed, dict) else {}, paths)
    if isinstance(wanted, list):
        return _elements(wanted, observed if isinstance(observed, list) else [], paths)
    return ANYTHING


def _whole(wanted: Any, observed: Any) -> Any:
    """Return what demands a value where another one was observed, or none.

    Of a member that was missing only the kind is demanded: its value may be made for each answer.
    """
    kind, other = _kind(wanted), _kind(observed)
    if observed is MISSING or (kind != other and isinstance(wanted, list | dict)):
        return {"$is": kind}
    if isinstance(wanted, list) and len(wanted) != len(observed):
        return {"$len": len(wanted)}
    if kind == other == "number" and wanted == observed:  # 1 beside 1.0
        return {"$is": "integer"} if isinstance(wanted, int) else {"$not": {"$is": "integer"}}
    return ANYTHING if _has_matcher(wanted) else wanted


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "")


def _has_matcher(value: Any) -> bool:
    """Return whether a member begins with `$`, as matchers do: such a value is no literal."""
    if isinstance(value, dict):
        return any(name.startswith("$") or _has_matcher(each) for name, each in value.items())
    return isinstance(value, list) and any(map(_has_matcher, value))


def _members(wanted: dict[str, Any], observed: dict[str, Any], paths: Sequence[JsonPath]) -> Any:
    """Return an open object with the pinned members; a closed one where a member must not be."""
    names = list({**wanted, **observed})
    below = {name: _below(paths, (name, ANY_MEMBER)) for name in names}
    pins = {
        name: pinned_body(wanted[name], observed.get(name, MISSING), below[name])
        for name in wanted
        if below[name]
    }
    absent = {name for name in names if below[name] and name not in wanted}
    if not absent:
        pins = {name: pin for name, pin in pins.items() if pin is not ANYTHING}
        return {"$open": pins} if pins else ANYTHING
    if any(name.startswith("$") for name in names):
        return ANYTHING
    return {name: pins.get(name, ANYTHING) for name in names if name not in absent}


def _elements(wanted: list[Any], observed: list[Any], paths: Sequence[JsonPath]) -> Any:
    """Return an array in which the elements that differ are pinned."""
    pins = []
    for index, (each, other) in enumerate(zip_longest(wanted, observed, fillvalue=MISSING)):
        below = _below(paths, (index, ANY_ELEMENT))
        differs = below and each is not MISSING and not _same(each, other)
        pins.append(pinned_body(each, other, below) if differs else ANYTHING)
    return ANYTHING if all(pin is ANYTHING for pin in pins) else pins[: len(wanted)]


def _below(paths: Iterable[JsonPath], firsts: Sequence[object]) -> list[JsonPath]:
    return [path[1:] for path in paths if path[0] in firsts]


def _same(value: Any, other: Any) -> bool:
    return other is not MISSING and json.dumps(value) == json.dumps(other)
