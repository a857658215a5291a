"""Declarations at handlers: each declared method is an operation, in the order of the class."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from reference_impl.kit.operation import Answer, Endpoint, operation, operations_of

DONE = Answer(status=200, meaning="Done.")


class Handlers:
    """Two endpoints, and a method that is none."""

    def __init__(self, word: str) -> None:
        self._word = word

    @operation("POST", "/write", "Write.", answers=(DONE,), calls=("storaged",))
    async def write(self, _request: Request) -> Response:
        """Answer with the word."""
        return self.helper()

    @operation("GET", "/read", "Read.", answers=(DONE,), is_open=True)
    async def read(self, _request: Request) -> Response:
        """Answer with the word."""
        return self.helper()

    def helper(self) -> Response:
        """Make the answer."""
        return Response(self._word)


def test_an_operation_is_what_its_method_declares() -> None:
    """It is named like the method; what is not said has its default."""
    write, read = operations_of(Handlers("a"))

    assert (write.name, write.method, write.path, write.summary) == (
        "write",
        "POST",
        "/write",
        "Write.",
    )
    assert (write.answers, write.calls, write.body, write.parameters) == (
        (DONE,),
        ("storaged",),
        None,
        (),
    )
    assert [(row.name, row.is_open) for row in (write, read)] == [("write", False), ("read", True)]


def test_an_endpoint_belongs_to_its_object() -> None:
    """Two objects of one class have operations of their own."""
    request = Request({"type": "http", "headers": []})
    endpoints = [operations_of(Handlers(word))[1].endpoint for word in ("a", "b")]

    answers = [asyncio.run(_answered(endpoint, request)) for endpoint in endpoints]

    assert answers == [b"a", b"b"]


async def _answered(endpoint: Endpoint, request: Request) -> bytes:
    response = await endpoint(request)
    assert isinstance(response, Response)
    return bytes(response.body)
