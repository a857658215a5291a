"""Start and end of a daemon: signals, taken ports, defects."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reference_impl.conftest import LiveDaemon

ROOT = Path(__file__).parents[2]
SEGMENTS_WITH_DATA_AT = 152  # tcpi_data_segs_in of Linux's struct tcp_info
BODY = b'{"kind":"sms","artifact":{"to":"x","body":"y"}}'
HEAD = (
    b"POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
    b"application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)
)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_a_good_end(start_validatord: Callable[..., LiveDaemon], number: int) -> None:
    """An idle daemon, even with kept connections, stops at once with exit code 0 and no trace."""
    daemon = start_validatord()
    with daemon.connect() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        daemon.read(connection)
        started_s = time.monotonic()

        assert daemon.stop(number) == 0
        assert time.monotonic() - started_s < 2
    assert "Traceback" not in daemon.log_file.read_text()


def test_sigterm_lets_a_request_finish(start_validatord: Callable[..., LiveDaemon]) -> None:
    """A request whose body is still on its way is read and answered.

    A new connection is refused.
    """
    daemon = start_validatord()
    assert daemon.document
    with daemon.connect() as connection:
        connection.sendall(HEAD + BODY[:10])
        time.sleep(0.2)
        daemon.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert daemon.process.poll() is None
        with pytest.raises(ConnectionRefusedError):
            daemon.connect()
        connection.sendall(BODY[10:])
        answer = daemon.read(connection, "POST", "/validate")

    assert (answer.status, answer.header("connection")) == (200, "close")
    assert daemon.process.wait(timeout=5) == 0


def test_draining_has_an_end(start_miniature: Callable[..., LiveDaemon]) -> None:
    """A request that never ends is told so when the time is up."""
    daemon = start_miniature("--drain-timeout-s", "1")
    assert daemon.document
    with daemon.connect() as connection:
        connection.sendall(b"GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.2)
        started_s = time.monotonic()
        daemon.process.send_signal(signal.SIGTERM)
        answer = daemon.read(connection, "GET", "/hang")

    assert answer.status == 503
    assert daemon.process.wait(timeout=5) == 0
    assert time.monotonic() - started_s < 2.5


def test_a_second_signal_does_not_wait(start_miniature: Callable[..., LiveDaemon]) -> None:
    """Whoever insists is obeyed."""
    daemon = start_miniature()
    with daemon.connect() as connection:
        connection.sendall(b"GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.2)
        daemon.process.send_signal(signal.SIGTERM)
        time.sleep(0.4)
        started_s = time.monotonic()

        assert daemon.stop() == 0
        assert time.monotonic() - started_s < 2


def test_a_taken_port_is_one_line_and_code_1(validatord: LiveDaemon) -> None:
    """The second daemon says what is wrong."""
    command = [sys.executable, "-m", "reference_impl", "validatord", "--port", str(validatord.port)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=20, check=False, cwd=ROOT
    )

    expected = f"validatord: cannot listen on 127.0.0.1:{validatord.port}: Address already in use\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", expected)


def test_a_defect_is_500_with_an_id_and_no_trace(miniature: LiveDaemon) -> None:
    """The caller gets an id; what it stands for is in the log alone."""
    answer = miniature.ask("GET", "/crash", headers={"x-request-id": "r1"})

    assert answer.status == 500
    found = re.fullmatch(r"an unexpected error, logged as ([0-9a-f]{16})", answer.json()["detail"])
    assert found
    assert not re.search(rb"hunter2|Traceback|RuntimeError|File|\.py", answer.body)
    line = miniature.wait_for_log(defect=found[1])
    assert "RuntimeError: hunter2" in line["trace"]
    assert line["request_id"] == "r1"
    assert miniature.ask("GET", "/v1/crash").json()["instance"] == "/v1/crash"


def test_an_answer_leaves_in_one_piece(validatord: LiveDaemon) -> None:
    """A head and its body are one segment on the wire, as the receiving kernel counts them."""
    with validatord.connect() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = validatord.read(connection)
        information = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160)

    (segments,) = struct.unpack_from("I", information, SEGMENTS_WITH_DATA_AT)
    assert (answer.status, segments) == (200, 1)


def test_a_log_without_a_reader_stops_nothing() -> None:
    """A daemon whose standard error has lost its reader still answers, on kept connections too."""
    daemon = subprocess.Popen(
        [sys.executable, "-m", "reference_impl", "validatord", "--port", "0"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert daemon.stderr is not None
        port = int(daemon.stderr.readline().rpartition(":")[2])
        daemon.stderr.close()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        for _ in range(3):
            connection.request("GET", "/health")
            answer = connection.getresponse()
            assert (answer.status, answer.read()[:1]) == (200, b"{")
        connection.close()
    finally:
        daemon.kill()
        daemon.wait()
