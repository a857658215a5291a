"""A command as a runtime: it runs once for each step, and its outcome is the answer.

Each case has a new folder.

The input is a step's run.  The output is an answer whose status is the exit code and whose body is
the outcome as JSON; or a fault: the command was killed, or took too much time, memory or output.
The command has its own guardian.  It gets few variables and no open file of the harness; `HOME`
and `TMPDIR` are in its own scratch folder.
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

# Short compared with the start of any program
_POLL_S: Final = 0.005
# Reading the memory of a whole tree of processes costs more than a look at its root
_LOOK_S: Final = 0.05
# A command that is stopped has failed already, and has nothing to save
_STOP_MS: Final = 1_000
_INTO_FILES: Final = ("/bin/sh", "-c", 'exec "$@" >../stdout 2>../stderr </dev/null', "sh")
_EXITED: Final = "exited with "


class _Scratch(Struct, kw_only=True):
    """The folder of a case: `root` holds the two streams and `work`, where the command runs.

    `before` holds the files that the command was given.
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
    """The lane of a command."""

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

    async def send(self, request: Request, timeout_ms: int) -> NotAsked:  # noqa: ARG002 - a command takes steps only
        """Return a `NotAsked`: a command takes steps only."""
        return NotAsked(reason="a command takes steps only")

    def made_names(self, case: Case) -> Mapping[str, str] | None:  # noqa: ARG002 - a folder is fresh as a whole
        """Return None: the session makes the fresh names."""
        return None

    def let_in(self, headers: HeaderList) -> None:
        """Do nothing: a command has no login."""

    def reconnect(self, *, always: bool) -> None:
        """Do nothing: there is no connection."""

    async def close(self) -> tuple[str, ...]:
        """Remove the folders of interrupted cases."""
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
    """Write the files of a step into `work`, over what an earlier step left.

    Raises UnreadableOutcomeError if something is in the way.
    """
    _refuse_other_folders(scratch)
    for given in run.files:
        content = given.read()
        scratch.work.put(given.path, content)
        scratch.before[given.path] = content


def _refuse_other_folders(scratch: _Scratch) -> None:
    """Raise UnreadableOutcomeError if the command has removed or replaced its folders."""
    if not (scratch.root.is_in_place() and scratch.work.is_in_place()):
        raise UnreadableOutcomeError("its folder was removed, or replaced by another one")


async def _read_outcome(scratch: _Scratch, timeout_ms: int) -> bytes:
    """Return the outcome of a command as JSON; it is read in a thread.

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
    """Wait until the command has ended, or must be stopped.

    Return None, or the fault and its detail for which the command must be stopped.
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
    """Return the resident memory of processes and their descendants, in MiB."""
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
    """Return the end of a command's standard error, as an addition to a message."""
    raw = last_words(scratch.root, 500)
    lines = raw.decode("utf-8", "backslashreplace").strip().splitlines()[-3:]
    return f"; its last words: {' | '.join(lines)}" if lines else ""


def _remove(folder: Path) -> None:
    """Remove a folder with all that is in it, without following links."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:  # nested deeper than Python's limit of recursion
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, stderr=subprocess.DEVNULL)  # noqa: S603, S607 - our own
