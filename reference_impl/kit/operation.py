"""Operations: one declaration for routing and the OpenAPI document, so that they cannot differ.

In: methods that are declared with `operation`. Out: frozen rows, by `operations_of`. A row names
every answer of its own endpoint; the answers that the kit gives for it (problems of the body, the
method, the token, the server) are derived from the row, never written twice.
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
"""Answers a request with a response, or with what sends one as an ASGI application."""

F = TypeVar("F", bound=Callable[..., Awaitable[ASGIApp]])

PREFIXES = ("", "/v1")  # every route answers under each of these


ANY_METHOD = "*"
ANY_STATUS = 0
_DECLARATION = "_operation"  # the attribute of a declared method that holds its row, unbound


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One status an endpoint answers, and its possible body shapes (none: no schema).

    A row that passes a request on may say `ANY_STATUS`. Without a media type an answer has no body.
    `headers` are those a caller may rely on: names and what they mean.
    """

    status: int
    meaning: str
    shapes: tuple[Any, ...] = ()
    media_type: str | None = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


def refusal(status: int, meaning: str) -> Answer:
    """Make the row of an answer that is a problem document."""
    return Answer(status=status, meaning=meaning, shapes=(Problem,), media_type=MEDIA_TYPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    `GET` rows also answer `HEAD` unless it has a row; `is_open` rows need no token.

    In a path `{name}` stands for one segment, `{name:path}` at the end for all that is left,
    slashes included; both are fields of the path's `Parameters`. `calls` names the daemons that are
    asked meanwhile. `ANY_METHOD` is for rows that pass a request on: they answer every method that
    has no row, and the document lists those that are usual.
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
        """The methods of this row."""
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
    """Declare that a method of a handlers class answers an operation, which has its name."""

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
    """Collect the operations that the class of `handlers` declares, in the order of its methods."""
    declared = {
        name: getattr(method, _DECLARATION, None) for name, method in vars(type(handlers)).items()
    }
    return tuple(
        row(endpoint=getattr(handlers, name)) for name, row in declared.items() if row is not None
    )
