"""Finds the answers that hold the values of a case's names, so that a new case can capture them.

The input is the requests as a suite writes them, the requests as sent, and the answers.  The output
is, for each step, a request that a suite can hold, and the captures for later steps.
"""

import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import filterfalse
from typing import Any, Final
from urllib.parse import unquote

from msgspec import Struct

from conformance.model.case import FRESH
from conformance.model.json_path import JsonPath, render_path
from conformance.model.made_value import is_made
from conformance.model.request import Request

_NAME: Final = re.compile(r"\$\{([^}]+)\}")
_VALUE: Final = "value"
_WITHOUT_TEXT: Final = (bool, type(None))


class WrittenStep(Struct, frozen=True, kw_only=True):
    """A request, the names in it that a suite fills in, and its captures: a path for each name."""

    request: Request
    names: frozenset[str] = frozenset()
    captures: dict[str, str] = {}


def written_steps(
    written: Sequence[Request], sent: Sequence[Request], answers: Sequence[Any]
) -> list[WrittenStep]:
    """Return the steps of a case; `answers` holds the JSON of each answer, or None.

    A request with a name that cannot be captured stays as it was sent.
    """
    captures: list[dict[str, str]] = [{} for _ in written]
    known: set[str] = set()
    steps: list[tuple[Request, frozenset[str]]] = []
    for step, (template, request) in enumerate(zip(written, sent, strict=True)):
        names = frozenset(_names_in(template))
        wanted = set(filterfalse(_is_made_again, names)) - known
        for name in wanted:
            source = _source(_value_of(name, template, request), answers[:step])
            if source is None:
                continue
            capturing_step, path = source
            captures[capturing_step][name] = path
            known.add(name)
        # With one name missing the whole request stays as it was sent
        if wanted <= known:
            steps.append((template, names))
        else:
            steps.append((request, frozenset()))
    return [
        WrittenStep(request=request, names=names, captures=captured)
        for (request, names), captured in zip(steps, captures, strict=True)
    ]


def _is_made_again(name: str) -> bool:
    return name.startswith(FRESH) or is_made(name)


def _texts(request: Request) -> tuple[str, ...]:
    body = (request.body or b"").decode("utf-8", "replace")
    values = map(operator.itemgetter(1), request.headers)
    return (unquote(request.target), body, *values)


def _names_in(request: Request) -> Iterator[str]:
    for text in _texts(request):
        yield from _NAME.findall(text)


def _value_of(name: str, template: Request, request: Request) -> str:
    """Return the value of a name in a sent request; empty if it cannot be determined."""
    for written, sent in zip(_texts(template), _texts(request), strict=False):
        match = _pattern(written, name).fullmatch(sent)
        # A text without the name has no group for its value
        if match is not None and match.lastgroup:
            return match[_VALUE]
    return ""


def _pattern(written: str, name: str) -> re.Pattern[str]:
    """Return a pattern for the sent form of a text, with a group for the first use of a name."""
    texts = list(map(re.escape, _NAME.split(written)[::2]))
    names = _NAME.findall(written)
    groups = [".+?"] * len(names)
    if name in names:
        groups[names.index(name)] = f"(?P<{_VALUE}>.+?)"
    between = map(operator.add, groups, texts[1:])
    return re.compile("".join((texts[0], *between)), re.DOTALL)


def _source(value: str, answers: Sequence[Any]) -> tuple[int, str] | None:
    """Return the step whose answer first holds a value, and the path; None if there is none."""
    for step, answer in enumerate(answers):
        for path in _paths_to(value, answer, ()):
            return step, render_path(path)
    return None


def _paths_to(value: str, json: Any, path: JsonPath) -> Iterator[JsonPath]:
    members: Iterable[tuple[Any, Any]] = ()
    if isinstance(json, dict):
        members = json.items()
    elif isinstance(json, list):
        members = enumerate(json)
    elif _is_written_as(json, value):
        yield path
    for step, member in members:
        yield from _paths_to(value, member, (*path, step))


def _is_written_as(scalar: Any, text: str) -> bool:
    """Return whether a request writes a scalar as a text; False for an empty text."""
    if not text or type(scalar) in _WITHOUT_TEXT:
        return False
    return str(scalar) == text
