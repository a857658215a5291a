"""The life of a daemon's server: bind, serve, drain.

In: an ASGI application, its settings and protocol. Out: nothing; `serve` returns after the drain.
All servers of a process share one `StopSignal`. The socket is bound before the server exists, so
that a port in use is a one-line error and not half a start. `listening on http://…` is written to
standard error once requests are answered. The first SIGTERM or SIGINT lets running requests finish
for at most `drain_timeout_s`; a second one stops at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

from reference_impl.kit.settings import StartError, url_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp

    from reference_impl.kit.head_guard import HeadGuard
    from reference_impl.kit.settings import Settings

# A burst of callers waits instead of being refused; Linux limits it to net.core.somaxconn.
_BACKLOG = 2048
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address; port 0 takes a free port.

    Raises StartError.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise StartError(f"cannot listen on {host}:{port}: {reason}") from None
    listener.setblocking(False)  # noqa: FBT003  # the only way to call it
    return listener


class StopSignal:
    """The stop signal of all servers in a process: first they drain, the second time they stop."""

    def __init__(self) -> None:
        self.is_asked = False
        self._servers: list[DaemonServer] = []
        self._serving = asyncio.Event()

    @contextlib.contextmanager
    def on_signals(self) -> Iterator[None]:
        """Call `ask` on each SIGTERM or SIGINT during the block."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self.ask)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)

    def ask(self) -> None:
        """Tell all servers, also those that start later, to stop."""
        self.is_asked = True
        for server in self._servers:
            server.force_exit = server.should_exit
            server.should_exit = True

    def tell(self, server: DaemonServer) -> None:
        """Register a server that `ask` will stop."""
        server.should_exit = self.is_asked
        self._servers.append(server)

    def note_serving(self) -> None:
        """Note that a server answers requests."""
        self._serving.set()

    async def until_serving(self, serving: asyncio.Task[int]) -> None:
        """Wait until the next server answers, or its task has ended."""
        waiting = asyncio.create_task(self._serving.wait())
        await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        self._serving.clear()


class DaemonServer(uvicorn.Server):
    """A server that reports when it serves, and leaves signals to the owner of the process."""

    def __init__(self, config: uvicorn.Config, stop: StopSignal) -> None:
        super().__init__(config)
        self._stop = stop
        stop.tell(self)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then write the address."""
        await super().startup(sockets)
        self._stop.note_serving()
        for listener in sockets or []:
            sys.stderr.write(f"listening on {url_of(*listener.getsockname()[:2])}\n")
        sys.stderr.flush()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture no signals."""
        yield


async def serve(
    app: ASGIApp,
    listener: socket.socket,
    settings: Settings,
    protocol: type[HeadGuard],
    stop: StopSignal,
) -> None:
    """Answer requests until the stop signal, then drain."""
    config = uvicorn.Config(
        app,
        http=protocol,  # httptools, by class: the guard derives from uvicorn's httptools protocol
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_keep_alive=5,  # calling daemons close after 3 s (client)
        timeout_graceful_shutdown=settings.drain_timeout_s,
    )
    await DaemonServer(config, stop).serve(sockets=[listener])
