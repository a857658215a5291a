"""Requests and answers as a suite of one case, which holds a service to these answers.

The answers are held at given places and nowhere else: a status, a header field, notes, or paths of
the body. Fields that hold a secret are left out: a runtimes file declares them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.model.case import FRESH
from conformance.model.observation import Answer
from conformance.model.request import Request
from conformance.model.yaml_text import yaml_text
from conformance.suites.importers.body_text import value_lines
from conformance.suites.importers.imported import ImportedRequest
from conformance.suites.importers.suite_text import case_lines
from conformance.suites.substitution import escaped

_SECRETS: Final = ("${env:", "${login:")
_HEADER: Final = "header "
_NOTE: Final = "note "
_OF_STATUS: Final = frozenset({"status", "exchange"})


class PinnedStep(Struct, frozen=True, kw_only=True):
    """A request, what is expected of its answer, and where another answer differs from it.

    `notes` are all notes of the expected answer, `body` what is expected of its body: a value under
    `json`, or a text under `body`. A step without places is only sent. `names` in its request are
    filled in by the suite, `captures` are paths of its answer by name.
    """

    request: Request
    names: frozenset[str] = frozenset()
    captures: Mapping[str, str] = {}
    wanted: Answer | None = None
    places: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    body: Mapping[str, Any] = {}


def pinned_case(suite: str, pinned: Sequence[PinnedStep]) -> Iterator[str]:
    """Yield the lines of a suite that sends the requests and holds their answers at the places."""
    yield f"suite: {suite}"
    if any(name.startswith(FRESH) for step in pinned for name in step.names):
        yield "isolate: names"
    yield "cases:"
    steps = [_request_lines(step) for step in pinned]
    expected = [_expect_lines(step) for step in pinned]
    if len(steps) == 1:
        yield from (*steps[0], *expected[0])
        return
    yield steps[-1][0]
    yield "    steps:"
    for (_, *lines), demands in zip(steps, expected, strict=True):
        own = [*lines, *demands]
        yield f"      - {own[0].strip()}"
        yield from (f"    {line}" for line in own[1:])


def _request_lines(step: PinnedStep) -> list[str]:
    """Return the lines of a request; a name that the suite fills in is none that is meant."""
    lines = list(case_lines(_imported(step.request), Counter()))
    for name in step.names:
        lines = [line.replace(escaped(f"${{{name}}}"), f"${{{name}}}") for line in lines]
    captured = (f"{name}: {yaml_text(path)}" for name, path in step.captures.items())
    return [*lines, f"    capture: {{{', '.join(captured)}}}"] if step.captures else lines


def _expect_lines(step: PinnedStep) -> list[str]:
    if step.wanted is None or not step.places:
        return []
    return ["    expect:", *(f"      {line}" for line in _expected(step, step.wanted))]


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


def _expected(step: PinnedStep, wanted: Answer) -> Iterator[str]:
    """Yield what holds an answer at the places; its status where no place can be held."""
    lines = [*_header_lines(step, wanted)]
    for name, value in step.body.items():
        lines += value_lines(name, value)
    if any(place.startswith(_NOTE) for place in step.places):
        lines.append(f"notes: [{', '.join(step.notes)}]")
    if not lines or not _OF_STATUS.isdisjoint(step.places):
        yield f"status: {wanted.status}"
    yield from lines


def _header_lines(step: PinnedStep, wanted: Answer) -> Iterator[str]:
    names = [place.removeprefix(_HEADER) for place in step.places if place.startswith(_HEADER)]
    pinned = (f"{yaml_text(name)}: {_header(name, wanted)}" for name in dict.fromkeys(names))
    if names:
        yield f"headers: {{{', '.join(pinned)}}}"


def _header(name: str, wanted: Answer) -> str:
    values = [value for field, value in wanted.headers if field.lower() == name.lower()]
    return yaml_text(escaped(", ".join(values))) if values else "null"
