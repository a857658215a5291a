"""The OpenAPI document of a command: a file, a URL, or /openapi.json of a runtime."""

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from conformance.capture import ask
from conformance.errors import BadFileError, ConformanceError, Place, Problem, UsageError
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.observation import Answer
from conformance.model.request import Request
from conformance.model.runtime import AttachedRuntime, Runtime
from conformance.runner.http.limits import ExchangeLimits
from conformance.suites.openapi_document import base_path_of, read_openapi
from conformance.suites.runtime_options import runtime_from_option

OPENAPI_TARGET: Final = "/openapi.json"
MAX_BYTES: Final = 64 << 20
"""The largest public documents have about 40 MB; the reader needs about ten times that memory."""
_OK: Final = 200


class OpenApiSource(Struct, frozen=True, kw_only=True):
    """An OpenAPI document: its bytes, and a name for messages."""

    raw: bytes
    name: str


def find_document(runtimes: Sequence[Runtime], openapi: str | None) -> OpenApiSource | None:
    """Return the given document, else that of the first runtime that has one, else None.

    Raises UsageError or BadFileError if the given document cannot be used.
    """
    if openapi is None:
        found = (
            OpenApiSource(raw=raw, name=f"{name}'s {OPENAPI_TARGET}")
            for name, raw in _offered(runtimes)
        )
        return next(filter(_is_document, found), None)
    if openapi.startswith(("http://", "https://")):
        parts = urlsplit(openapi)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        raw = _fetched(runtime_from_option(f"openapi={parts.scheme}://{parts.netloc}"), target)
        if raw is None:
            raise UsageError(f"--openapi {openapi}: wanted status 200 and a document, got none")
        return OpenApiSource(raw=raw, name=openapi)
    with Path(openapi).open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise BadFileError([Problem(Place(openapi), f"more than {MAX_BYTES >> 20} MiB")])
    return OpenApiSource(raw=raw, name=openapi)


def base_paths(runtimes: Iterable[Runtime]) -> frozenset[str]:
    """Return the paths of the runtimes' URLs, which already contain a document's base path."""
    return frozenset(
        base_path_of(each.reach.url) for each in runtimes if isinstance(each.reach, AttachedRuntime)
    )


def _offered(runtimes: Iterable[Runtime]) -> Iterable[tuple[str, bytes]]:
    """Yield the document of each runtime that has one; the first requests name the unreachable."""
    for runtime in runtimes:
        with contextlib.suppress(ConformanceError):
            raw = _fetched(runtime, OPENAPI_TARGET)
            if raw is not None:
                yield runtime.name, raw


def _is_document(document: OpenApiSource) -> bool:
    try:
        read_openapi(document.raw, document.name)
    except BadFileError:
        return False
    return True


def _fetched(runtime: Runtime, target: str) -> bytes | None:
    """Return the body of a 200 answer, else None; raise RuntimeUnavailableError."""
    case = Case(
        suite="openapi",
        name="document",
        place=Place("openapi"),
        steps=(Step(request=Request(method="GET", target=target)),),
        against=None,
        compare=CompareLevel.STATUS,
        timeout_ms=ExchangeLimits().total_ms,
    )
    seen = ask(runtime, case)
    return seen.body if isinstance(seen, Answer) and seen.status == _OK else None
