"""Routing: from the table of operations to an ASGI application.

In: operations. Out: a router that answers each path bare and under `/v1`, raises 404 for an unknown path and 405 with a
sorted `Allow` for a known path with another method, and notes the route template for logs and metrics. No redirects.
"""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.routing import Route, Router

from reference_impl.kit.operation import PREFIXES
from reference_impl.kit.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Receive, Scope, Send

    from reference_impl.kit.operation import Operation


class Resource:
    """All methods of one path, as an ASGI application."""

    def __init__(self, path: str, operations: Iterable[Operation]) -> None:
        self._path = path
        self._endpoints = {method: row.endpoint for row in operations for method in row.methods}
        self._allow = ", ".join(sorted(self._endpoints))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with the endpoint of its method."""
        scope["state"]["route"] = self._path
        endpoint = self._endpoints.get(scope["method"])
        if endpoint is None:
            raise ProblemError(405, "this path does not answer this method", headers={"allow": self._allow})
        response = await endpoint(Request(scope, receive))
        await response(scope, receive, send)


async def answer_unknown_path(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Refuse a path that no route has."""
    raise ProblemError(404, "there is nothing at this path")


def make_router(operations: Iterable[Operation]) -> Router:
    """Make the router of a table of operations."""
    by_path = attrgetter("path")
    resources = [(path, Resource(path, list(rows))) for path, rows in groupby(sorted(operations, key=by_path), by_path)]
    routes = [Route(prefix + path, resource) for prefix in PREFIXES for path, resource in resources]
    return Router(routes, redirect_slashes=False, default=answer_unknown_path)
