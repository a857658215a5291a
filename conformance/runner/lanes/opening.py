"""Opens the lane of a runtime as declared: over the network, in process, or from a recording."""

from pathlib import Path
from typing import Final

from conformance.errors import RuntimeUnavailableError
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import (
    AppRuntime,
    AttachedRuntime,
    BatchRuntime,
    RecordedRuntime,
    Runtime,
)
from conformance.runner.lanes.batch import BatchLane
from conformance.runner.lanes.lane import Lane
from conformance.runner.lanes.recorded import open_recorded
from conformance.runner.lanes.toolchain import toolchain_of
from conformance.runner.lanes.wire import open_attached, open_started
from conformance.runner.process.launcher import program_exists

REQUIRE_LIVE: Final = "CONFORMANCE_REQUIRE_LIVE"


async def open_lane(runtime: Runtime, logs: Path, *, require_live: bool) -> Lane:
    """Return the lane of a runtime, or of its fallback; raise RuntimeUnavailableError."""
    reach = runtime.reach
    if isinstance(reach, RecordedRuntime):
        if require_live:
            raise RuntimeUnavailableError(
                f"runtime {runtime.name}: is a recording, and {REQUIRE_LIVE} asks for live ones"
            )
        return open_recorded(runtime, reach.file, reached="recording")
    if isinstance(reach, AppRuntime):
        from conformance.runner.lanes.app import open_app  # noqa: PLC0415 - httpx is loaded only where an app is asked

        return open_app(runtime, reach)
    if isinstance(reach, AttachedRuntime):
        return await open_attached(runtime, reach)
    if not program_exists(reach) and (
        runtime.fallback is not None or isinstance(reach, BatchRuntime)
    ):
        missing = f"{reach.argv[0]} is not on this machine"
        if runtime.fallback is None:
            hint = "build it, or give it a `fallback` recording"
            raise RuntimeUnavailableError(f"runtime {runtime.name}: {missing}", hint=hint)
        if require_live:
            raise RuntimeUnavailableError(
                f"runtime {runtime.name}: {missing}, and {REQUIRE_LIVE} asks for live ones"
            )
        return open_recorded(runtime, runtime.fallback, reached="recording", in_place_of=missing)
    if isinstance(reach, BatchRuntime):
        return _batch_lane(runtime, reach)
    return await open_started(runtime, reach, logs)


def _batch_lane(runtime: Runtime, reach: BatchRuntime) -> Lane:
    made_with = toolchain_of(runtime, reach.directory)
    facts = RuntimeFacts(
        name=runtime.name,
        live=True,
        reached="run once for each step",
        provenance=made_with,
        language=runtime.language,
    )
    return BatchLane(facts, reach)
