"""How long an exchange is waited for, and what comes after one that failed."""

import asyncio
import re
import socket
import threading
import time
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.request import Request
from conformance.model.runtime import TlsSettings
from conformance.runner import event_loop
from conformance.runner.http.dialer import connect
from conformance.runner.http.exchange_fault import ExchangeFaultError
from conformance.runner.http.response_reader import ResponseReader
from conformance.runner.http.tls import client_tls
from tests.miniatures import faulty
from tests.miniatures.server import (
    Received,
    Reply,
    always,
    json_reply,
    serve,
    serve_connections,
    serve_script,
)
from tests.runner.asking import GET, LIMITS, ask, ask_all

UPLOAD = Request(method="POST", target="/", body=bytes(16 << 20))


def test_budget_ends_before_patience() -> None:
    """A budget that is shorter than the longest silence allowed is the one that counts."""
    with serve_script(faulty.hangs_before_headers) as url:
        fault = ask(url, GET, replace(LIMITS, idle_ms=60_000))
    assert isinstance(fault, Fault)
    assert (fault.kind, fault.phase) == (FaultKind.TIMEOUT_TOTAL, "headers")


@pytest.mark.parametrize(
    ("connect_ms", "total_ms", "waited_ms"), [(200, 60_000, 200), (60_000, 200, 200)]
)
def test_a_connection_is_waited_for_within_both_bounds(
    connect_ms: int, total_ms: int, waited_ms: int
) -> None:
    """The bound of a connection counts, and that of the exchange where it is shorter."""
    limits = replace(LIMITS, connect_ms=connect_ms, total_ms=total_ms)
    with faulty.fills_backlog() as url:
        fault = ask(url, GET, limits, budget_ms=total_ms)
    assert isinstance(fault, Fault)
    assert fault.kind is FaultKind.CONNECT_TIMEOUT
    said = re.fullmatch(r"no connection in (\d+) ms", fault.detail)
    assert said is not None
    # Less where a busy machine took its time before
    assert int(said[1]) <= waited_ms


def test_slow_upload_is_no_silence() -> None:
    """A peer that takes a long request in bits, slower than the allowed silence, is waited for."""
    with serve_connections(faulty.takes_slowly) as url:
        seen = ask(url, UPLOAD, budget_ms=10_000)
    assert isinstance(seen, Answer), seen


def test_a_peer_that_ends_its_side_and_reads_no_more_is_given_up() -> None:
    """What it has not taken by then it never takes."""
    given_up = threading.Event()

    def ends_its_side(connection: socket.socket) -> None:
        connection.recv(1)
        connection.shutdown(socket.SHUT_WR)
        given_up.wait(20.0)

    async def asked(url: str) -> Answer | Fault:
        async with asyncio.timeout(10.0):
            return (await ask_all(url, [UPLOAD]))[0]

    with serve_connections(ends_its_side) as url:
        try:
            seen = event_loop.run(asked(url))
        finally:
            given_up.set()
    assert isinstance(seen, Fault)


def test_next_exchange_after_a_fault_is_clean() -> None:
    """After a fault the client drops the connection, and the next server is asked again."""
    with serve_script(faulty.truncates_body) as bad, serve(always({})) as good:
        assert isinstance(ask(bad), Fault)
        assert not isinstance(ask(good), Fault)


async def ask_and_stand_still(url: str, after_s: float) -> Answer | Fault:
    """Ask, and let the loop stand still meanwhile, for longer than the budget."""
    asyncio.get_running_loop().call_later(after_s, time.sleep, 1.0)
    return (await ask_all(url, [GET], replace(LIMITS, idle_ms=300), budget_ms=300))[0]


def test_time_in_which_the_harness_stands_still_is_nobody_s() -> None:
    """An answer that came meanwhile is read, and is no timeout."""

    def slow(_: Received) -> Reply:
        time.sleep(0.1)
        return json_reply({})

    with serve(slow) as url:
        seen = event_loop.run(ask_and_stand_still(url, 0.05))
    assert isinstance(seen, Answer), seen


def test_a_harness_that_stands_still_while_it_connects() -> None:
    """It connects again, and the runtime is asked."""
    with serve(always({})) as url:
        seen = event_loop.run(ask_and_stand_still(url, 0.0))
    assert isinstance(seen, Answer), seen


def test_a_handshake_that_does_not_come_in_time_is_asked_for_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A second time only where the harness stood still meanwhile: here it was 50 ms late."""
    clock = SimpleNamespace(monotonic=iter([7.0, 7.15]).__next__)
    monkeypatch.setattr("conformance.runner.http.dialer.time", clock)
    tls = client_tls("a", TlsSettings(insecure=True))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(ExchangeFaultError) as caught:
            event_loop.run(connect("127.0.0.1", port, tls, 100.0))
        assert caught.value.kind is FaultKind.TLS_TIMEOUT
        silent.settimeout(0)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()


def test_a_peer_that_says_nothing_is_given_up_all_the_same() -> None:
    """A harness that stood still waits for its budget once more, and no longer."""
    with serve_script(faulty.hangs_before_headers) as url:
        fault = event_loop.run(ask_and_stand_still(url, 0.05))
    assert isinstance(fault, Fault)
    assert fault.kind in {FaultKind.TIMEOUT_IDLE, FaultKind.TIMEOUT_TOTAL}


def test_an_answer_for_which_nobody_waits_any_more() -> None:
    """It may arrive in the very moment in which its exchange is cancelled, and is let be."""

    async def cancelled(url: str) -> None:
        parts = urlsplit(url)
        connection = await connect(str(parts.hostname), int(parts.port or 0), None, 5_000)
        reader = ResponseReader("GET", LIMITS)
        exchange = connection.exchange(
            (b"GET / HTTP/1.1\r\n\r\n",), reader, LIMITS, time.monotonic() + 60
        )
        waiting = asyncio.create_task(exchange)
        await asyncio.sleep(0)
        waiting.cancel()
        try:
            connection.data_received(b"HTTP/1.1 204 No Content\r\n\r\n")
        finally:
            connection.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    with serve_script(faulty.hangs_before_headers) as url:
        event_loop.run(cancelled(url))
