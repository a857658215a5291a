"""A whole daemon: settings, token, socket, room, application and server.

They are created in this order, so that a failure is found early.

In: arguments and a room, or several rooms with their settings for one process. Out: an exit code: 0
after a signal and a drain, 1 when something that it needs is in use or damaged, 2 for wrong
settings. Each failure is one line on standard error.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvloop

from reference_impl import __version__
from reference_impl.kit.bearer import BearerGate, read_token
from reference_impl.kit.browser_guard import BrowserGuard
from reference_impl.kit.command_line import settings_from
from reference_impl.kit.exchange import ExchangeLayer
from reference_impl.kit.head_guard import head_guard
from reference_impl.kit.lifecycle import StopSignal, bind, serve
from reference_impl.kit.log import open_log
from reference_impl.kit.metrics import UNPARSED, Metrics
from reference_impl.kit.room import Ground, Room
from reference_impl.kit.routing import Router
from reference_impl.kit.settings import Settings, SettingsError, StartError
from reference_impl.kit.standard_operations import with_standard_operations

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp

    from reference_impl.kit.operation import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Daemon:
    """A room with its settings, its token and its socket, ready to be served."""

    room: Room[Any]
    settings: Settings
    token: str | None
    listener: socket.socket


def prepare(room: Room[Any], settings: Settings) -> Daemon:
    """Read the token, bind the port, and return the daemon.

    Raises SettingsError and StartError.
    """
    token = read_token(settings)
    return Daemon(
        room=room, settings=settings, token=token, listener=bind(settings.host, settings.port)
    )


def run(arguments: Sequence[str], room: Room[Any]) -> int:
    """Run a daemon in this process until a signal stops it, and return its exit code."""
    try:
        settings = settings_from(
            arguments, kind=room.settings_type, name=room.name, version=__version__
        )
        daemon = prepare(room, settings)
    except (SettingsError, StartError) as error:
        return _fail(room.name, error)
    open_log(room.name, settings.log_level)
    return serve_all([daemon])


def serve_all(daemons: Sequence[Daemon], when_ready: Callable[[], None] | None = None) -> int:
    """Serve daemons in one loop until a signal or a failure stops them; return the exit code.

    Each is opened when the one before it answers; `when_ready` is called once all answer.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_serve_all(daemons, when_ready))


async def _serve_all(daemons: Sequence[Daemon], when_ready: Callable[[], None] | None) -> int:
    stop = StopSignal()
    serving: list[asyncio.Task[int]] = []
    with stop.on_signals():
        for daemon in daemons:
            serving.append(asyncio.create_task(_serve(daemon, stop)))
            await stop.until_serving(serving[-1])
        if when_ready is not None and not stop.is_asked:
            when_ready()
        _spare_collections()
        return max(await asyncio.gather(*serving))


def _spare_collections() -> None:
    """Collect garbage less often, and never startup objects: requests create few cycles."""
    gc.freeze()
    gc.set_threshold(10_000, 50, 50)


async def _serve(daemon: Daemon, stop: StopSignal) -> int:
    """Open a room, serve it until stopped, close it, and return its exit code."""
    room, settings = daemon.room, daemon.settings
    failures: list[str] = []

    def fail() -> None:
        failures.append(room.name)
        stop.ask()

    metrics = Metrics(room.name, __version__)
    protocol = head_guard(settings.head_timeout_s, _refusal_counter(metrics))
    try:
        ground = Ground(name=room.name, metrics=metrics, token=daemon.token, fail=fail)
        with daemon.listener:
            async with ground, room.open(settings, ground) as operations:
                app = make_app(operations, daemon, ground)
                await serve(app, daemon.listener, settings, protocol, stop)
                await ground.stop_beside()
    except (SettingsError, StartError) as error:
        stop.ask()
        return _fail(room.name, error)
    return 1 if failures else 0


def make_app(operations: Sequence[Operation], daemon: Daemon, ground: Ground) -> ASGIApp:
    """Return the application: exchange layer around browser guard, token gate and router."""
    token, settings = daemon.token, daemon.settings
    rows = with_standard_operations(
        operations, ground, version=__version__, has_token=token is not None
    )
    inner: ASGIApp = Router(rows)
    if token is not None:
        inner = BearerGate(inner, token, rows)
    return ExchangeLayer(
        BrowserGuard(inner, (settings.host, *settings.allowed_hosts)), ground.metrics
    )


def _refusal_counter(metrics: Metrics) -> Callable[[int], None]:
    def count(status: int) -> None:
        metrics.record(route=UNPARSED, method=UNPARSED, status=status, seconds=0.0)

    return count


def _fail(name: str, error: SettingsError | StartError) -> int:
    sys.stderr.write(f"{name}: {error}\n")
    return 2 if isinstance(error, SettingsError) else 1
