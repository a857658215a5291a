"""Routes in evidence: a method and a path without query, with `{}` for each id."""

from typing import Final

from conformance.comparison.causes import operation_of
from conformance.model.request import Request

_OPEN: Final = "{}"
"""The replacement for an id in a path."""


def route_of(request: Request) -> str:
    """Return the route of a request, such as `GET /orders/{}`.

    Each path segment with a name that is filled in (`${…}`) counts as an id.
    """
    without_query, _, _ = operation_of(request).partition("?")
    method, _, path = without_query.partition(" ")
    steps = (_OPEN if "${" in step else step for step in path.split("/"))
    open_path = "/".join(steps)
    return f"{method} {open_path}"


def path_of(route: str) -> str:
    """Return the path of a route."""
    _, _, path = route.partition(" ")
    return path
