"""Operations: one declaration for routing and the OpenAPI document, so that they cannot differ.

In: methods declared with `operation`. Out: frozen rows, from `operations_of`. A row names every
answer of its own endpoint; the answers of the kit (problems of the body, the method, the token, the
server) are derived from the row and never declared twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

from starlette.requests import Request
from starlette.types import ASGIApp

from reference_impl.kit.problem import MEDIA_TYPE, Problem

if TYPE_CHECKING:
    from reference_impl.kit.byte_stream import ByteShape
    from reference_impl.kit.json_body import JsonShape
    from reference_impl.kit.parameters import Parameters

Endpoint = Callable[[Request], Awaitable[ASGIApp]]
"""Returns a response for a request, or another ASGI application that sends one."""

F = TypeVar("F", bound=Callable[..., Awaitable[ASGIApp]])

PREFIXES = ("", "/v1")  # every route answers under each of these


ANY_METHOD = "*"
ANY_STATUS = 0
_DECLARATION = "_operation"  # the attribute of a declared method that holds its row, unbound


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status that an endpoint answers, and its possible body shapes (none: no schema).

    A row that forwards requests may have `ANY_STATUS`. Without a media type an answer has no body.
    `headers` are those that a caller may rely on: `(name, meaning)`.
    """

    status: int
    meaning: str
    shapes: tuple[Any, ...] = ()
    media_type: str | None = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


def refusal(status: int, meaning: str) -> Answer:
    """Return the declaration of an answer that is a problem document."""
    return Answer(status=status, meaning=meaning, shapes=(Problem,), media_type=MEDIA_TYPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    A `GET` row also answers `HEAD`, unless there is a row for it; `is_open` rows need no token.

    In a path, `{name}` stands for one segment, and `{name:path}` at the end for the rest, with
    slashes; both are fields of the path's `Parameters`. `calls` names the daemons that are called
    meanwhile. `ANY_METHOD` is for rows that forward requests: they answer every method without a
    row, and the document lists the usual ones.
    """

    name: str
    method: str
    path: str
    summary: str
    endpoint: Endpoint
    answers: tuple[Answer, ...]
    body: JsonShape[Any] | ByteShape | None = None
    parameters: tuple[Parameters[Any], ...] = ()
    calls: tuple[str, ...] = ()
    is_open: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """Return the methods of this row."""
        if self.method == ANY_METHOD:
            return ("DELETE", "GET", "HEAD", "POST", "PUT")
        return ("GET", "HEAD") if self.method == "GET" else (self.method,)


class _Optional(TypedDict, total=False):
    """The fields of an operation that have defaults."""

    body: JsonShape[Any] | ByteShape
    parameters: tuple[Parameters[Any], ...]
    calls: tuple[str, ...]
    is_open: bool


def operation(
    method: str,
    path: str,
    summary: str,
    *,
    answers: tuple[Answer, ...],
    **more: Unpack[_Optional],
) -> Callable[[F], F]:
    """Declare that a method of a handlers class answers an operation with the method's name."""

    def declared(handler: F) -> F:
        row = partial(
            Operation,
            name=handler.__name__,
            method=method,
            path=path,
            summary=summary,
            answers=answers,
            **more,
        )
        setattr(handler, _DECLARATION, row)
        return handler

    return declared


def operations_of(handlers: object) -> tuple[Operation, ...]:
    """Return the operations that the class of `handlers` declares, in the order of its methods."""
    declared = {
        name: getattr(method, _DECLARATION, None) for name, method in vars(type(handlers)).items()
    }
    return tuple(
        row(endpoint=getattr(handlers, name)) for name, row in declared.items() if row is not None
    )
