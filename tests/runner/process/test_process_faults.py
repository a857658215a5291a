"""Programs that misbehave as processes: each is named, none outlives its run, ports are freed."""

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from conformance.errors import RuntimeUnavailableError
from conformance.model.observation import Answer, Cell, Fault, FaultKind
from conformance.model.request import Request
from conformance.model.runtime import CommandRuntime
from conformance.runner import event_loop
from conformance.runner.http.wire import WireClient
from conformance.runner.lanes.wire import WireLane
from conformance.runner.open_session import open_session
from conformance.runner.process.launcher import launch
from conformance.runner.process.ports import free_port
from conformance.runner.process.program import Program
from tests.runner.starting import PROGRAM, PYTHON, case, command, listens, started

MARK = "CONFORMANCE_TEST_MARK"
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="needs /proc to see what is left"
)


def marked(folder: Path, *argv: str, **more: Any) -> CommandRuntime:
    """Return a command all of whose processes can be found again."""
    return command(folder, *argv, environment=((MARK, str(folder)),), **more)


def left_of(folder: Path) -> list[int]:
    """Return the processes that carry the mark of a folder and live."""
    mark, found = f"{MARK}={folder}".encode(), []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path) -> Iterator[None]:
    """Hold every test to leaving no process, and none that was never there."""
    yield
    end = time.monotonic() + 1
    while left_of(tmp_path) and time.monotonic() < end:
        time.sleep(0.01)
    assert left_of(tmp_path) == []


def run_once(reach: CommandRuntime, log: Path) -> tuple[Program, int]:
    """Start, count the processes, stop; the port must be free then."""

    async def once() -> tuple[Program, int]:
        program = await launch("mini", reach, log)
        alive = len(program.tree())
        await program.stop()
        return program, alive

    program, alive = event_loop.run(once())
    assert not listens(urlsplit(program.url).port or 0)
    return program, alive


def refusal(reach: CommandRuntime, log: Path) -> str:
    with pytest.raises(RuntimeUnavailableError) as caught:
        run_once(reach, log)
    return caught.value.message


def replayed(
    reach: CommandRuntime, logs: Path, *targets: str
) -> tuple[list[Cell], tuple[str, ...]]:
    """Replay a case for each target; return the cells and what was remarked on the runtime."""

    async def replay() -> tuple[list[Cell], tuple[str, ...]]:
        async with open_session([started("mini", reach)], logs, {}) as session:
            cells = [(await session.observe(case(target)))[0] for target in targets]
        return cells, session.remarks

    return event_loop.run(replay())


def fault_in(cell: Cell) -> Fault:
    (fault,) = cell.faults
    return fault


def test_well_behaved(tmp_path: Path) -> None:
    """The near miss of all below: nothing is noted on a program that ends when it is asked to."""
    cells, remarks = replayed(marked(tmp_path, ready="/"), tmp_path / "logs", "/", "/")
    assert [type(cell.observations[0]) for cell in cells] == [Answer, Answer]
    assert remarks == ()


def test_segfault_at_start(tmp_path: Path) -> None:
    """A program that crashes while it starts is told from one that is slow."""
    message = refusal(
        marked(tmp_path, "sh", "-c", "echo starting; kill -SEGV $$"), tmp_path / "log"
    )
    assert (
        message
        == "runtime mini: start_crashed: killed by SIGSEGV before it was ready\n  | starting"
    )


@pytest.mark.parametrize("target", ["/kill", "/exit"])
def test_crash_in_the_middle(tmp_path: Path, target: str) -> None:
    """A crash is no bare connection error.

    The request after it is answered by the program that was started again.
    """
    cells, _ = replayed(marked(tmp_path, ready="/"), tmp_path / "logs", "/", target, "/")
    assert isinstance(cells[0].observations[0], Answer)
    how = "killed by SIGSEGV" if target == "/kill" else "exited with 3"
    assert fault_in(cells[1]).kind is FaultKind.RUNTIME_CRASHED
    assert fault_in(cells[1]).detail.startswith(how)
    assert isinstance(cells[2].observations[0], Answer)


def test_port_is_taken_by_an_orphan(tmp_path: Path) -> None:
    """A process of yesterday on the port is named before anything is started."""
    port = free_port()
    orphan = subprocess.Popen([PYTHON, str(PROGRAM), str(port)], stdout=subprocess.DEVNULL)
    try:
        while not listens(port):
            time.sleep(0.01)
        message = refusal(marked(tmp_path, port=port), tmp_path / "log")
    finally:
        orphan.kill()
        orphan.wait()
    assert message.startswith(f"runtime mini: port_taken: pid {orphan.pid} (python")
    assert message.endswith(f" listens on 127.0.0.1:{port}")
    assert not (tmp_path / "log").exists()


def test_port_of_its_own(tmp_path: Path) -> None:
    """A program that cannot be told its port is asked on the one that it has, run after run."""
    reach = marked(tmp_path, port=free_port(), ready="/")
    assert run_once(reach, tmp_path / "log")[0].url.endswith(f":{reach.port}")
    run_once(reach, tmp_path / "log")


def test_port_is_shared_with_another(tmp_path: Path) -> None:
    """Another process on the same port would answer now and then: it is found and named."""
    port = free_port()

    async def start() -> None:
        starting = asyncio.create_task(
            launch(
                "mini",
                marked(tmp_path, port=port, habits=("after=0.4", "shares")),
                tmp_path / "log",
            )
        )
        await asyncio.sleep(0.2)
        with socket.socket() as double:
            double.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            double.bind(("127.0.0.1", port))
            double.listen()
            await starting

    with pytest.raises(
        RuntimeUnavailableError,
        match=f"port_owned_by_other: pid {os.getpid()} .* 127.0.0.1:{port} too",
    ):
        event_loop.run(start())


def test_other_interface(tmp_path: Path) -> None:
    """A program that listens where it is not asked is told from one that does not listen."""
    reach = marked(tmp_path, habits=("on=::1",), start_timeout_ms=600)
    assert "runtime mini: wrong_interface: it listens on [::1]:" in refusal(reach, tmp_path / "log")


def test_all_interfaces(tmp_path: Path) -> None:
    """A program that the whole network can reach is remarked on, and asked."""
    cells, remarks = replayed(marked(tmp_path, habits=("on=0.0.0.0",)), tmp_path / "logs", "/")
    assert isinstance(cells[0].observations[0], Answer)
    assert [remark.partition(": it")[0] for remark in remarks] == ["mini: all_interfaces"]


def test_ignored_sigterm(tmp_path: Path) -> None:
    """A program that does not end when it is asked to is killed, and that is remarked."""
    _, remarks = replayed(
        marked(tmp_path, habits=("stubborn",), stop_timeout_ms=200), tmp_path / "logs", "/"
    )
    assert remarks == ("mini: ignored_sigterm: it did not end in 200 ms and was killed",)


def test_workers(tmp_path: Path) -> None:
    """Children of a program end with it."""
    program, alive = run_once(marked(tmp_path, habits=("forks=3",)), tmp_path / "log")
    assert (alive, program.remarks) == (4, [])


def test_children_in_sessions_of_their_own(tmp_path: Path) -> None:
    """Children that no group signal reaches, and that ignore their own, are killed and counted."""
    reach = marked(tmp_path, habits=("leaves=2",), stop_timeout_ms=200)
    program, alive = run_once(reach, tmp_path / "log")
    assert alive == 3
    assert program.remarks == [
        "left_children: 2 of its processes did not end by themselves and were killed"
    ]


def test_daemon(tmp_path: Path) -> None:
    """A program that goes into the background has ended; what it left there is stopped."""
    with pytest.raises(
        RuntimeUnavailableError, match="start_crashed: exited with 0 before it was ready"
    ) as caught:
        run_once(marked(tmp_path, habits=("daemon", "after=0.2")), tmp_path / "log")
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("it must stay in the foreground")


def test_zombies(tmp_path: Path) -> None:
    """Children that nobody reaped go with their parent."""
    program, alive = run_once(marked(tmp_path, habits=("zombies=20",)), tmp_path / "log")
    assert (alive, program.remarks) == (1, [])


def test_log_flood(tmp_path: Path) -> None:
    """A program that logs without end is stopped under that name, and little of its log is kept."""

    async def ask() -> Fault | Answer:
        program = await launch(
            "mini", marked(tmp_path, habits=("floods", "after=0.2")), tmp_path / "log", 8 << 20
        )
        try:
            await asyncio.sleep(0.5)
            lane = WireLane(None, WireClient, program=program, base_url=program.url)  # type: ignore[arg-type]
            return await lane.send(case("/").steps[0].request, 10_000)
        finally:
            await program.stop()

    try:
        seen = event_loop.run(ask())
    except RuntimeUnavailableError as error:  # a slow machine meets it while it starts
        assert "log_flood: was stopped after 8388608 bytes of log" in error.message  # noqa: PT017
    else:
        assert isinstance(seen, Fault)
        assert (seen.kind, seen.detail.partition(" (")[0]) == (
            FaultKind.LOG_FLOOD,
            "was stopped after 8388608 bytes of log",
        )
    assert (tmp_path / "log").stat().st_size < 1 << 20


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_guardian_is_killed(tmp_path: Path) -> None:
    """A program dies with its guardian, and that is a crash."""

    async def kill_it() -> str | None:
        program = await launch("mini", marked(tmp_path), tmp_path / "log")
        try:
            (pid,) = program.tree()
            os.kill(parent_of(pid), signal.SIGKILL)
            await asyncio.sleep(0.1)
            client = WireClient(program.url)
            seen = await client.exchange(Request(method="GET", target="/"), 500)
            assert isinstance(seen, Fault)
            return program.ended()
        finally:
            await program.stop()

    assert event_loop.run(kill_it()) == "killed with its guardian"


RUNTIMES = """\
runtimes:
  mini:
    command: ["${{python}}", {program}, "${{port}}", forks=2, leaves=2, zombies=3]
    environment: {{{mark}: {folder}}}
    ready: /
"""
SUITE = "suite: a/b\ncases:\n" + "".join(
    f"  - {{name: c{n}, request: {{GET: /{n}}}}}\n" for n in range(3000)
)


def test_harness_is_killed(tmp_path: Path) -> None:
    """When the harness is killed during a run, nothing that it started is alive a second later."""
    (tmp_path / "runtimes.yaml").write_text(
        RUNTIMES.format(program=PROGRAM, mark=MARK, folder=tmp_path)
    )
    (tmp_path / "s.yaml").write_text(SUITE)
    argv = [PYTHON, "-m", "conformance", "run", "s.yaml"]
    environment = {**os.environ, "PYTHONPATH": str(PROGRAM.parents[2])}
    harness = subprocess.Popen(
        argv, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    record = tmp_path / "reports" / "runs"
    try:
        end = time.monotonic() + 10
        while (
            not any(file.stat().st_size > 20_000 for file in record.glob("*/run.ndjson"))
            and time.monotonic() < end
        ):
            time.sleep(0.01)
        assert harness.poll() is None
        assert len(left_of(tmp_path)) == 5
    finally:
        harness.kill()
        harness.wait()
    end = time.monotonic() + 1
    while left_of(tmp_path) and time.monotonic() < end:
        time.sleep(0.01)
    assert left_of(tmp_path) == []
