"""The interface of every lane: one runtime, ready for requests, however it is reached."""

from collections.abc import Coroutine, Mapping
from typing import Any, Protocol

from conformance.model.case import Case
from conformance.model.observation import Answer, Fault, NotAsked
from conformance.model.request import HeaderList, Request
from conformance.model.run import RuntimeFacts

Seen = Answer | Fault | NotAsked


class Lane(Protocol):
    """One runtime, ready for requests from several cases at a time."""

    @property
    def facts(self) -> RuntimeFacts:
        """Return the name of the runtime and how it is reached."""

    @property
    def base_url(self) -> str:
        """Return the address of the runtime, or an empty text if it is unknown."""

    def ask(self, case: Case, step: int, request: Request) -> Coroutine[Any, Any, Seen]:
        """Return what the runtime answers to a step, or why the step cannot be sent.

        `step` is the number of the step in the case.
        """

    def send(self, request: Request, timeout_ms: int) -> Coroutine[Any, Any, Seen]:
        """Return what the runtime answers to a request that is no step.

        A recording answers no such request.
        """

    def made_names(self, case: Case) -> Mapping[str, str] | None:
        """Return the values made for a case when it was recorded.

        The result is None if the session makes the values.
        """

    def let_in(self, headers: HeaderList) -> None:
        """Add these header fields, which a login has captured, to each request from now on."""

    def reconnect(self, *, always: bool) -> None:
        """Open a new connection for the next request, or with `always` for each request."""

    async def close(self) -> tuple[str, ...]:
        """Close the lane; return notes on the runtime that belong to no answer."""
