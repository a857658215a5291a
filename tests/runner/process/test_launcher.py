"""Starting programs: until they serve, or a message that says why they never will.

Stopping the whole tree.
"""

import asyncio
import json
import os
import re
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from conformance.errors import RuntimeUnavailableError
from conformance.model.observation import Answer
from conformance.model.request import Request
from conformance.model.runtime import CommandRuntime
from conformance.runner import event_loop
from conformance.runner.http.wire import WireClient
from conformance.runner.process.launcher import launch, program_exists
from conformance.runner.process.program import Program
from tests.runner.starting import PROGRAM, PYTHON, command, listens

WRAPPER = "import subprocess, sys; subprocess.run([sys.executable, *sys.argv[1:]])"


async def get(program: Program, target: str) -> object:
    client = WireClient(program.url)
    seen = await client.exchange(Request(method="GET", target=target), 1_000)
    client.close()
    assert isinstance(seen, Answer)
    return json.loads(seen.body)


def run_once(reach: CommandRuntime, log: Path, target: str = "/") -> tuple[object, int]:
    """Start, ask once, stop; return what was answered and the port."""

    async def once() -> tuple[object, int]:
        program = await launch("mini", reach, log)
        try:
            return await get(program, target), urlsplit(program.url).port or 0
        finally:
            await program.stop()

    return event_loop.run(once())


def refusal(reach: CommandRuntime, log: Path) -> RuntimeUnavailableError:
    with pytest.raises(RuntimeUnavailableError) as caught:
        run_once(reach, log)
    return caught.value


def gone(port: int, pid: int, within_s: float = 1.0) -> bool:
    """Return whether a port is free and a process dead, allowing the kernel a moment."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if not listens(port) and not alive(pid):
            return True
        time.sleep(0.01)
    return False


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.parametrize(
    ("habits", "ready"),
    [
        pytest.param((), "/health", id="at-once"),
        pytest.param((), None, id="an-open-port-is-enough"),
        pytest.param(("after=0.4",), "/health", id="listens-late"),
        pytest.param(("unready=3",), "/health", id="not-ready-at-first"),
    ],
)
def test_waits_until_it_serves(tmp_path: Path, habits: tuple[str, ...], ready: str | None) -> None:
    """A program is ready when its path answers 2xx, or its port is open where no path is named."""
    reach = command(tmp_path, habits=habits, ready=ready)
    pid, port = run_once(reach, tmp_path / "log", "/pid")
    assert isinstance(pid, int)
    assert gone(port, pid)


def test_exit_before_ready(tmp_path: Path) -> None:
    """A program that ends during start is reported at once, with exit code and end of its log."""
    started = time.monotonic()
    error = refusal(command(tmp_path, habits=("exits=7",)), tmp_path / "log")
    assert (
        error.message
        == "runtime mini: start_crashed: exited with 7 before it was ready\n  | line one\n  | "
        "line two"
    )
    assert error.hint == f"its log: {tmp_path / 'log'}"
    assert error.exit_code == 4
    assert time.monotonic() - started < 3


def test_signal_before_ready(tmp_path: Path) -> None:
    """A program that is killed while it starts is reported with the signal's name."""
    error = refusal(command(tmp_path, "sh", "-c", "kill -ABRT $$"), tmp_path / "log")
    assert (
        error.message
        == "runtime mini: start_crashed: killed by SIGABRT before it was ready\n  | (it logged "
        "nothing)"
    )


def test_unnamed_signal(tmp_path: Path) -> None:
    """A real-time signal without a name is reported by its number."""
    error = refusal(command(tmp_path, "sh", "-c", "kill -40 $$"), tmp_path / "log")
    assert error.message.startswith(
        "runtime mini: start_crashed: killed by signal 40 before it was ready"
    )


@pytest.mark.parametrize(
    ("habits", "ready"),
    [
        pytest.param(("mute",), None, id="never-listens"),
        pytest.param(("unready=9999",), "/health", id="never-ready"),
    ],
)
def test_never_ready(tmp_path: Path, habits: tuple[str, ...], ready: str | None) -> None:
    """A program that does not get ready in its time is stopped and reported with its log."""
    started = time.monotonic()
    error = refusal(
        command(tmp_path, habits=habits, ready=ready, start_timeout_ms=600), tmp_path / "log"
    )
    assert error.message.startswith(
        "runtime mini: start_timeout: not ready after 600 ms on http://127.0.0.1:"
    )
    assert error.message.endswith("\n  | line one\n  | line two")
    assert time.monotonic() - started < 2.5


@pytest.mark.parametrize("program", ["no-such-program", "./none", "${python}/none"])
def test_missing_program(tmp_path: Path, program: str) -> None:
    """A program that is not there is named, with what to do about it."""
    error = refusal(command(tmp_path, program), tmp_path / "log")
    assert error.message.startswith(
        f"runtime mini: start_failed: cannot start {program.replace('${python}', PYTHON)}: "
    )
    assert error.hint == "build it, or give the runtime a `fallback` recording"


def test_wrapper_leaves_nothing(tmp_path: Path) -> None:
    """A wrapper that forks the real server is stopped with everything below it."""
    reach = command(tmp_path, "${python}", "-c", WRAPPER, str(PROGRAM), "${port}", ready="/health")
    pid, port = run_once(reach, tmp_path / "log", "/pid")
    assert isinstance(pid, int)
    assert gone(port, pid)


def test_shell_that_leaves_a_server_behind(tmp_path: Path) -> None:
    """A server that outlives the shell which put it into the background is stopped too."""
    reach = command(tmp_path, "sh", "-c", f'"{PYTHON}" "{PROGRAM}" $PORT & wait', ready="/health")
    pid, port = run_once(reach, tmp_path / "log", "/pid")
    assert isinstance(pid, int)
    assert gone(port, pid)


def test_stubborn_program_is_killed(tmp_path: Path) -> None:
    """A program that ignores SIGTERM is killed after its grace, not before."""

    async def stop_it() -> tuple[float, object, int]:
        reach = command(tmp_path, habits=("stubborn",), ready="/health", stop_timeout_ms=300)
        program = await launch("mini", reach, tmp_path / "log")
        pid = await get(program, "/pid")
        started = time.monotonic()
        await program.stop()
        return time.monotonic() - started, pid, urlsplit(program.url).port or 0

    took_s, pid, port = event_loop.run(stop_it())
    assert isinstance(pid, int)
    assert 0.3 <= took_s < 1.0
    assert gone(port, pid)


def test_polite_program_is_not_waited_for(tmp_path: Path) -> None:
    """A program that ends when it is asked to costs no grace."""

    async def stop_it() -> float:
        program = await launch(
            "mini", command(tmp_path, ready="/", stop_timeout_ms=30_000), tmp_path / "log"
        )
        started = time.monotonic()
        await program.stop()
        await program.stop()
        return time.monotonic() - started

    assert event_loop.run(stop_it()) < 2


def test_environment_is_an_allow_list(tmp_path: Path) -> None:
    """A program sees what it declares, its port and a few harmless variables, never secrets."""
    reach = command(tmp_path, environment=(("MODE", "test"), ("AT", "http://h:${port}")), ready="/")
    os.environ["CONFORMANCE_TEST_SECRET"] = "hunter2"  # noqa: S105 - it is made up
    try:
        seen, port = run_once(reach, tmp_path / "log", "/environment")
    finally:
        del os.environ["CONFORMANCE_TEST_SECRET"]
    assert isinstance(seen, dict)
    declared = {"MODE", "AT", "PORT"}
    assert {name: seen[name] for name in declared} == {
        "MODE": "test",
        "AT": f"http://h:{port}",
        "PORT": str(port),
    }
    allowed = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "PYTHONPYCACHEPREFIX"}
    added_by_python = {"LC_CTYPE"}
    assert set(seen) <= declared | allowed | added_by_python


def test_long_log_is_cut_in_the_middle(tmp_path: Path) -> None:
    """A program that logs more than a pipe holds gets ready.

    Of its log the ends are kept, the rest is counted.
    """
    script = (
        f"yes a-long-line-of-log | head -c 4000000; echo the end; exec '{PYTHON}' '{PROGRAM}' $PORT"
    )
    reach = command(tmp_path, "sh", "-c", script, ready="/health")
    run_once(reach, tmp_path / "logs" / "mini.log")
    logged = (tmp_path / "logs" / "mini.log").read_text()
    assert logged.startswith("a-long-line-of-log\n")
    assert logged.endswith("the end\nline one\nline two\n")
    left_out = re.search(r"\n\[([0-9]+) bytes left out\]\n", logged)
    assert left_out is not None
    assert len(logged) - len(left_out[0]) + int(left_out[1]) == 4_000_000 + len(
        "the end\nline one\nline two\n"
    )


def test_program_runs_in_its_directory(tmp_path: Path) -> None:
    """A relative program is found and run in the directory of the command."""
    script = tmp_path / "serve.sh"
    script.write_text(f"#!/bin/sh\nexec '{PYTHON}' '{PROGRAM}' \"$1\"\n")
    script.chmod(0o755)
    reach = command(tmp_path, "./serve.sh", "${port}", ready="/")
    assert program_exists(reach)
    run_once(reach, tmp_path / "log")
    script.chmod(0o644)
    assert not program_exists(reach)


@pytest.mark.parametrize(
    ("program", "exists"),
    [("sh", True), ("${python}", True), ("no-such-program", False), ("/no/such/program", False)],
)
def test_program_exists(tmp_path: Path, program: str, exists: bool) -> None:
    """A program is looked for on the search path, or where its path says."""
    assert program_exists(command(tmp_path, program)) is exists


def test_cancelled_start_leaves_nothing(tmp_path: Path) -> None:
    """A start that is given up leaves no process behind."""

    async def give_up() -> None:
        async with asyncio.timeout(0.4):
            await launch(
                "mini",
                command(tmp_path, "sh", "-c", "sleep 60 & echo $$ $!; wait"),
                tmp_path / "log",
            )

    with pytest.raises(TimeoutError):
        event_loop.run(give_up())
    assert [alive(int(pid)) for pid in (tmp_path / "log").read_text().split()] == [False, False]
