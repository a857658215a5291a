"""Requests and answers as a suite of one case, which expects these answers from a service.

The answers are pinned at given places only: a status, a header field, notes, or paths of the body.
Header fields with a secret are left out: a runtimes file declares them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, filterfalse
from operator import attrgetter, methodcaller
from typing import Any, Final

from msgspec import Struct

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
    """A request, the expected answer, and the places where another answer differs from it.

    `notes` are all notes of the expected answer. `body` is the expectation of its body: a value
    under `json`, or a text under `body`. A step without places is only sent. `names` in its request
    are filled in by the suite; `captures` maps names to paths of its answer.
    """

    request: Request
    names: frozenset[str] = frozenset()
    captures: Mapping[str, str] = {}
    wanted: Answer | None = None
    places: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    body: Mapping[str, Any] = {}


def pinned_case(suite: str, pinned: Sequence[PinnedStep]) -> Iterator[str]:
    """Yield the lines of a suite that sends the requests and pins their answers at the places."""
    yield f"suite: {suite}"
    names = chain.from_iterable(map(attrgetter("names"), pinned))
    if any(map(methodcaller("startswith", FRESH), names)):
        yield "isolate: names"
    yield "cases:"
    requests = list(map(_request_lines, pinned))
    demands = list(map(_expect_lines, pinned))
    if len(pinned) == 1:
        yield from requests[0]
        yield from demands[0]
        return
    # The case has the name of its last request
    yield requests[-1][0]
    yield "    steps:"
    for (_, *request), expected in zip(requests, demands, strict=True):
        first, *more = [*request, *expected]
        yield f"      - {first.strip()}"
        for line in more:
            yield f"    {line}"


def _request_lines(step: PinnedStep) -> list[str]:
    """Return the lines of a request; the names that the suite fills in are not escaped."""
    lines = list(case_lines(_imported(step.request), Counter()))
    for name in step.names:
        filled_in = f"${{{name}}}"
        lines = [line.replace(escaped(filled_in), filled_in) for line in lines]
    if not step.captures:
        return lines
    captured = ", ".join(f"{name}: {yaml_text(path)}" for name, path in step.captures.items())
    return [*lines, f"    capture: {{{captured}}}"]


def _expect_lines(step: PinnedStep) -> list[str]:
    if step.wanted is None or not step.places:
        return []
    expected = (f"      {line}" for line in _expected(step, step.wanted))
    return ["    expect:", *expected]


def _imported(request: Request) -> ImportedRequest:
    return ImportedRequest(
        origin="",
        host="",
        method=request.method,
        target=request.target,
        headers=tuple(filterfalse(_holds_secret, request.headers)),
        body=request.body,
    )


def _holds_secret(field: tuple[str, str]) -> bool:
    _, value = field
    return any(map(value.__contains__, _SECRETS))


def _expected(step: PinnedStep, wanted: Answer) -> Iterator[str]:
    """Yield the lines that pin an answer at its places; only its status if none can be pinned."""
    lines = [*_header_lines(step, wanted)]
    for name, value in step.body.items():
        lines += value_lines(name, value)
    if any(map(methodcaller("startswith", _NOTE), step.places)):
        lines.append(f"notes: [{', '.join(step.notes)}]")
    if not lines or not _OF_STATUS.isdisjoint(step.places):
        yield f"status: {wanted.status}"
    yield from lines


def _header_lines(step: PinnedStep, wanted: Answer) -> Iterator[str]:
    fields = filter(methodcaller("startswith", _HEADER), step.places)
    names = map(methodcaller("removeprefix", _HEADER), dict.fromkeys(fields))
    pinned = [f"{yaml_text(name)}: {_header(name, wanted)}" for name in names]
    if pinned:
        yield f"headers: {{{', '.join(pinned)}}}"


def _header(name: str, wanted: Answer) -> str:
    lower = name.lower()
    values = [value for field, value in wanted.headers if field.lower() == lower]
    # A field that the answer must not have
    if not values:
        return "null"
    return yaml_text(escaped(", ".join(values)))
