"""The runner closes what it opens: sockets, pipes and logs of programs, sessions.

This holds after every fault, and however programs end.
"""

import asyncio
import contextlib
import itertools
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import trustme

from conformance.errors import RuntimeUnavailableError
from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.request import Request
from conformance.model.runtime import CommandRuntime
from conformance.runner import event_loop
from conformance.runner.http.wire import WireClient
from conformance.runner.open_session import open_session
from conformance.runner.process.launcher import launch
from conformance.runner.process.ports import free_port, is_taken
from conformance.runner.process.program import Program
from tests.descriptors import needs_proc, nothing_left_open, open_in, wait_until_closed
from tests.miniatures import faulty
from tests.miniatures.server import (
    Script,
    always,
    read_request,
    serve,
    serve_connections,
    serve_script,
)
from tests.runner.asking import BUDGET_MS, GET, LIMITS
from tests.runner.http.test_faults import BY_KIND, BY_NOTE, faulty_server
from tests.runner.starting import attached, case, command, started

pytestmark = needs_proc
ROUNDS = 3
ONE_OF_EACH = [names[0] for names in (*BY_KIND.values(), *BY_NOTE.values())]


def in_a_loop(once: Callable[[], Awaitable[None]], rounds: int = ROUNDS) -> None:
    """Do something a few times inside one loop, after which nothing new may be open."""

    async def main() -> None:
        first = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        first.close()  # what a loop keeps for itself is there from its first stream on
        await first.wait_closed()
        before = open_in()
        for _ in range(rounds):
            await once()
        await wait_until_closed(before)

    event_loop.run(main())


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_connection_after_a_fault(name: str) -> None:
    """Whatever a server does, no side of the connection stays open, though the client is kept."""
    server = faulty_server(name)
    clients = []
    with server.open() as url:

        async def once() -> None:
            client = WireClient(url.replace("http:", f"{server.scheme}:"), (), LIMITS)
            clients.append(client)
            await client.exchange(server.request, BUDGET_MS)
            client.close()

        in_a_loop(once, rounds=1 if server.scheme == "https" else 2)


def test_connections_that_are_kept() -> None:
    """A client keeps one connection and no more, and none once it is closed or finished."""
    with serve(always({})) as url:

        async def once() -> None:
            before = open_in()
            client = WireClient(url, (), LIMITS)
            assert await client.reach() is None
            for _ in range(5):
                assert isinstance(await client.exchange(GET, BUDGET_MS), Answer)
                assert (open_in() - before).total() == 2  # either side
            client.close()
            await wait_until_closed(before)
            assert isinstance(await client.exchange(GET, BUDGET_MS), Answer)
            await client.finish(1.0)
            await wait_until_closed(before)

        in_a_loop(once)


@pytest.mark.parametrize(
    "script", [faulty.hangs_before_headers, faulty.hangs_in_headers, faulty.hangs_in_body]
)
def test_an_exchange_that_is_given_up(script: Script) -> None:
    """A connection in the middle of an answer is closed with the exchange that was abandoned."""
    clients = []
    with serve_script(script) as url:

        async def once() -> None:
            client = WireClient(url, (), LIMITS)
            clients.append(client)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await client.exchange(GET, 60_000)

        in_a_loop(once)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param(
            Request(method="GET", target="/", body=b"x"), 200, id="a-body-that-get-has-not"
        ),
        pytest.param(
            Request(method="POST", target="/", body=b"x"), 400, id="a-body-that-is-refused"
        ),
        pytest.param(
            Request(method="GET", target="/", headers=(("Expect", "x"),)), 200, id="an-expectation"
        ),
        pytest.param(Request(method="CONNECT", target="/"), 200, id="a-tunnel"),
    ],
)
def test_a_connection_that_is_not_kept(request_: Request, status: int) -> None:
    """After a request that a peer may not have read fully, even a usable connection is closed."""
    clients = []
    with serve(always({}, status)) as url:

        async def once() -> None:
            before = open_in()
            client = WireClient(url, (), LIMITS)
            clients.append(client)
            assert isinstance(await client.exchange(request_, BUDGET_MS), Answer)
            await wait_until_closed(before)

        in_a_loop(once)


def test_a_peer_that_does_not_end() -> None:
    """Our side of a connection is closed when its time is up, even if the peer keeps its side."""
    leave = threading.Event()

    def stays(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(faulty.OK + b"content-length: 0\r\n\r\n")
        leave.wait(60)

    async def once(url: str) -> None:
        before = open_in()
        client = WireClient(url, (), LIMITS)
        assert isinstance(await client.exchange(GET, BUDGET_MS), Answer)
        await client.finish(0.05)
        await wait_until_closed(before, lasting=1)  # the peer's side
        leave.set()
        await wait_until_closed(before)

    with serve_connections(stays) as url:
        in_a_loop(lambda: once(url), rounds=1)


def test_a_port_that_turns_out_to_speak_tls() -> None:
    """The look at whether a port that closes without a word speaks TLS leaves no connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)

    def speaks_tls_alone(connection: socket.socket) -> None:
        if connection.recv(1, socket.MSG_PEEK) == b"\x16":
            with (
                context.wrap_socket(connection, server_side=True) as secured,
                contextlib.suppress(OSError),
            ):
                secured.recv(1)

    async def once(url: str) -> None:
        client = WireClient(url, (), LIMITS)
        fault = await client.exchange(GET, BUDGET_MS)
        assert isinstance(fault, Fault)
        assert fault.kind is FaultKind.TLS_SPOKEN
        client.close()

    with serve_connections(speaks_tls_alone) as url:
        in_a_loop(lambda: once(url))


def ends(folder: Path) -> dict[str, CommandRuntime]:
    """Return commands by how their start ends."""
    return {
        "it serves": command(folder, ready="/"),
        "nothing to start": command(folder, "no-such-program"),
        "no such folder": command(folder / "missing", "true"),
        "it ends at once": command(folder, "true"),
        "it is killed": command(folder, "sh", "-c", "kill -SEGV $$"),
        "it never listens": command(
            folder, "sleep", "60", start_timeout_ms=100, stop_timeout_ms=200
        ),
        "it listens elsewhere": command(folder, habits=("on=::1",), start_timeout_ms=600),
    }


@pytest.mark.parametrize("how", ends(Path()))
def test_a_program_that_was_started(tmp_path: Path, how: str) -> None:
    """A program's pipes and log close after a stop or a failed start, even while still held."""
    numbers, programs = itertools.count(), []

    async def once() -> None:
        log, before = tmp_path / f"log{next(numbers)}", open_in()
        try:
            program = await launch("mini", ends(tmp_path)[how], log)
        except RuntimeUnavailableError:
            assert how != "it serves"
        else:
            assert how == "it serves"
            programs.append(program)
            program.log_tail()
            await wait_until_closed(before, lasting=2)  # the pipes to its guardian
            await program.stop()

    in_a_loop(once)


def test_a_program_that_floods_its_log_and_one_that_is_given_up(tmp_path: Path) -> None:
    """A program that is stopped for its log, and a start that is cancelled."""
    numbers = itertools.count()

    async def once() -> None:
        with pytest.raises(RuntimeUnavailableError, match="log_flood"):
            await launch(
                "mini", command(tmp_path, "yes"), tmp_path / f"log{next(numbers)}", 1 << 20
            )
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await launch(
                    "mini", command(tmp_path, "sleep", "60"), tmp_path / f"log{next(numbers)}"
                )

    in_a_loop(once)


def test_a_program_without_a_loop(tmp_path: Path) -> None:
    """One that was spawned has two pipes, and none once it was stopped, twice even."""
    program = Program("mini", command(tmp_path, "sleep", "60"), tmp_path / "log")

    async def stop() -> None:
        before = open_in()
        program.spawn()
        assert (open_in() - before).total() == 2
        await program.stop()
        await program.stop()
        assert open_in() == before

    event_loop.run(stop())


def test_a_session(tmp_path: Path) -> None:
    """Runtimes of every kind are released with their session, even if one is unavailable."""
    numbers = itertools.count()
    with serve(always({})) as url:

        async def once() -> None:
            logs = tmp_path / f"logs{next(numbers)}"
            runtimes = [attached("a", url), started("b", command(tmp_path, ready="/"))]
            async with open_session(runtimes, logs, {}) as session:
                await session.observe(case("/", "/"))
            with pytest.raises(RuntimeUnavailableError):
                async with open_session(
                    [*runtimes, started("c", command(tmp_path, "true"))], logs, {}
                ):
                    pass

        in_a_loop(once)


def test_loops_and_ports() -> None:
    """A loop that has ended and a port that was looked for hold nothing."""

    async def nothing() -> None:
        await asyncio.sleep(0)

    event_loop.run(nothing())
    with nothing_left_open():
        for _ in range(10):
            event_loop.run(nothing())
            assert not is_taken(free_port())
