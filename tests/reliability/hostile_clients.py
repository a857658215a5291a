"""R17: what clients send that no client should, to every daemon."""

import socket
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.reference_impl.conftest import LiveDaemon, running
from tests.reliability.row import Figure
from tests.reliability.tests_as_rows import run_tests

_VALIDATORD: Final = ("-m", "reference_impl", "validatord")
_MIB: Final = 1 << 20
_BODY_BYTES: Final = 60 * _MIB
_UPLOADS: Final = 8
_GROWTH_MIB: Final = 64
_HEALTHY_MS: Final = 200.0
_CLOSED_S: Final = 12.0
"""A head has 10 s; the rest is for a busy machine."""


def refused(keyword: str, slow: int) -> Figure:
    """Send bad requests to each daemon, large bodies at once, and heads that never end."""
    tests = run_tests(["tests/reference_impl/test_hostile_requests.py"], keyword)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "log", program=_VALIDATORD) as daemon,
    ):
        statuses, grown_mib = _large_bodies(daemon)
        healthy_ms, closed_s = _slow_heads(daemon, slow)
    return Figure(
        text=(
            f"{tests.text}; {_UPLOADS} bodies of 60 MiB at once: status {sorted(set(statuses))}, "
            f"{grown_mib:.0f} MiB more; beside {slow} heads that stop, /health takes up to "
            f"{healthy_ms:.0f} ms, and all are closed after {closed_s:.1f} s"
        ),
        is_met=(
            tests.is_met
            and set(statuses) == {413}
            and len(statuses) == _UPLOADS
            and grown_mib <= _GROWTH_MIB
            and healthy_ms < _HEALTHY_MS
            and closed_s < _CLOSED_S
        ),
        numbers={"grown_mib": round(grown_mib, 1), "healthy_ms": round(healthy_ms, 1)},
    )


def _large_bodies(daemon: LiveDaemon) -> tuple[list[int], float]:
    assert daemon.document
    before = daemon.memory_bytes("VmHWM")
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(_upload(daemon))) for _ in range(_UPLOADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses, (daemon.memory_bytes("VmHWM") - before) / _MIB


def _upload(daemon: LiveDaemon) -> int:
    """Send a body whose length is declared, until the connection is closed."""
    with daemon.connect() as connection:
        connection.sendall(
            b"POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n" % _BODY_BYTES
        )
        piece = b" " * _MIB
        try:
            for _ in range(_BODY_BYTES // _MIB):
                connection.sendall(piece)
        except OSError:  # it is closed once it is refused
            pass
        return daemon.read(connection, "POST", "/validate").status


def _slow_heads(daemon: LiveDaemon, count: int) -> tuple[float, float]:
    """Return the slowest answer beside heads that stop, and when the last of them is closed."""
    with ExitStack() as opened:
        started_s = time.monotonic()
        slow = [opened.enter_context(daemon.connect()) for _ in range(count)]
        for connection in slow:
            connection.sendall(b"GET /health HTTP/1.1\r\nHos")
        healthy_ms = max(_asked_ms(daemon) for _ in range(20))
        for connection in slow:
            connection.settimeout(2 * _CLOSED_S)
            _until_closed(connection)
        return healthy_ms, time.monotonic() - started_s


def _asked_ms(daemon: LiveDaemon) -> float:
    started_s = time.monotonic()
    assert daemon.ask("GET", "/health").status == 200
    return (time.monotonic() - started_s) * 1000


def _until_closed(connection: socket.socket) -> None:
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        pass
