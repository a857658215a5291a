"""What every lane offers: one runtime, ready to be asked, however it is reached."""

from collections.abc import Coroutine, Mapping
from typing import Any, Protocol

from conformance.model.case import Case
from conformance.model.observation import Answer, Fault, NotAsked
from conformance.model.request import HeaderList, Request
from conformance.model.run import RuntimeFacts

Seen = Answer | Fault | NotAsked


class Lane(Protocol):
    """One runtime, ready to be asked, by several cases at a time."""

    @property
    def facts(self) -> RuntimeFacts:
        """Return how the runtime takes part."""

    @property
    def base_url(self) -> str:
        """Return where the runtime is reached, or nothing where nobody knows."""

    def ask(self, case: Case, step: int, request: Request) -> Coroutine[Any, Any, Seen]:
        """Return what the runtime answers to a step, or why it cannot be asked.

        The step is given by its number in the case.
        """

    def send(self, request: Request, timeout_ms: int) -> Coroutine[Any, Any, Seen]:
        """Return what the runtime answers to a request beside the steps.

        A recording is never asked.
        """

    def made_names(self, case: Case) -> Mapping[str, str] | None:
        """Return the values made for a case when it was recorded.

        The result is None where the case has to be given values.
        """

    def let_in(self, headers: HeaderList) -> None:
        """Send these fields, too, with each request from now on: what a login has captured."""

    def reconnect(self, *, always: bool) -> None:
        """Ask over no connection that has been used, from now on once or always."""

    async def close(self) -> tuple[str, ...]:
        """Let go of the runtime; return what was odd about it besides its answers."""
