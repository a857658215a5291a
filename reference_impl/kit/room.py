"""Rooms: the parts of a daemon, and what the kit gives them.

In: a name, a function that opens the room, and a settings type if the room has settings of its own.
Opening is an asynchronous context manager over the settings and the ground: it makes the room ready
(reads its logs, loads its index), yields its operations, and saves when the block ends. Out: what
`daemon` serves. A room is the same in a process of its own and in a shared one.

At the end, in this order: the server drains, background tasks are stopped, the room saves, its
connections to other daemons close.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from reference_impl.kit.client import DaemonClient
from reference_impl.kit.log import logger
from reference_impl.kit.settings import Settings, with_port

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence
    from contextlib import AbstractAsyncContextManager

    from reference_impl.kit.metrics import Metrics
    from reference_impl.kit.operation import Operation

S = TypeVar("S", bound=Settings)


class Ground:
    """What an open room gets from the kit: metrics, clients of other daemons, and background tasks.

    A room whose document has more than its operations sets `completing`: the function is called
    with the document, as JSON, at each request of it, and returns the document of the answer.
    """

    def __init__(
        self, *, name: str, metrics: Metrics, token: str | None, fail: Callable[[], None]
    ) -> None:
        self.name = name
        self.metrics = metrics
        self._token = token
        self._fail = fail
        self._beside: set[asyncio.Task[None]] = set()
        self._clients = AsyncExitStack()
        self.completing: Callable[[bytes], Awaitable[bytes]] | None = None

    async def client(self, name: str, url: str, timeout_s: float) -> DaemonClient:
        """Open the client of another daemon; it is closed after the room."""
        return await self._clients.enter_async_context(
            DaemonClient(name=name, url=url, token=self._token, timeout_s=timeout_s)
        )

    def run_beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a background task, which is cancelled when the daemon has drained.

        If it fails, the daemon stops.
        """
        task = asyncio.create_task(self._guarded(work))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def stop_beside(self) -> None:
        """Cancel the background tasks and wait for their end."""
        for task in list(self._beside):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop_beside()
        await self._clients.aclose()

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:  # noqa: BLE001  # a defect: logged, and the daemon stops
            logger.exception("defect", extra={"members": {"service": self.name}})
            self._fail()


@dataclass(frozen=True, slots=True, kw_only=True)
class Room(Generic[S]):
    """A daemon: its name, the function that opens it, and the type of its own settings, if any."""

    name: str
    open: Callable[[S, Ground], AbstractAsyncContextManager[Sequence[Operation]]]
    settings: type[S] | None = None

    @property
    def settings_type(self) -> type[Settings]:
        """Return the type of all settings, with the port of this daemon as the default."""
        return with_port(self.settings or Settings, self.name)
