"""What an answer tells to the steps after it: values out of a body of any kind, or of a header field.

A body is read as it is for the comparison.  Numbers keep their digits.
"""

from typing import Any, Final

import re2

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.reading import read_body_of
from conformance.comparison.bodies.text import text_of
from conformance.comparison.values.lossless_json import compact
from conformance.model.case import Capture
from conformance.model.json_path import JsonPath, render_path
from conformance.model.observation import Answer, DeadEnd
from conformance.model.template import KnownName, known_text

MAX_CAPTURED_BYTES: Final = 64 << 10
_NON_FINITE: Final = "non-finite-number"
_NO_NUMBERS: Final = frozenset({"NaN", "Infinity", "-Infinity"})


class NothingFoundError(ValueError):
    """There is nothing to capture; the message says what stands there instead."""


def take(capture: Capture, answer: Answer, declared: str = "") -> KnownName:
    """Return what a capture names in an answer, whose body is `declared` to be of a kind; raises NothingFoundError."""
    if capture.header is not None:
        field = answer.header(capture.header)
        if field is None:
            raise NothingFoundError("no such field")
        found: Any = field
    else:
        body = read_body_of(answer, declared)
        found = _by_path(capture.path or (), body) if capture.regex is None else _by_pattern(capture.regex, body)
    known = _known(capture, found)
    if len(known.json) > MAX_CAPTURED_BYTES:
        raise NothingFoundError(f"a value of more than {MAX_CAPTURED_BYTES} bytes")
    return known


def dead_end(step: int, capture: Capture, error: NothingFoundError) -> DeadEnd:
    """Return why a runtime's part of a case ends at a capture."""
    return DeadEnd(step=step, name=capture.name, wanted=f"a value at {_place(capture)}", got=str(error))


def _place(capture: Capture) -> str:
    if capture.regex is not None:
        return f"the pattern {capture.regex}"
    return f"header {capture.header}" if capture.header is not None else render_path(capture.path or ())


def _by_path(path: JsonPath, body: Body) -> Any:
    if not body.structured:
        why = f": {body.misfit}" if body.misfit else ""
        raise NothingFoundError(f"a {body.kind} body{why}" if body.raw else "no body")
    found = _at(path, body.value, in_markup=body.markup is not None)
    if _NON_FINITE in body.notes and compact(found) in _NO_NUMBERS:
        raise NothingFoundError(f"{compact(found)}, which JSON does not have")
    return found


def _by_pattern(pattern: str, body: Body) -> str:
    text = text_of(body.raw, body.text)
    try:
        found = re2.search(pattern, text)
    except UnicodeEncodeError:  # RE2 reads UTF-8, which has no lone surrogates
        found = None
    if found is None:
        raise NothingFoundError("a text in which it is not found" if body.raw else "no body")
    return str(found[1 if found.re.groups else 0] or "")


def _at(path: JsonPath, value: Any, *, in_markup: bool) -> Any:
    """Return what stands at a path; in markup an element that is not repeated is its own first."""
    for depth, segment in enumerate(path):
        if in_markup and segment == 0 and not isinstance(value, list):
            continue
        if isinstance(segment, int):
            found = isinstance(value, list) and segment < len(value)
        else:
            found = isinstance(value, dict) and segment in value
        if not found:
            raise NothingFoundError(f"nothing at {render_path(path[: depth + 1])}")
        value = value[segment]
    return value


def _known(capture: Capture, value: Any) -> KnownName:
    if isinstance(value, str):
        return known_text(capture.name, value, capture.identity)
    spelled = compact(value)
    return KnownName(name=capture.name, text=spelled, json=spelled, identity=capture.identity)
