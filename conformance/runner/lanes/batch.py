"""A command as a runtime: run anew for each step, in a fresh folder a case, and judged by what it leaves.

In: a step's run. Out: an answer whose status is the exit code and whose body is the outcome as JSON, or the fault that
came instead: the command was killed, took too long, took too much memory, or wrote without end. The command has its
own guardian; it gets few variables, `HOME` and `TMPDIR` in its own scratch, and nothing of ours to write to.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from conformance.model.batch import BatchRun
from conformance.model.case import Case
from conformance.model.observation import Answer, Fault, FaultKind, NotAsked
from conformance.model.request import Request
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import BatchRuntime, CommandRuntime
from conformance.runner.lanes.batch_outcome import MAX_STREAM_BYTES, Before, OutcomeTooLargeError, outcome
from conformance.runner.process.guardian import descendants
from conformance.runner.process.program import Program
from conformance.wording import plural

_POLL_S: Final = 0.005
_LOOK_S: Final = 0.05
_STOP_MS: Final = 1_000
_INTO_FILES: Final = ("/bin/sh", "-c", 'exec "$@" >../stdout 2>../stderr </dev/null', "sh")
_EXITED: Final = "exited with "


@dataclass(slots=True)
class _Scratch:
    """The folder of a case: `work`, where the command runs, its two streams beside it, and what it had before."""

    root: Path
    before: Before = field(default_factory=dict)

    @property
    def work(self) -> Path:
        return self.root / "work"


@dataclass(slots=True)
class BatchLane:
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
            self._forget(case.id)
            self.scratches[case.id] = _Scratch(Path(tempfile.mkdtemp(prefix="conformance-batch-")))
        scratch = self.scratches[case.id]
        seen = await self._run(run, scratch, case.timeout_ms_of(step))
        if step == len(case.steps) - 1 or isinstance(seen, Fault):
            self._forget(case.id)
        return seen

    async def send(self, request: Request, timeout_ms: int) -> NotAsked:  # noqa: ARG002 - there is nobody to ask
        """Answer nothing beside the steps."""
        return NotAsked(reason="a command is only asked steps")

    def made_names(self, case: Case) -> Mapping[str, str] | None:  # noqa: ARG002 - a folder is fresh as a whole
        """Leave it to the session to name things."""
        return None

    def reconnect(self, *, always: bool) -> None:
        """Nothing is connected."""

    async def close(self) -> tuple[str, ...]:
        """Remove what is left of interrupted cases."""
        for case_id in list(self.scratches):
            self._forget(case_id)
        return ()

    def _forget(self, case_id: str) -> None:
        if (scratch := self.scratches.pop(case_id, None)) is not None:
            shutil.rmtree(scratch.root, ignore_errors=True)

    async def _run(self, run: BatchRun, scratch: _Scratch, timeout_ms: int) -> Answer | Fault:
        _lay_out(run, scratch)
        program = Program(self.facts.name, self._command(run, scratch), scratch.root / "log")
        started = time.monotonic()
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
            detail = f"{fault[1]}{_last_words(scratch)}"
            return Fault(kind=fault[0], phase="run", detail=detail, elapsed_ms=elapsed_ms)
        try:
            body = outcome(scratch.root, scratch.before)
        except OutcomeTooLargeError as error:
            return Fault(kind=FaultKind.OUTPUT_TOO_LARGE, phase="run", detail=str(error), elapsed_ms=elapsed_ms)
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
        homes = {"HOME": str(scratch.root), "TMPDIR": str(scratch.root / "tmp")}
        return CommandRuntime(
            argv=(*_INTO_FILES, program, *words, *run.arguments),
            directory=scratch.work,
            environment=tuple({**homes, **own, **dict(run.environment)}.items()),
            start_timeout_ms=_STOP_MS,
            stop_timeout_ms=_STOP_MS,
        )


def _lay_out(run: BatchRun, scratch: _Scratch) -> None:
    """Put the files of a step where the command finds them, over what an earlier step left."""
    for folder in (scratch.work, scratch.root / "tmp"):
        folder.mkdir(exist_ok=True)
    for given in run.files:
        file = scratch.work / given.path
        file.parent.mkdir(parents=True, exist_ok=True)
        content = given.read()
        file.write_bytes(content)
        scratch.before[given.path] = content


async def _until_ended(
    program: Program, run: BatchRun, scratch: _Scratch, timeout_ms: int
) -> tuple[FaultKind, str] | None:
    """Return when the command has ended; raises nothing, and returns why it must be ended before that."""
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
                return FaultKind.MEMORY_EXCEEDED, f"used {used} MiB of memory, of {run.memory_mib} allowed"
            if (said := _said_bytes(scratch)) > MAX_STREAM_BYTES:
                return FaultKind.LOG_FLOOD, f"printed {plural(said, 'byte')}, of {MAX_STREAM_BYTES} allowed"
        await asyncio.sleep(_POLL_S)


def _memory_mib(processes: list[int]) -> int:
    """Return the resident memory of some processes; what has ended meanwhile has none."""
    total_kib = 0
    for pid in (each for parent in processes for each in (parent, *descendants(parent))):
        try:
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
        except OSError:
            continue
        total_kib += sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    return total_kib // 1024


def _said_bytes(scratch: _Scratch) -> int:
    streams = (scratch.root / name for name in ("stdout", "stderr"))
    return sum(stream.stat().st_size for stream in streams if stream.exists())


def _last_words(scratch: _Scratch) -> str:
    """Return the end of what a command said on standard error."""
    file = scratch.root / "stderr"
    raw = file.read_bytes()[-500:] if file.exists() else b""
    said = " | ".join(raw.decode("utf-8", "backslashreplace").strip().splitlines()[-3:])
    return f"; its last words: {said}" if said else ""
