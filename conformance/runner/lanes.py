"""Lanes: one runtime each, opened as it is declared, answering over the network or from a recording."""

import asyncio
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from conformance.errors import RuntimeUnavailableError
from conformance.model.case import Case
from conformance.model.observation import Answer, Fault, FaultKind, NotAsked
from conformance.model.request import Request
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import (
    AppRuntime,
    AttachedRuntime,
    BatchRuntime,
    CommandRuntime,
    RecordedRuntime,
    Runtime,
)
from conformance.runner.batch_lane import BatchLane
from conformance.runner.conversation import Lane
from conformance.runner.launcher import end_of, launch, program_exists
from conformance.runner.program import Program
from conformance.runner.recording import Recording, read_recording
from conformance.runner.tls import client_tls
from conformance.runner.wire import UNASKED, WireClient

REQUIRE_LIVE: Final = "CONFORMANCE_REQUIRE_LIVE"
_CRASH_LOOKS: Final = 20
_CRASH_LOOK_S: Final = 0.005
_LAST_WORDS_S: Final = 0.1
_UNASKED_MEANS: Final = "it sent bytes that belong to no answer, so that an answer may have been taken for another's"
_WHILE_ALIVE: Final = frozenset({FaultKind.TIMEOUT_IDLE, FaultKind.TIMEOUT_TOTAL, FaultKind.BODY_TOO_LARGE})
_TOOLCHAIN_TIMEOUT_S: Final = 10


@dataclass(slots=True)
class RecordedLane:
    """Answers from a recording."""

    facts: RuntimeFacts
    recording: Recording

    @property
    def base_url(self) -> str:
        """Return nothing: a recording does not say where it was made."""
        return ""

    async def ask(self, case: Case, step: int, request: Request) -> Answer | Fault:  # noqa: ARG002 - the key is the case's
        """Look the step up."""
        return self.recording.answer(case, step)

    async def send(self, request: Request, timeout_ms: int) -> NotAsked:  # noqa: ARG002 - nobody is there
        """Answer nothing that was not recorded."""
        return NotAsked(reason="a recording is asked nothing but its steps")

    def fresh_names(self, case: Case) -> Mapping[str, str]:
        """Return the names that the case had when it was recorded."""
        return self.recording.fresh_names(case)

    def reconnect(self, *, always: bool) -> None:
        """Nothing is connected."""

    async def close(self) -> tuple[str, ...]:
        """Nothing is open."""
        return ()


@dataclass(slots=True)
class WireLane:
    """Answers over the network, from a program that we started or from one that runs already (None).

    A client makes one exchange at a time; each of the cases in flight borrows one, the first to be free.
    """

    facts: RuntimeFacts
    new_client: Callable[[], WireClient]
    program: Program | None = None
    idle: list[WireClient] = field(default_factory=list)
    base_url: str = ""
    keeps: bool = True

    async def ask(self, case: Case, step: int, request: Request) -> Answer | Fault:  # noqa: ARG002 - bytes are bytes
        """Send the step."""
        return await self.send(request, case.timeout_ms)

    async def send(self, request: Request, timeout_ms: int) -> Answer | Fault:
        """Send a request; a fault that is the end of a program we started is called by its name."""
        client = self.idle.pop() if self.idle else self.new_client()
        client.keeps = client.keeps and self.keeps
        try:
            seen = await client.exchange(request, timeout_ms)
        finally:
            self.idle.append(client)
        if self.program is None or isinstance(seen, Answer):
            return seen
        for _ in range(1 if seen.kind in _WHILE_ALIVE else _CRASH_LOOKS):
            if (end := end_of(self.program, seen)) is not None:
                return end
            await asyncio.sleep(_CRASH_LOOK_S)
        return seen

    def fresh_names(self, case: Case) -> None:
        """Leave it to the session to name things."""

    def reconnect(self, *, always: bool) -> None:
        """Drop the connections that are kept, which may be out of step."""
        self.keeps = self.keeps and not always
        for client in self.idle:
            client.close()

    async def close(self) -> tuple[str, ...]:
        """Drop the connections and stop the program; return what was odd about it besides its answers."""
        unasked = any(await asyncio.gather(*(client.finish(_LAST_WORDS_S) for client in self.idle)))
        if self.program is not None:
            await self.program.stop()
        told = (f"{UNASKED}: {_UNASKED_MEANS}",) if unasked else ()
        return (*(self.program.remarks if self.program else ()), *told)


async def open_lane(runtime: Runtime, logs: Path, *, require_live: bool) -> Lane:
    """Open a runtime as it is declared, or its fallback; raises RuntimeUnavailableError."""
    reach = runtime.reach
    if isinstance(reach, RecordedRuntime):
        if require_live:
            raise RuntimeUnavailableError(
                f"runtime {runtime.name}: is a recording, and {REQUIRE_LIVE} asks for live ones"
            )
        return _recorded_lane(runtime, reach.file, reached="recording")
    if isinstance(reach, AppRuntime):
        from conformance.runner.app_lane import open_app  # noqa: PLC0415 - httpx is loaded only where an app is asked

        return open_app(runtime, reach)
    if isinstance(reach, AttachedRuntime):
        return await _attached_lane(runtime, reach)
    if not program_exists(reach) and (runtime.fallback is not None or isinstance(reach, BatchRuntime)):
        missing = f"{reach.argv[0]} is not on this machine"
        if runtime.fallback is None:
            hint = "build it, or give it a `fallback` recording"
            raise RuntimeUnavailableError(f"runtime {runtime.name}: {missing}", hint=hint)
        if require_live:
            raise RuntimeUnavailableError(f"runtime {runtime.name}: {missing}, and {REQUIRE_LIVE} asks for live ones")
        return _recorded_lane(runtime, runtime.fallback, reached="recording", in_place_of=missing)
    if isinstance(reach, BatchRuntime):
        return _batch_lane(runtime, reach)
    return await _started_lane(runtime, reach, logs)


def _recorded_lane(runtime: Runtime, file: Path, *, reached: str, in_place_of: str = "") -> Lane:
    recording = read_recording(file)
    facts = RuntimeFacts(
        name=runtime.name,
        live=False,
        reached=reached,
        provenance=recording.provenance,
        language=runtime.language,
        in_place_of=in_place_of,
    )
    return RecordedLane(facts, recording)


async def _attached_lane(runtime: Runtime, reach: AttachedRuntime) -> Lane:
    tls = client_tls(runtime.name, reach.tls) if reach.url.startswith("https:") else None

    def new_client() -> WireClient:
        return WireClient(reach.url, runtime.headers, tls=tls)

    client = new_client()
    fault = await client.reach()
    if fault is not None:
        raise RuntimeUnavailableError(
            f"runtime {runtime.name}: {reach.url} cannot be reached: {fault.kind.value}: {fault.detail}",
            hint="start it, or correct its URL",
        )
    reached = f"attached at {reach.url}"
    facts = RuntimeFacts(name=runtime.name, live=True, reached=reached, url=reach.url, language=runtime.language)
    return WireLane(facts, new_client, idle=[client], base_url=reach.url)


def _batch_lane(runtime: Runtime, reach: BatchRuntime) -> Lane:
    made_with = toolchain_of(runtime, reach.directory)
    facts = RuntimeFacts(
        name=runtime.name, live=True, reached="run anew for each step", provenance=made_with, language=runtime.language
    )
    return BatchLane(facts, reach)


async def _started_lane(runtime: Runtime, reach: CommandRuntime, logs: Path) -> Lane:
    made_with = toolchain_of(runtime, reach.directory)
    program = await launch(runtime.name, reach, log_of(runtime.name, logs))
    facts = RuntimeFacts(
        name=runtime.name, live=True, reached="started", provenance=made_with, language=runtime.language
    )
    return WireLane(facts, lambda: WireClient(program.url, runtime.headers), program, base_url=program.url)


def log_of(name: str, logs: Path) -> Path:
    """Return the file that a started runtime's log goes to."""
    return logs / f"{name}.log"


def toolchain_of(runtime: Runtime, directory: Path) -> str:
    """Return the first line that the runtime's toolchain command prints, or nothing where it cannot run."""
    if not runtime.toolchain:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - the runtimes file is consent to run it
            runtime.toolchain, cwd=directory, capture_output=True, timeout=_TOOLCHAIN_TIMEOUT_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return (done.stdout or done.stderr).decode("utf-8", "replace").strip().partition("\n")[0]
