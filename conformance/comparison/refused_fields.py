"""The part of a request that a refusal names; a runtime that refuses two parts has two causes."""

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
"""Members of an error that hold the place of the fault in the request."""
_NAMING_IN_A_LIST: Final = (*_NAMING, "path")
"""In a list of errors `path` counts, too; for the whole error it is that of the URL."""
_DEEPEST: Final = 4
_NAMES: Final = re.compile(r"(?![0-9]+(?:\W|$))[^/.,\[\]#?$'\"\s]+")
"""Matches the names in a place; an element's position is not a name."""
_QUOTED: Final = re.compile(r"\"([^\"]+)\"|'([^']+)'|`([^`]+)`")


def refused_field(answer: ReadAnswer, request: Request) -> str:
    """Return the place in the request that a refusal says is wrong, the first if there are several.

    `` for a success, or if no place is named.  Positions in lists are left out.
    """
    if answer.status < FIRST_ERROR or answer.body.kind != "JSON":
        return ""
    value = answer.body.value
    return next(_named(value, _NAMING, _DEEPEST), "") or _quoted(message_of(value), request)


def _named(value: Json, names: Sequence[str], depth: int) -> Iterator[str]:
    """Yield the places that members of an error hold, those of the outer members first."""
    if isinstance(value, list):
        # The first of several errors is the one with the code
        value, names = next(iter(value), None), _NAMING_IN_A_LIST
    if not isinstance(value, dict) or not depth:
        return
    places = map(_spelled, map(value.get, names))
    yield from filter(None, places)
    for inner in value.values():
        yield from _named(inner, names, depth - 1)


def _spelled(place: Json) -> str:
    """Return the names in a place, joined by dots; `` for anything but a text or a list."""
    if not isinstance(place, str | list):
        return ""
    return ".".join(_NAMES.findall(str(place)))


def _quoted(message: str, request: Request) -> str:
    """Return the first name quoted in a message that is a member or parameter in the request."""
    sent = f"{request.target}\n".encode() + (request.body or b"")
    for quoted in _QUOTED.finditer(message):
        name = quoted[quoted.lastindex or 0]
        written = re.escape(name.encode())
        if re.search(rb'[?&]%b=|"%b"\s*:' % (written, written), sent):
            return name
    return ""
