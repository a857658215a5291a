"""The body of an imported request as fields of a suite's request.

Only this module knows how bodies are written.

`json` is used if the suite's reader makes exactly the same bytes of it, `raw` for any other text,
and `base64` for all other bytes.
"""

import base64
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, NoReturn

from conformance.errors import BadFileError
from conformance.model.yaml_text import yaml_text
from conformance.suites.document import parse_document
from conformance.suites.importers.imported import ImportedRequest
from conformance.suites.json_text import json_text
from conformance.suites.nodes import members
from conformance.suites.substitution import escaped

# As wide as the code of this project: longer values take several lines
_ONE_LINE: Final = 100
# Below `MAX_DEPTH` of a document, with room for the levels of a case
_MAX_DEPTH: Final = 24

_Spelling = Callable[[ImportedRequest, bytes], "list[str] | None"]


def body_lines(request: ImportedRequest) -> Iterator[str]:
    """Yield the lines of the fields for a request's body, in the first exact spelling."""
    if request.body is None:
        return
    for spelling in _SPELLINGS:
        lines = spelling(request, request.body)
        if lines is not None:
            yield from lines
            return


def value_lines(name: str, value: Any) -> Iterator[str]:
    """Yield the lines of a member that holds a JSON value; a short value takes one line."""
    yield from _named(name, value, depth=0)


def _as_json(request: ImportedRequest, body: bytes) -> list[str] | None:
    """Return the lines of a body as `json`, or None if they would not give the same bytes.

    The request must have a content type, because `json` would add one.
    """
    has_type = any(name.lower() == "content-type" for name, _ in request.headers)
    if not has_type:
        return None
    try:
        # Numbers keep their digits, so that the bytes are the same again
        value = json.loads(body, parse_int=_Number, parse_float=_Number, parse_constant=_refuse)
        lines = list(_named("json", value, depth=0))
        read = members(parse_document("\n".join(lines).encode(), "body"))["json"]
        is_exact = json_text(read).encode() == body
    except (ValueError, RecursionError, BadFileError):
        return None
    if not is_exact:
        return None
    return lines


def _as_raw(_: ImportedRequest, body: bytes) -> list[str] | None:
    try:
        return [f"raw: {yaml_text(escaped(body.decode('utf-8')))}"]
    except UnicodeDecodeError:
        return None


def _as_base64(_: ImportedRequest, body: bytes) -> list[str]:
    return [f'base64: "{base64.b64encode(body).decode("ascii")}"']


_SPELLINGS: Final[tuple[_Spelling, ...]] = (_as_json, _as_raw, _as_base64)


class _Number(str):
    """A number as it was written, digit by digit."""

    __slots__ = ()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _named(name: str, value: Any, depth: int) -> Iterator[str]:
    """Yield the lines of a member; a short one takes one line."""
    yield from _attached(f"{yaml_text(escaped(name))}:", value, depth)


def _attached(start: str, value: Any, depth: int) -> Iterator[str]:
    short = _flow(value, depth)
    if len(short) <= _ONE_LINE or not isinstance(value, list | dict):
        yield f"{start} {short}"
        return
    yield start
    for line in _below(value, depth + 1):
        yield f"  {line}"


def _below(value: list[Any] | dict[str, Any], depth: int) -> Iterator[str]:
    """Yield the lines of the members of an object, or of the elements of a list."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _named(name, member, depth)
    else:
        for item in value:
            yield from _attached("-", item, depth)


def _flow(value: Any, depth: int) -> str:
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deep for a suite")
    below = partial(_flow, depth=depth + 1)
    if isinstance(value, dict):
        keys = map(yaml_text, map(escaped, value))
        values = map(below, value.values())
        members = map(": ".join, zip(keys, values, strict=True))
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(below, value)) + "]"
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, str):
        return yaml_text(escaped(value))
    return json.dumps(value)
