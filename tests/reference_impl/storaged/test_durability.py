"""What was acknowledged is there after any end of the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from tests.reference_impl.conftest import ROOT
from tests.reference_impl.lake import running_room

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

ROUNDS = 5
WRITERS = 4


def test_kill_9_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """A store killed in the middle of writes and deletes returns with exactly what it promised."""
    promised: dict[str, bytes | None] = {}
    for number in range(ROUNDS):
        with running_room("storaged", tmp_path) as daemon:
            _require(daemon, promised)
            _write_until_killed(daemon, number, promised)
    with running_room("storaged", tmp_path) as daemon:
        _require(daemon, promised)
    kept = {key for key, body in promised.items() if body is not None}

    assert len(promised) > ROUNDS * WRITERS
    assert len(kept) < len(promised)
    assert list((tmp_path / "data/storaged/scratch").iterdir()) == []


def _write_until_killed(daemon: LiveDaemon, number: int, promised: dict[str, bytes | None]) -> None:
    """Write, replace and delete until the daemon is gone; note what it acknowledged."""
    enough = Event()

    def write(writer: int) -> None:
        for step in range(1000):
            key = f"r{number}/w{writer}/{step // 3}"
            with suppress(OSError):
                if step % 3 == 2 and step % 2:
                    promised.pop(key, None)  # until it is acknowledged, either state is right
                    assert daemon.ask("DELETE", f"/storage/kill/{key}").status == 204
                    promised[key] = None
                else:
                    body = os.urandom(1 + (step * 7919) % 400_000)
                    promised.pop(key, None)
                    assert daemon.ask("PUT", f"/storage/kill/{key}", body).status in {200, 201}
                    promised[key] = body
            if step == 8 + number:
                enough.set()
            if daemon.process.poll() is not None:
                return

    threads = [Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    assert enough.wait(20)
    daemon.stop(signal.SIGKILL)
    for thread in threads:
        thread.join()


def _require(daemon: LiveDaemon, promised: dict[str, bytes | None]) -> None:
    for key, body in promised.items():
        answer = daemon.ask("GET", f"/storage/kill/{key}")
        assert (
            (answer.status, answer.body) == (200, body)
            if body is not None
            else answer.status == 404
        )
    listed = {
        entry["key"] for entry in daemon.ask("GET", "/storage/kill?limit=1000").json()["objects"]
    }
    assert {key for key, body in promised.items() if body is not None} <= listed


def test_two_never_share_a_store(tmp_path: Path) -> None:
    """The second one says who has it, in one line."""
    with running_room("storaged", tmp_path) as daemon:
        command = [
            sys.executable,
            "-m",
            "reference_impl",
            "storaged",
            "--port",
            "0",
            "--data-dir",
            str(tmp_path / "data"),
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=20, check=False, cwd=ROOT
        )

        assert done.returncode == 1
        assert f"is in use by process {daemon.process.pid}" in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_file_that_is_no_object_keeps_it_from_starting(tmp_path: Path) -> None:
    """A damaged store is said, not served as if it were whole."""
    with running_room("storaged", tmp_path) as daemon:
        daemon.ask("PUT", "/storage/b/k", b"body")
    (stored,) = (path for path in (tmp_path / "data/storaged/objects").rglob("*") if path.is_file())
    stored.write_bytes(stored.read_bytes()[:-1])
    command = [
        sys.executable,
        "-m",
        "reference_impl",
        "storaged",
        "--port",
        "0",
        "--data-dir",
        str(tmp_path / "data"),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=20, check=False, cwd=ROOT
    )

    assert (done.returncode, done.stderr) == (
        1,
        f"storaged: {stored}: no object of this store; move it away\n",
    )
