"""Routes as evidence names them: a method and a path, with ids left open and without the query."""

from typing import Final

from conformance.comparison.causes import operation_of
from conformance.model.request import Request

_OPEN: Final = "{}"


def route_of(request: Request) -> str:
    """Return the route of a request, such as `GET /orders/{}`; names that are filled in are ids."""
    method, _, path = operation_of(request).partition("?")[0].partition(" ")
    steps = (_OPEN if "${" in step else step for step in path.split("/"))
    return f"{method} {'/'.join(steps)}"


def path_of(route: str) -> str:
    """Return the path of a route."""
    return route.partition(" ")[2]
