"""Where the names in the requests of a case come from, so that a case can capture them again.

In: requests as a suite writes them and as they were sent, and the answers between.  Out: for each
step the request that a suite can hold, and what it captures for the later ones.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import unquote

from msgspec import Struct

from conformance.model.case import FRESH
from conformance.model.json_path import JsonPath, render_path
from conformance.model.made_value import is_made
from conformance.model.request import Request

_NAME: Final = re.compile(r"\$\{([^}]+)\}")


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
    steps = []
    for step, (template, request) in enumerate(zip(written, sent, strict=True)):
        names = frozenset(_names_in(template))
        wanted = {name for name in names if not _is_made_again(name)} - known
        for name in wanted:
            source = _source(_value_of(name, template, request), answers[:step])
            if source is not None:
                captures[source[0]][name] = source[1]
                known.add(name)
        is_whole = bool(names) and wanted <= known
        chosen = template if is_whole else request
        steps.append((chosen, names if is_whole else frozenset[str]()))
    return [
        WrittenStep(request=request, names=names, captures=captured)
        for (request, names), captured in zip(steps, captures, strict=True)
    ]


def _is_made_again(name: str) -> bool:
    return name.startswith(FRESH) or is_made(name)


def _texts(request: Request) -> tuple[str, ...]:
    body = (request.body or b"").decode("utf-8", "replace")
    return (unquote(request.target), body, *(value for _, value in request.headers))


def _names_in(request: Request) -> Iterator[str]:
    for text in _texts(request):
        yield from _NAME.findall(text)


def _value_of(name: str, template: Request, request: Request) -> str:
    """Return what stood for a name when a request was sent; nothing where that is not plain."""
    for written, sent in zip(_texts(template), _texts(request), strict=False):
        parts = _NAME.split(written)
        # every second part is a name
        pattern = "".join(
            "(.+?)" if part == name else ".+?" if at % 2 else re.escape(part)
            for at, part in enumerate(parts)
        )
        found = re.fullmatch(pattern, sent, re.DOTALL) if name in parts[1::2] else None
        if found is not None:
            return found[1]
    return ""


def _source(value: str, answers: Sequence[Any]) -> tuple[int, str] | None:
    """Return the first answer that holds a value, and its path there."""
    for step, answer in enumerate(answers):
        for path in _paths_to(value, answer, ()):
            return step, render_path(path)
    return None


def _paths_to(value: str, json: Any, path: JsonPath) -> Iterator[JsonPath]:
    if isinstance(json, dict):
        for name, member in json.items():
            yield from _paths_to(value, member, (*path, name))
    elif isinstance(json, list):
        for index, element in enumerate(json):
            yield from _paths_to(value, element, (*path, index))
    elif value and not isinstance(json, bool) and json is not None and str(json) == value:
        yield path
