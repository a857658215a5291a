"""Which part of a request a refusal names: a runtime that refuses two of them has two causes."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.error_codes import message_of
from conformance.comparison.idioms.statuses import FIRST_ERROR
from conformance.comparison.values.lossless_json import Json
from conformance.model.request import Request

_NAMING: Final = (
    "pointer",
    "loc",
    "field",
    "param",
    "parameter",
    "instancePath",
    "propertyPath",
    "property",
)
"""Members of an error that hold the place of what is wrong in a request."""
_NAMING_IN_A_LIST: Final = (*_NAMING, "path")
"""Beside the whole error, `path` is that of the URL."""
_DEEPEST: Final = 4
_NAMES: Final = re.compile(r"(?![0-9]+(?:\W|$))[^/.,\[\]#?$'\"\s]+")
"""The names of a place as it is written; the position of an element is no name."""
_QUOTED: Final = re.compile(r"\"([^\"]+)\"|'([^']+)'|`([^`]+)`")


def refused_field(answer: ReadAnswer, request: Request) -> str:
    """Return the place in a request that a refusal says is wrong, the first of several.

    Nothing for a success, or where it names none.  Elements of lists are not told apart.
    """
    if answer.status < FIRST_ERROR or answer.body.kind != "JSON":
        return ""
    value = answer.body.value
    return next(_named(value, _NAMING, _DEEPEST), "") or _quoted(message_of(value), request)


def _named(value: Json, names: Sequence[str], depth: int) -> Iterator[str]:
    """Yield the places that members of an error hold, those of the outer ones first."""
    if isinstance(value, list):
        # The first of several errors is the one that has the code
        value, names = next(iter(value), None), _NAMING_IN_A_LIST
    if not isinstance(value, dict) or not depth:
        return
    places = map(_spelled, map(value.get, names))
    yield from filter(None, places)
    for inner in value.values():
        yield from _named(inner, names, depth - 1)


def _spelled(place: Json) -> str:
    """Return a place as its names, whatever stands between them; nothing of what is no place."""
    if not isinstance(place, str | list):
        return ""
    return ".".join(_NAMES.findall(str(place)))


def _quoted(message: str, request: Request) -> str:
    """Return the first name that a message quotes and the request has, of a member or parameter."""
    sent = f"{request.target}\n".encode() + (request.body or b"")
    for quoted in _QUOTED.finditer(message):
        name = quoted[quoted.lastindex or 0]
        written = re.escape(name.encode())
        if re.search(rb'[?&]%b=|"%b"\s*:' % (written, written), sent):
            return name
    return ""
