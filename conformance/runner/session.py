"""A session: every runtime of a run opened at once, asked case by case, and closed whatever happens.

Each runtime is a lane; the lanes of a case run side by side, each through its own conversation, step after step.
"""

import asyncio
import contextlib
import hashlib
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from conformance.errors import RuntimeUnavailableError
from conformance.model.case import Case
from conformance.model.observation import Answer, Cell, Fault, FaultKind, NotAsked
from conformance.model.request import Request
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import AppRuntime, AttachedRuntime, CommandRuntime, RecordedRuntime, Runtime
from conformance.model.template import KnownName, known_text
from conformance.runner.conversation import Conversation, Lane
from conformance.runner.launcher import Program, crash_detail, launch, program_exists
from conformance.runner.recording import Recording, read_recording
from conformance.runner.secrets import Secrets, read_secrets
from conformance.runner.wire import WireClient

REQUIRE_LIVE: Final = "CONFORMANCE_REQUIRE_LIVE"
_CRASH_GRACE_S: Final = 0.1
_TOOLCHAIN_TIMEOUT_S: Final = 10
_FRESH_DIGITS: Final = 15


@dataclass(slots=True)
class RecordedLane:
    """Answers from a recording."""

    facts: RuntimeFacts
    recording: Recording

    async def ask(self, case: Case, step: int, request: Request) -> Answer | Fault:  # noqa: ARG002 - the key is the case's
        """Look the step up."""
        return self.recording.answer(case, step)

    async def send(self, request: Request, timeout_ms: int) -> NotAsked:  # noqa: ARG002 - nobody is there
        """Answer nothing that was not recorded."""
        return NotAsked(reason="a recording is asked nothing but its steps")

    def fresh_names(self, case: Case) -> Mapping[str, str]:
        """Return the names that the case had when it was recorded."""
        return self.recording.fresh_names(case)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class WireLane:
    """Answers over the network, from a program that we started or from one that runs already (None).

    A client makes one exchange at a time; each of the cases in flight borrows one, the first to be free.
    """

    facts: RuntimeFacts
    new_client: Callable[[], WireClient]
    program: Program | None = None
    idle: list[WireClient] = field(default_factory=list)

    async def ask(self, case: Case, step: int, request: Request) -> Answer | Fault:  # noqa: ARG002 - bytes are bytes
        """Send the step."""
        return await self.send(request, case.timeout_ms)

    async def send(self, request: Request, timeout_ms: int) -> Answer | Fault:
        """Send a request; a fault that is the end of a program we started is called by its name."""
        client = self.idle.pop() if self.idle else self.new_client()
        try:
            seen = await client.exchange(request, timeout_ms)
        finally:
            self.idle.append(client)
        if self.program is None or isinstance(seen, Answer):
            return seen
        await asyncio.sleep(_CRASH_GRACE_S)
        detail = crash_detail(self.program, seen)
        if detail is None:
            return seen
        return Fault(kind=FaultKind.RUNTIME_CRASHED, phase=seen.phase, detail=detail, elapsed_ms=seen.elapsed_ms)

    def fresh_names(self, case: Case) -> None:
        """Leave it to the session to name things."""

    async def close(self) -> None:
        """Drop the connections and stop the program."""
        for client in self.idle:
            client.close()
        if self.program is not None:
            await self.program.stop()


class Session:
    """The open lanes of a run."""

    def __init__(self, lanes: Mapping[str, Lane], runtimes: Sequence[Runtime], secrets: Secrets, run_id: str) -> None:
        self._lanes = lanes
        self._runtimes = {runtime.name: runtime for runtime in runtimes}
        self._secrets = secrets
        self._run_id = run_id

    @property
    def facts(self) -> tuple[RuntimeFacts, ...]:
        """Return how each runtime takes part, in the order they were declared."""
        return tuple(lane.facts for lane in self._lanes.values())

    async def observe(self, case: Case, attempt: int = 1) -> tuple[Cell, ...]:
        """Replay a case against the runtimes it is for; each attempt has fresh names of its own."""
        names = [name for name, runtime in self._runtimes.items() if concerns(case, runtime)]
        return tuple(await asyncio.gather(*(self._cell(name, case, attempt) for name in names)))

    async def _cell(self, name: str, case: Case, attempt: int) -> Cell:
        lane = self._lanes[name]
        conversation = Conversation(lane, case, self._secrets, self._fresh_names(lane, case, attempt))
        missing = ", ".join(sorted(self._runtimes[name].lacks(case.requires)))
        if not missing:
            return await conversation.hold()
        if case.lacking and lane.facts.live:
            return await conversation.probe(missing)
        return conversation.unsupported(f"does not support {missing}")

    def _fresh_names(self, lane: Lane, case: Case, attempt: int) -> dict[str, KnownName]:
        """Return what each `${fresh:…}` of a case stands for: as recorded, or of this run, attempt and runtime only."""
        recorded = lane.fresh_names(case)
        known = {}
        for name in case.fresh_names:
            seed = "\n".join((self._run_id, case.id, str(attempt), lane.facts.name, name))
            text = (recorded or {}).get(name) or "n" + hashlib.sha256(seed.encode()).hexdigest()[:_FRESH_DIGITS]
            known[name] = known_text(name, text, identity=name)
        return known


def concerns(case: Case, runtime: Runtime) -> bool:
    """Tell whether a case is for a runtime; a runtime without labels, as one from the command line, is for all."""
    return case.against is None or not runtime.labels or case.against in runtime.labels


@contextlib.asynccontextmanager
async def open_session(
    runtimes: Sequence[Runtime],
    logs: Path,
    environment: Mapping[str, str] = os.environ,
    *,
    cases: Sequence[Case] = (),
    run_id: str = "",
) -> AsyncIterator[Session]:
    """Open every runtime side by side; raises RuntimeUnavailableError naming all that cannot be; none is left.

    The variables that the cases declare are read from the environment first, where a runtime may need them; raises
    BadFileError for those that are not there.  The run's id makes its fresh names its own.
    """
    asked = any(not isinstance(runtime.reach, RecordedRuntime) for runtime in runtimes)
    secrets = read_secrets(cases if asked else (), environment)
    require_live = environment.get(REQUIRE_LIVE, "") not in {"", "0"}
    lanes: dict[str, Lane] = {}

    async def open_one(runtime: Runtime) -> None:
        lanes[runtime.name] = await _open_lane(runtime, logs, require_live=require_live)

    try:
        outcomes = await asyncio.gather(*map(open_one, runtimes), return_exceptions=True)
        _raise_failures([failure for failure in outcomes if failure is not None])
        yield Session({runtime.name: lanes[runtime.name] for runtime in runtimes}, runtimes, secrets, run_id)
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
    def new_client() -> WireClient:
        return WireClient(reach.url, runtime.headers)

    client = new_client()
    fault = await client.reach()
    if fault is not None:
        raise RuntimeUnavailableError(
            f"runtime {runtime.name}: {reach.url} cannot be reached: {fault.kind.value}: {fault.detail}",
            hint="start it, or correct its URL",
        )
    reached = f"attached at {reach.url}"
    facts = RuntimeFacts(name=runtime.name, live=True, reached=reached, url=reach.url, language=runtime.language)
    return WireLane(facts, new_client, idle=[client])


async def _started_lane(runtime: Runtime, reach: CommandRuntime, logs: Path) -> Lane:
    made_with = toolchain_of(runtime, reach.directory)
    program = await launch(runtime.name, reach, logs / f"{runtime.name}.log")
    facts = RuntimeFacts(
        name=runtime.name, live=True, reached="started", provenance=made_with, language=runtime.language
    )
    return WireLane(facts, lambda: WireClient(program.url, runtime.headers), program)


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
