"""Routing: from the operations of a daemon to an ASGI application.

In: operations. Out: a router that answers each path bare and under `/v1`, raises 404 for an unknown
path and 405 with a sorted `Allow` for an unknown method, and notes the route template for logs and
metrics. No redirects. Paths are matched segment by segment, each decoded by itself: an encoded
slash never separates segments, and a parameter that is not UTF-8 is 400. A literal segment has
precedence over a parameter.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from reference_impl.kit.operation import ANY_METHOD, PREFIXES
from reference_impl.kit.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import Receive, Scope, Send

    from reference_impl.kit.operation import Operation


# The cache is limited for any requests: 1,024 paths of 256 bytes.
_KNOWN_PATHS = 1_024
_KNOWN_PATH_BYTES = 256  # longer paths are not cached
_KEPT_BYTES = "surrogateescape"  # other bytes match no literal, and are refused in values


class Resource:
    """All methods of one path, as an ASGI application."""

    def __init__(self, path: str, operations: Iterable[Operation]) -> None:
        self._path = path
        rows = list(operations)
        self._endpoints = by_method(rows)
        self._any = next((row for row in rows if row.method == ANY_METHOD), None)
        self._allow = ", ".join(sorted(self._endpoints))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with the endpoint of its method."""
        scope["state"]["route"] = self._path
        row = self._endpoints.get(scope["method"], self._any)
        if row is None:
            raise ProblemError(
                405, "this path does not answer this method", headers={"allow": self._allow}
            )
        response = await row.endpoint(Request(scope, receive))
        await response(scope, receive, send)


class Router:
    """Finds the resource of a path."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        path_of = attrgetter("path")
        self._literal: dict[bytes, Resource] = {}
        self._templates: list[tuple[tuple[str, ...], Resource]] = []
        for path, rows in groupby(sorted(operations, key=path_of), path_of):
            resource = Resource(path, list(rows))
            for prefix in PREFIXES:
                if "{" in path:
                    self._templates.append((tuple((prefix + path).split("/")[1:]), resource))
                else:
                    self._literal[(prefix + path).encode()] = resource
        self._templates.sort(key=_generality)
        self._known = lru_cache(_KNOWN_PATHS)(self._match)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with the resource of its path."""
        path: bytes = scope["raw_path"]
        resource = self._literal.get(path)
        if resource is None:
            match = self._known if len(path) <= _KNOWN_PATH_BYTES else self._match
            resource, values = match(path)
            scope["path_params"] = dict(values)
        await resource(scope, receive, send)

    def _match(self, path: bytes) -> tuple[Resource, Mapping[str, str]]:
        segments = [_decoded(segment) for segment in path.split(b"/")[1:]]
        literal = self._literal.get("/".join(["", *segments]).encode(errors=_KEPT_BYTES))
        if literal is not None:
            return literal, {}
        for template, resource in self._templates:
            values = _values(template, segments)
            if values is not None:
                _refuse_other_bytes(values.values())
                return resource, values
        raise ProblemError(404, "there is nothing at this path")


def by_method(operations: Iterable[Operation]) -> dict[str, Operation]:
    """Return the row of each method of one path.

    A row for HEAD has precedence over the one that GET implies.
    """
    rows = sorted(operations, key=lambda row: row.method == "HEAD")
    return {method: row for row in rows for method in row.methods}


def _generality(entry: tuple[tuple[str, ...], Resource]) -> list[tuple[int, str]]:
    """Return the sort key of a template: literals, then parameters, then rests."""
    return [(part.startswith("{") + part.endswith(":path}"), part) for part in entry[0]]


def _values(template: tuple[str, ...], segments: list[str]) -> dict[str, str] | None:
    """Return the parameters if the segments fit the template, else None; no parameter is empty."""
    values: dict[str, str] = {}
    for index, part in enumerate(template):
        if index >= len(segments):
            return None
        if part.endswith(":path}"):
            values[part[1:-6]] = "/".join(segments[index:])
            return values if values[part[1:-6]] else None
        if part.startswith("{") and segments[index]:
            values[part[1:-1]] = segments[index]
        elif part != segments[index]:
            return None
    return values if len(template) == len(segments) else None


def _decoded(segment: bytes) -> str:
    return unquote_to_bytes(segment).decode(errors=_KEPT_BYTES)


def _refuse_other_bytes(values: Iterable[str]) -> None:
    """Raise ProblemError for parameters that are not UTF-8.

    This is only for known routes: an unknown path is 404 in any case.
    """
    try:
        "".join(values).encode()
    except UnicodeEncodeError:
        raise ProblemError(400, "the path is not UTF-8") from None
