"""Routes as evidence names them: a method and a path, with ids left open and without the query."""

from typing import Final

from conformance.comparison.causes import operation_of
from conformance.model.request import Request

_OPEN: Final = "{}"


def route_of(request: Request) -> str:
    """Return the route of a request, such as `GET /orders/{}`; names that are filled in are ids."""
    without_query, _, _ = operation_of(request).partition("?")
    method, _, path = without_query.partition(" ")
    steps = (_OPEN if "${" in step else step for step in path.split("/"))
    open_path = "/".join(steps)
    return f"{method} {open_path}"


def path_of(route: str) -> str:
    """Return the path of a route."""
    _, _, path = route.partition(" ")
    return path
