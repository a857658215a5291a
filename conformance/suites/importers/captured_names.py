"""Where the names in the requests of a case come from, so that a case can capture them again.

In: requests as a suite writes them and as they were sent, and the answers between.  Out: for each
step the request that a suite can hold, and what it captures for the later ones.
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
    """A request, the names in it that a suite fills in, and paths of its answer by name."""

    request: Request
    names: frozenset[str] = frozenset()
    captures: dict[str, str] = {}


def written_steps(
    written: Sequence[Request], sent: Sequence[Request], answers: Sequence[Any]
) -> list[WrittenStep]:
    """Return the steps of a case; `answers` are the JSON of each answer, None where it has none.

    A request whose names cannot all be filled in again stays as it was sent.
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
    """Return what stood for a name when a request was sent; nothing where that is not plain."""
    for written, sent in zip(_texts(template), _texts(request), strict=False):
        match = _pattern(written, name).fullmatch(sent)
        # A text without the name has no group for its value
        if match is not None and match.lastgroup:
            return match[_VALUE]
    return ""


def _pattern(written: str, name: str) -> re.Pattern[str]:
    """Return a pattern of what is sent for a text, with a group for the first use of a name."""
    texts = list(map(re.escape, _NAME.split(written)[::2]))
    names = _NAME.findall(written)
    groups = [".+?"] * len(names)
    if name in names:
        groups[names.index(name)] = f"(?P<{_VALUE}>.+?)"
    between = map(operator.add, groups, texts[1:])
    return re.compile("".join((texts[0], *between)), re.DOTALL)


def _source(value: str, answers: Sequence[Any]) -> tuple[int, str] | None:
    """Return the first answer that holds a value, and its path there."""
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
    """Return whether a request would hold a scalar as a text; an empty text is no sign of it."""
    if not text or type(scalar) in _WITHOUT_TEXT:
        return False
    return str(scalar) == text
