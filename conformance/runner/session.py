"""A session: every runtime of a run opened at once, asked case by case, and closed whatever happens.

Each runtime is a lane that answers one step at a time, in order; the lanes of a case run side by side.
"""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from conformance.errors import RuntimeUnavailableError
from conformance.model.case import Case
from conformance.model.observation import Answer, Cell, Fault, FaultKind, NotAsked, Observation
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import AppRuntime, AttachedRuntime, CommandRuntime, RecordedRuntime, Runtime
from conformance.runner.launcher import Program, crash_detail, launch, program_exists
from conformance.runner.recording import Recording, read_recording
from conformance.runner.wire import WireClient

REQUIRE_LIVE: Final = "CONFORMANCE_REQUIRE_LIVE"
_CRASH_GRACE_S: Final = 0.1
_TOOLCHAIN_TIMEOUT_S: Final = 10


class Lane(Protocol):
    """One runtime, ready to be asked."""

    @property
    def facts(self) -> RuntimeFacts:
        """Return how the runtime takes part."""

    @property
    def base_url(self) -> str:
        """Return where the runtime is reached, or nothing where nobody knows."""

    async def ask(self, case: Case, step: int) -> Answer | Fault | NotAsked:
        """Return what the runtime answers to a step, or why it cannot be asked."""

    async def close(self) -> None:
        """Let go of the runtime."""


@dataclass(slots=True)
class RecordedLane:
    """Answers from a recording."""

    facts: RuntimeFacts
    recording: Recording

    @property
    def base_url(self) -> str:
        """Return nothing: a recording does not say where it was made."""
        return ""

    async def ask(self, case: Case, step: int) -> Answer | Fault:
        """Look the step up."""
        return self.recording.answer(case, step)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class WireLane:
    """Answers over the network, from a program that we started or from one that runs already (None)."""

    facts: RuntimeFacts
    client: WireClient
    program: Program | None = None

    @property
    def base_url(self) -> str:
        """Return the URL that requests are sent to."""
        return self.client.base_url

    async def ask(self, case: Case, step: int) -> Answer | Fault:
        """Send the step; a fault that is the end of a program we started is called by its name."""
        seen = await self.client.exchange(case.steps[step].request, case.timeout_ms)
        if self.program is None or isinstance(seen, Answer):
            return seen
        await asyncio.sleep(_CRASH_GRACE_S)
        detail = crash_detail(self.program, seen)
        if detail is None:
            return seen
        return Fault(kind=FaultKind.RUNTIME_CRASHED, phase=seen.phase, detail=detail, elapsed_ms=seen.elapsed_ms)

    async def close(self) -> None:
        """Drop the connection and stop the program."""
        self.client.close()
        if self.program is not None:
            await self.program.stop()


class Session:
    """The open lanes of a run."""

    def __init__(self, lanes: Mapping[str, Lane], runtimes: Sequence[Runtime]) -> None:
        self._lanes = lanes
        self._runtimes = {runtime.name: runtime for runtime in runtimes}

    @property
    def facts(self) -> tuple[RuntimeFacts, ...]:
        """Return how each runtime takes part, in the order they were declared."""
        return tuple(lane.facts for lane in self._lanes.values())

    async def observe(self, case: Case) -> tuple[Cell, ...]:
        """Replay a case against the runtimes it is for."""
        names = [name for name, runtime in self._runtimes.items() if concerns(case, runtime)]
        return tuple(await asyncio.gather(*(self._cell(name, case) for name in names)))

    async def _cell(self, name: str, case: Case) -> Cell:
        lane = self._lanes[name]
        lacks = self._runtimes[name].lacks(case.requires)
        seen: list[Observation] = []
        for step in range(len(case.steps)):
            if lacks:
                seen.append(NotAsked(reason=f"does not support {', '.join(sorted(lacks))}", unsupported=True))
            elif seen and not isinstance(seen[-1], Answer):
                seen.append(NotAsked(reason="an earlier step had no answer"))
            else:
                seen.append(await lane.ask(case, step))
        return Cell(runtime=name, live=lane.facts.live, observations=tuple(seen), base_url=lane.base_url)


def concerns(case: Case, runtime: Runtime) -> bool:
    """Tell whether a case is for a runtime; a runtime without labels, as one from the command line, is for all."""
    return case.against is None or not runtime.labels or case.against in runtime.labels


@contextlib.asynccontextmanager
async def open_session(
    runtimes: Sequence[Runtime], logs: Path, environment: Mapping[str, str] = os.environ
) -> AsyncIterator[Session]:
    """Open every runtime side by side; raises RuntimeUnavailableError naming all that cannot be; none is left."""
    require_live = environment.get(REQUIRE_LIVE, "") not in {"", "0"}
    lanes: dict[str, Lane] = {}

    async def open_one(runtime: Runtime) -> None:
        lanes[runtime.name] = await _open_lane(runtime, logs, require_live=require_live)

    try:
        outcomes = await asyncio.gather(*map(open_one, runtimes), return_exceptions=True)
        _raise_failures([failure for failure in outcomes if failure is not None])
        yield Session({runtime.name: lanes[runtime.name] for runtime in runtimes}, runtimes)
    finally:
        await asyncio.gather(*(lane.close() for lane in lanes.values()))


def _raise_failures(failures: Sequence[BaseException]) -> None:
    unavailable = [failure for failure in failures if isinstance(failure, RuntimeUnavailableError)]
    for failure in failures:
        if not isinstance(failure, RuntimeUnavailableError):
            raise failure
    if len(unavailable) == 1:
        raise unavailable[0]
    if unavailable:
        raise RuntimeUnavailableError("\n".join(str(failure) for failure in unavailable))


async def _open_lane(runtime: Runtime, logs: Path, *, require_live: bool) -> Lane:
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
    if runtime.fallback is not None and not program_exists(reach):
        missing = f"{reach.argv[0]} is not on this machine"
        if require_live:
            raise RuntimeUnavailableError(f"runtime {runtime.name}: {missing}, and {REQUIRE_LIVE} asks for live ones")
        return _recorded_lane(runtime, runtime.fallback, reached="recording", in_place_of=missing)
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
    client = WireClient(reach.url, runtime.headers)
    fault = await client.reach()
    if fault is not None:
        raise RuntimeUnavailableError(
            f"runtime {runtime.name}: {reach.url} cannot be reached: {fault.kind.value}: {fault.detail}",
            hint="start it, or correct its URL",
        )
    reached = f"attached at {reach.url}"
    facts = RuntimeFacts(name=runtime.name, live=True, reached=reached, url=reach.url, language=runtime.language)
    return WireLane(facts, client)


async def _started_lane(runtime: Runtime, reach: CommandRuntime, logs: Path) -> Lane:
    made_with = toolchain_of(runtime, reach.directory)
    program = await launch(runtime.name, reach, logs / f"{runtime.name}.log")
    facts = RuntimeFacts(
        name=runtime.name, live=True, reached="started", provenance=made_with, language=runtime.language
    )
    return WireLane(facts, WireClient(program.url, runtime.headers), program)


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
