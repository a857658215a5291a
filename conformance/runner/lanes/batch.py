"""A command as a runtime: run once for each step, and judged by what it leaves.

Each case has a fresh folder.

In: a step's run. Out: an answer whose status is the exit code and whose body is the outcome as
JSON, or the fault that came instead: the command was killed, took too long, took too much memory,
or wrote without end. The command has its own guardian; it gets few variables, `HOME` and `TMPDIR`
in its own scratch, and nothing of ours to write to.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from conformance.model.batch import BatchRun
from conformance.model.case import Case
from conformance.model.observation import Answer, Fault, FaultKind, NotAsked
from conformance.model.request import HeaderList, Request
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import BatchRuntime, CommandRuntime
from conformance.runner.lanes.batch_folder import (
    HeldFolder,
    OutcomeTooLargeError,
    UnreadableOutcomeError,
)
from conformance.runner.lanes.batch_outcome import (
    MAX_STREAM_BYTES,
    Before,
    ReadingBudget,
    last_words,
    outcome,
)
from conformance.runner.process.guardian import descendants
from conformance.runner.process.program import Program
from conformance.wording import plural

# Short beside the start of any program
_POLL_S: Final = 0.005
# Reading the memory of a whole tree of processes costs more than a look at its root
_LOOK_S: Final = 0.05
# A command that is stopped has failed already, and has nothing to save
_STOP_MS: Final = 1_000
_INTO_FILES: Final = ("/bin/sh", "-c", 'exec "$@" >../stdout 2>../stderr </dev/null', "sh")
_EXITED: Final = "exited with "


class _Scratch(Struct, kw_only=True):
    """The folder of a case: `work`, where the command runs, and its two streams.

    The streams are beside `work`, and what the folder had before is kept too.
    """

    root: HeldFolder
    work: HeldFolder
    before: Before = field(default_factory=dict)

    @classmethod
    def make(cls) -> "_Scratch":
        root = HeldFolder.make(Path(tempfile.mkdtemp(prefix="conformance-batch-")) / "case")
        (root.path / "tmp").mkdir()
        return cls(root=root, work=HeldFolder.make(root.path / "work"))

    def remove(self) -> None:
        self.work.close()
        self.root.close()
        _remove(self.root.path.parent)


class BatchLane(Struct):
    """Runs a command."""

    facts: RuntimeFacts
    reach: BatchRuntime
    base_url: str = ""
    scratches: dict[str, _Scratch] = field(default_factory=dict)

    async def ask(self, case: Case, step: int, request: Request) -> Answer | Fault:  # noqa: ARG002 - the run is the step's
        """Run a step in the folder of its case."""
        run = case.steps[step].run
        if run is None:
            raise AssertionError(f"{case.id} asks a command for an answer over HTTP")
        if step == 0:
            await self._forget(case.id)
            self.scratches[case.id] = _Scratch.make()
        scratch = self.scratches[case.id]
        seen = await self._run(run, scratch, case.timeout_ms_of(step))
        if step == len(case.steps) - 1 or isinstance(seen, Fault):
            await self._forget(case.id)
        return seen

    async def send(self, request: Request, timeout_ms: int) -> NotAsked:  # noqa: ARG002 - there is nobody to ask
        """Answer nothing beside the steps."""
        return NotAsked(reason="a command is only asked steps")

    def made_names(self, case: Case) -> Mapping[str, str] | None:  # noqa: ARG002 - a folder is fresh as a whole
        """Leave it to the session to name things."""
        return None

    def let_in(self, headers: HeaderList) -> None:
        """Nobody logs in here."""

    def reconnect(self, *, always: bool) -> None:
        """Nothing is connected."""

    async def close(self) -> tuple[str, ...]:
        """Remove what is left of interrupted cases."""
        for case_id in list(self.scratches):
            await self._forget(case_id)
        return ()

    async def _forget(self, case_id: str) -> None:
        if (scratch := self.scratches.pop(case_id, None)) is not None:
            await asyncio.to_thread(scratch.remove)

    async def _run(self, run: BatchRun, scratch: _Scratch, timeout_ms: int) -> Answer | Fault:
        started = time.monotonic()
        try:
            _lay_out(run, scratch)
        except UnreadableOutcomeError as error:
            return _fault(FaultKind.OUTPUT_UNREADABLE, str(error), started)
        program = Program(
            self.facts.name, self._command(run, scratch), scratch.root.path.parent / "log"
        )
        program.spawn()
        try:
            fault = await _until_ended(program, run, scratch, timeout_ms)
        finally:
            ended = program.ended() or ""
            await program.stop()
        elapsed_ms = round((time.monotonic() - started) * 1000, 3)
        if fault is None and not ended.startswith(_EXITED):
            fault = FaultKind.RUNTIME_CRASHED, ended
        if fault is not None:
            return _fault(fault[0], f"{fault[1]}{_last_words(scratch)}", started)
        try:
            body = await _read_outcome(scratch, timeout_ms)
        except OutcomeTooLargeError as error:
            return _fault(FaultKind.OUTPUT_TOO_LARGE, str(error), started)
        except UnreadableOutcomeError as error:
            return _fault(FaultKind.OUTPUT_UNREADABLE, str(error), started)
        return Answer(
            status=int(ended.removeprefix(_EXITED)),
            reason="",
            headers=(("content-type", "application/json"),),
            body=body,
            elapsed_ms=elapsed_ms,
        )

    def _command(self, run: BatchRun, scratch: _Scratch) -> CommandRuntime:
        directory = self.reach.directory.resolve()

        def filled(word: str) -> str:
            return word.replace("${python}", sys.executable).replace("${directory}", str(directory))

        program, *words = map(filled, self.reach.argv)
        if "/" in program:
            program = str(directory / program)
        own = {name: filled(value) for name, value in self.reach.environment}
        homes = {"HOME": str(scratch.root.path), "TMPDIR": str(scratch.root.path / "tmp")}
        return CommandRuntime(
            argv=(*_INTO_FILES, program, *words, *run.arguments),
            directory=scratch.work.path,
            environment=tuple({**homes, **own, **dict(run.environment)}.items()),
            start_timeout_ms=_STOP_MS,
            stop_timeout_ms=_STOP_MS,
        )


def _lay_out(run: BatchRun, scratch: _Scratch) -> None:
    """Put the files of a step where the command finds them, over what an earlier step left.

    Raises UnreadableOutcomeError where that is in the way.
    """
    _refuse_other_folders(scratch)
    for given in run.files:
        content = given.read()
        scratch.work.put(given.path, content)
        scratch.before[given.path] = content


def _refuse_other_folders(scratch: _Scratch) -> None:
    """Raise UnreadableOutcomeError where the command has replaced its own folder.

    Another folder is then in its place.
    """
    if not (scratch.root.is_in_place() and scratch.work.is_in_place()):
        raise UnreadableOutcomeError(
            "its folder is not there any more, or is another one than it was given"
        )


async def _read_outcome(scratch: _Scratch, timeout_ms: int) -> bytes:
    """Return what a command left, read in a thread.

    Raises OutcomeTooLargeError and UnreadableOutcomeError.
    """
    _refuse_other_folders(scratch)
    budget = ReadingBudget(timeout_ms=timeout_ms)
    reading = asyncio.create_task(
        asyncio.to_thread(outcome, scratch.root, scratch.work, scratch.before, budget)
    )
    try:
        return await asyncio.shield(reading)
    except asyncio.CancelledError:
        budget.is_over.set()
        await asyncio.wait([reading])  # at most one piece more: the folder may go only then
        raise


def _fault(kind: FaultKind, detail: str, started: float) -> Fault:
    elapsed_ms = round((time.monotonic() - started) * 1000, 3)
    return Fault(kind=kind, phase="run", detail=detail, elapsed_ms=elapsed_ms)


async def _until_ended(
    program: Program, run: BatchRun, scratch: _Scratch, timeout_ms: int
) -> tuple[FaultKind, str] | None:
    """Return when the command has ended.

    Raises nothing, and returns why it must be ended before that.
    """
    end, look = time.monotonic() + timeout_ms / 1000, 0.0
    while True:
        program.refuse_if_not_started()
        if program.ended() is not None:
            return None
        now = time.monotonic()
        if now > end:
            return FaultKind.TIMEOUT_TOTAL, f"had not ended after {timeout_ms} ms"
        if now > look:
            look = now + _LOOK_S
            if (used := _memory_mib(program.tree())) > run.memory_mib:
                return (
                    FaultKind.MEMORY_EXCEEDED,
                    f"used {used} MiB of memory, of {run.memory_mib} allowed",
                )
            if (printed := _printed_bytes(scratch)) > MAX_STREAM_BYTES:
                return (
                    FaultKind.LOG_FLOOD,
                    f"printed {plural(printed, 'byte')}, of {MAX_STREAM_BYTES} allowed",
                )
        await asyncio.sleep(_POLL_S)


def _memory_mib(processes: list[int]) -> int:
    """Return the resident memory of some processes; what has ended meanwhile has none."""
    total_kib = 0
    for pid in (each for parent in processes for each in (parent, *descendants(parent))):
        try:
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
        except OSError:
            continue
        total_kib += sum(
            int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")
        )
    return total_kib // 1024


def _printed_bytes(scratch: _Scratch) -> int:
    total = 0
    for name in ("stdout", "stderr"):
        with suppress(OSError):
            total += os.stat(name, dir_fd=scratch.root.descriptor, follow_symlinks=False).st_size
    return total


def _last_words(scratch: _Scratch) -> str:
    """Return the end of what a command said on standard error."""
    raw = last_words(scratch.root, 500)
    lines = raw.decode("utf-8", "backslashreplace").strip().splitlines()[-3:]
    return f"; its last words: {' | '.join(lines)}" if lines else ""


def _remove(folder: Path) -> None:
    """Remove a folder with all that is in it, without following links."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:  # folders in one another, deeper than Python goes
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, stderr=subprocess.DEVNULL)  # noqa: S603, S607 - our own
