"""Requests and an answer as a suite of one case, which holds a service to that answer.

The answer is pinned at one place: its status, a header field, or its body. Where the place is a
member of the body, that member alone is pinned, else all of it. Fields that hold a secret are left
out: a runtimes file declares them.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec.structs import replace

from conformance.model.json_path import path_of_place
from conformance.model.observation import Answer
from conformance.model.request import Request
from conformance.model.yaml_text import yaml_text
from conformance.suites.importers.body_text import value_lines
from conformance.suites.importers.imported import ImportedRequest
from conformance.suites.importers.suite_text import case_lines
from conformance.suites.substitution import escaped

_SECRETS: Final = ("${env:", "${login:")
_HEADER: Final = "header "
_UNREADABLE: Final = object()


def pinned_case(
    suite: str, requests: Sequence[Request], wanted: Answer, place: str
) -> Iterator[str]:
    """Yield the lines of a suite that sends the requests and holds the last one to an answer."""
    yield f"suite: {suite}"
    yield "cases:"
    steps = [list(case_lines(_imported(request), Counter())) for request in requests]
    expected = ["    expect:", *(f"      {line}" for line in _expected(wanted, place))]
    if len(steps) == 1:
        yield from (*steps[0], *expected)
        return
    yield steps[-1][0]
    yield "    steps:"
    for number, (_, *lines) in enumerate(steps, start=1):
        own = [*lines, *expected] if number == len(steps) else lines
        yield f"      - {own[0].strip()}"
        yield from (f"    {line}" for line in own[1:])


def _imported(request: Request) -> ImportedRequest:
    kept = ImportedRequest(
        origin="", host="", method=request.method, target=request.target, body=request.body
    )
    fields = [
        (name, value)
        for name, value in request.headers
        if not any(secret in value for secret in _SECRETS)
    ]
    return replace(kept, headers=tuple(fields))


def _expected(wanted: Answer, place: str) -> Iterator[str]:
    yield f"status: {wanted.status}"
    if place.startswith(_HEADER):
        name = place.removeprefix(_HEADER)
        values = [value for field, value in wanted.headers if field.lower() == name.lower()]
        shown = yaml_text(escaped(", ".join(values))) if values else "null"
        yield f"headers: {{{yaml_text(name)}: {shown}}}"
    elif place.startswith("$"):
        body = _json_of(wanted)
        if body is not _UNREADABLE and not _has_matcher(body):
            yield from value_lines("json", _pinned(body, place))


def _json_of(wanted: Answer) -> Any:
    try:
        return json.loads(wanted.body)
    except (ValueError, RecursionError):
        return _UNREADABLE


def _has_matcher(value: Any) -> bool:
    """Return whether a member begins with `$`, as matchers do: such a value is no literal."""
    if isinstance(value, dict):
        return any(name.startswith("$") or _has_matcher(each) for name, each in value.items())
    return isinstance(value, list) and any(map(_has_matcher, value))


def _pinned(body: Any, place: str) -> Any:
    """Return the body with nothing but the members that lead to a place.

    Where the place leads into a list, or to nothing, it is pinned as far as members lead.
    """
    names, found = list[str](), body
    for segment in path_of_place(place) or ():
        if not isinstance(segment, str) or not isinstance(found, dict) or segment not in found:
            break
        names.append(segment)
        found = found[segment]
    for segment in reversed(names):
        found = {"$open": {segment: found}}
    return found
