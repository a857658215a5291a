"""Sessions: every runtime opened together, asked side by side, closed whatever happens."""

import json
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from conformance.errors import BadFileError, RuntimeUnavailableError
from conformance.model.observation import Answer, Cell, Fault, FaultKind, NotAsked
from conformance.model.runtime import RecordedRuntime, Runtime
from conformance.runner import event_loop
from conformance.runner.lanes.opening import REQUIRE_LIVE
from conformance.runner.lanes.toolchain import toolchain_of
from conformance.runner.open_session import open_session
from conformance.runner.recording import RecordingHeader, rows_of, write_recording
from tests.miniatures import faulty
from tests.miniatures.server import always, serve, serve_script
from tests.runner.starting import (
    PLACE,
    PROGRAM,
    PYTHON,
    announced_port,
    announcing,
    attached,
    case,
    command,
    listens,
    observed,
    started,
)

HEADER = RecordingHeader(
    runtime="old", recorded="2026-11-23", commit="abc1234", toolchain="rustc 1.90"
)
LIVE = {REQUIRE_LIVE: "1"}
INTERRUPTED = """
import sys
from pathlib import Path
from conformance.runner import event_loop
from conformance.runner.open_session import open_session
from tests.runner.starting import announcing, command, started

async def main():
    folder = Path(sys.argv[1])
    quick = started("quick", announcing(folder))
    slow = started("slow", command(folder, "sh", "-c", "echo $$; exec sleep 60", start_timeout_ms=60_000))
    async with open_session([quick, slow], folder):
        pass

event_loop.run(main())
"""


def recorded(folder: Path) -> Path:
    """Record what a live server answers to `case("/a")`."""
    with serve(always({"a": 1})) as url:
        _, [cells] = observed([attached("old", url)], [case("/a")], folder)
    file = folder / "old.ndjson"
    write_recording(file, HEADER, list(rows_of(case("/a"), cells[0])))
    return file


def test_lanes_in_declared_order(tmp_path: Path) -> None:
    """Facts and cells come in the order of the runtimes, however long each takes to open."""
    slow = started("slow", command(tmp_path, habits=("after=0.3",), ready="/"), language="python")
    with serve(always({})) as url:
        facts, [cells] = observed(
            [slow, attached("quick", url)], [case("/a", "/b")], tmp_path / "logs"
        )
    assert [(each.name, each.live, each.reached, each.url) for each in facts] == [
        ("slow", True, "started", ""),
        ("quick", True, f"attached at {url}", url),
    ]
    assert [cell.runtime for cell in cells] == ["slow", "quick"]
    assert all(isinstance(seen, Answer) for cell in cells for seen in cell.observations)
    assert (tmp_path / "logs" / "slow.log").read_text() == "line one\nline two\n"


@pytest.mark.parametrize(
    ("against", "asked"),
    [
        pytest.param(None, ["a", "b", "c"], id="all"),
        pytest.param("x", ["a", "c"], id="label"),
        pytest.param("z", ["c"], id="no-such-label"),
    ],
)
def test_labels(tmp_path: Path, against: str | None, asked: list[str]) -> None:
    """A case is for the runtimes with its label, and for those without any."""
    with serve(always({})) as url:
        labels = {"a": frozenset({"x", "y"}), "b": frozenset({"y"}), "c": frozenset[str]()}
        runtimes = [attached(name, url, labels=words) for name, words in labels.items()]
        _, [cells] = observed(runtimes, [case("/", against=against)], tmp_path)
    assert [cell.runtime for cell in cells] == asked


def test_unsupported_steps_are_not_sent(tmp_path: Path) -> None:
    """A runtime that lacks what a case requires is not asked; every step says what is missing."""
    with serve(always({})) as url:
        runtimes = [
            attached("a", url, supports=frozenset({"x"})),
            attached("b", url, supports=frozenset({"x", "y", "z"})),
            attached("c", url),
        ]
        _, [cells] = observed(
            runtimes, [case("/", "/", requires=frozenset({"x", "z", "y"}))], tmp_path
        )
    assert (
        cells[0].observations == (NotAsked(reason="does not support y, z", unsupported=True),) * 2
    )
    assert [cell.unsupported for cell in cells] == ["does not support y, z", None, None]


def test_steps_after_a_fault_are_not_sent(tmp_path: Path) -> None:
    """What comes after a step without an answer is not asked."""
    with serve_script(faulty.says(b"HTTP/1.1 200")) as url:
        _, [[cell]] = observed([attached("a", url)], [case("/", "/", "/")], tmp_path)
    assert [type(seen) for seen in cell.observations] == [Fault, NotAsked, NotAsked]
    assert cell.observations[1] == NotAsked(reason="an earlier step had no answer")
    assert cell.unsupported is None


def test_headers_of_a_runtime(tmp_path: Path) -> None:
    """A runtime gets the headers that are its own."""
    runtime = started("a", command(tmp_path, ready="/"), headers=(("X-Token", "t"),))
    _, [[cell]] = observed([runtime], [case("/")], tmp_path)
    assert isinstance(seen := cell.observations[0], Answer)
    assert json.loads(seen.body)["seen"]["X-Token"] == "t"


@pytest.mark.parametrize(
    ("target", "detail"),
    [
        pytest.param("/kill", "killed by SIGSEGV (", id="signal"),
        pytest.param("/exit", "exited with 3 (", id="exit"),
    ],
)
def test_crash_has_its_name(tmp_path: Path, target: str, detail: str) -> None:
    """A runtime that dies while it is asked has crashed: how, and its last words.

    Then it is started again.
    """
    runtime = started("a", command(tmp_path, ready="/"))
    _, cells = observed([runtime], [case("/"), case(target), case("/")], tmp_path)
    before, crashed, after = (cell.observations[0] for [cell] in cells)
    assert isinstance(before, Answer)
    assert isinstance(crashed, Fault)
    assert crashed.kind is FaultKind.RUNTIME_CRASHED
    assert crashed.detail.startswith(detail)
    assert crashed.detail.endswith(
        "; its log ends: line one | line two" + (" | giving up" if target == "/exit" else "")
    )
    assert isinstance(after, Answer)


def test_what_is_left_on_a_connection_is_told(tmp_path: Path) -> None:
    """An answer after the last request is noted on its runtime, however the run was judged."""
    ok = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"

    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(ok)
        time.sleep(0.02)
        connection.sendall(ok)

    async def replay(url: str) -> tuple[str, ...]:
        async with open_session([attached("a", url)], tmp_path, {}) as session:
            await session.observe(case("/"))
        return session.remarks

    with serve_script(script) as url:
        remarks = event_loop.run(replay(url))
    assert [remark.partition(", so")[0] for remark in remarks] == [
        "a: unasked_bytes: it sent bytes that belong to no answer"
    ]


def test_fault_of_a_living_program_keeps_its_name(tmp_path: Path) -> None:
    """A fault of a program that still runs is not called a crash."""
    runtime = started("a", command(tmp_path, "sh", "-c", f"'{PYTHON}' -c '{ONE_LINER}' $PORT"))
    _, [[cell]] = observed([runtime], [case("/")], tmp_path)
    assert [fault.kind for fault in cell.faults] == [FaultKind.NOT_HTTP]


ONE_LINER = (
    "import socket, sys\n"
    'listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))\n'
    "while True:\n"
    "    connection, _ = listener.accept()\n"
    "    if connection.recv(999):\n"
    '        connection.sendall(b"hello")\n'
)


def test_fallback_stands_in_for_a_missing_program(tmp_path: Path) -> None:
    """Without the program its recording answers, under its own name, and the facts say so."""
    file = recorded(tmp_path)
    runtime = started("old", command(tmp_path, "./none"), fallback=file, language="rust")
    [facts], [[cell]] = observed([runtime], [case("/a")], tmp_path, {REQUIRE_LIVE: "0"})
    assert (facts.name, facts.live, facts.reached, facts.language) == (
        "old",
        False,
        "recording",
        "rust",
    )
    assert facts.in_place_of == "./none is not on this machine"
    assert facts.provenance == "recorded 2026-11-23, commit abc1234, rustc 1.90"
    assert isinstance(seen := cell.observations[0], Answer)
    assert (seen.status, json.loads(seen.body), cell.live) == (200, {"a": 1}, False)


def test_program_that_exists_is_preferred(tmp_path: Path) -> None:
    """A fallback is not read while the program is there."""
    runtime = started("a", command(tmp_path, ready="/"), fallback=tmp_path / "none.ndjson")
    [facts], _ = observed([runtime], [], tmp_path)
    assert (facts.live, facts.in_place_of) == (True, "")


@pytest.mark.parametrize("stands_in", [True, False], ids=["fallback", "recording"])
def test_recordings_refused_where_live_ones_are_demanded(tmp_path: Path, stands_in: bool) -> None:
    """With the variable set, a recording is as good as a runtime that cannot be reached."""
    file = recorded(tmp_path)
    runtime = (
        started("old", command(tmp_path, "./none"), fallback=file)
        if stands_in
        else Runtime(name="old", reach=RecordedRuntime(file=file), place=PLACE)
    )
    with pytest.raises(RuntimeUnavailableError) as caught:
        observed([runtime], [], tmp_path, LIVE)
    why = "./none is not on this machine, and" if stands_in else "is a recording, and"
    assert caught.value.message == f"runtime old: {why} {REQUIRE_LIVE} asks for live ones"


def test_all_unavailable_runtimes_together(tmp_path: Path) -> None:
    """Every runtime that cannot be opened is named at once, and the opened ones are closed."""
    with faulty.refuses() as url:
        down = attached("down", url)
    runtimes = [
        started("good", announcing(tmp_path)),
        down,
        started("none", command(tmp_path, "./none")),
        started("dies", command(tmp_path, habits=("exits=7",))),
    ]
    with pytest.raises(RuntimeUnavailableError) as caught:
        observed(runtimes, [], tmp_path)
    for named in (
        "runtime down: http",
        "connect_refused",
        "runtime none: start_failed",
        "runtime dies: start_crashed: exited with 7",
    ):
        assert named in caught.value.message
    assert "good" not in caught.value.message
    assert not listens(announced_port(tmp_path / "good.log"))


def test_bad_recording_closes_the_others(tmp_path: Path) -> None:
    """A recording that cannot be read is a bad file, and no program is left running."""
    runtimes = [
        started("good", announcing(tmp_path)),
        Runtime(name="old", reach=RecordedRuntime(file=tmp_path / "none.ndjson"), place=PLACE),
    ]
    with pytest.raises(
        BadFileError, match=r"none\.ndjson: the recording cannot be read: No such file"
    ):
        observed(runtimes, [], tmp_path)
    assert not listens(announced_port(tmp_path / "good.log"))


def test_failure_in_the_middle_closes_everything(tmp_path: Path) -> None:
    """A session that is left by an exception stops what it started."""
    runtime = started("a", announcing(tmp_path))
    with pytest.raises(AttributeError):
        observed([runtime], [case("/pid"), None], tmp_path)  # type: ignore[list-item]
    assert not listens(announced_port(tmp_path / "a.log"))


def test_interrupt_while_opening_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C while one runtime is still starting also stops those that are ready."""
    process = subprocess.Popen(
        [PYTHON, "-c", INTERRUPTED, str(tmp_path)],
        cwd=PROGRAM.parents[2],
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 5
        while (
            not listens(port := announced_port(tmp_path / "quick.log")) and time.monotonic() < end
        ):
            time.sleep(0.02)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.wait(5) != 0
        assert not listens(port)
        slow = int((tmp_path / "slow.log").read_text())
        assert (
            not Path(f"/proc/{slow}/cmdline").exists()
            or not Path(f"/proc/{slow}/cmdline").read_bytes()
        )
    finally:
        process.kill()


@pytest.mark.parametrize(
    ("script", "line"),
    [
        pytest.param("echo one; echo two", "one", id="first-line"),
        pytest.param("echo one >&2", "one", id="on-stderr"),
        pytest.param("printf 'v\\377'", "v\ufffd", id="not-utf-8"),
        pytest.param("echo one; exit 1", "", id="fails"),
    ],
)
def test_toolchain(tmp_path: Path, script: str, line: str) -> None:
    """The first line the toolchain command prints is the provenance, nothing if it fails."""
    runtime = started("a", command(tmp_path, ready="/"), toolchain=("sh", "-c", script))
    [facts], _ = observed([runtime], [], tmp_path)
    assert facts.provenance == line


def test_missing_toolchain(tmp_path: Path) -> None:
    """A toolchain that is not on this machine leaves the provenance empty."""
    assert toolchain_of(started("a", command(tmp_path), toolchain=("./none",)), tmp_path) == ""


def test_cells_know_their_faults() -> None:
    """A cell gives its faults without the answers around them."""
    fault = Fault(kind=FaultKind.RESET, phase="body", detail="x", elapsed_ms=1.0)
    cell = Cell(runtime="a", live=True, observations=(fault, NotAsked(reason="x")))
    assert (cell.faults, cell.unsupported) == ((fault,), None)
