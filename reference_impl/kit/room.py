"""Rooms: what a daemon is made of, and the ground the kit puts under it.

In: a name, a function that opens the room, and a settings type where the room has settings of its
own. To open is an asynchronous context manager over the settings and the ground, which makes the
room ready (reads its logs, loads its index), gives its operations, and saves when the block ends.
Out: what `daemon` serves. A room is the same whether it has a process of its own or shares one.

At the end the server drains first, then what runs beside is stopped, then the room saves, then its
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
    """The basis of an open room: metrics, calls of other daemons, and tasks beside its requests.

    `completing` is set by a room whose document says more than its operations do: it gets the
    document, as JSON, each time that somebody asks for it, and gives the one to answer with.
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
        """Open the way to another daemon; it is closed after the room."""
        return await self._clients.enter_async_context(
            DaemonClient(name=name, url=url, token=self._token, timeout_s=timeout_s)
        )

    def run_beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work beside the requests, cancelled when the daemon has drained.

        If it fails, the daemon stops.
        """
        task = asyncio.create_task(self._guarded(work))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def stop_beside(self) -> None:
        """Cancel what runs beside and wait for its end."""
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
    """A daemon: what it is called, how it opens, and its settings if it has some of its own."""

    name: str
    open: Callable[[S, Ground], AbstractAsyncContextManager[Sequence[Operation]]]
    settings: type[S] | None = None

    @property
    def settings_type(self) -> type[Settings]:
        """All that can be set, with the port of this daemon as the default."""
        return with_port(self.settings or Settings, self.name)
