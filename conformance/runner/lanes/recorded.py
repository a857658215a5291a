"""The lane of a recording: what a runtime answered earlier."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from conformance.model.case import Case
from conformance.model.observation import Answer, Fault, NotAsked
from conformance.model.request import HeaderList, Request
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import (
    Runtime,
)
from conformance.runner.http.stream_cut import cut_answer
from conformance.runner.lanes.lane import Lane
from conformance.runner.recording import Recording, read_recording


class RecordedLane(Struct):
    """A lane that answers from a recording."""

    facts: RuntimeFacts
    recording: Recording

    @property
    def base_url(self) -> str:
        """Return an empty text: a recording does not say where it was made."""
        return ""

    async def ask(self, case: Case, step: int, request: Request) -> Answer | Fault:  # noqa: ARG002 - the key is the case's
        """Return the recorded answer to a step, cut where the step says so."""
        seen = self.recording.answer(case, step)
        return cut_answer(seen, case.step(step).stop_after) if isinstance(seen, Answer) else seen

    async def send(self, request: Request, timeout_ms: int) -> NotAsked:  # noqa: ARG002 - a recording answers its steps only
        """Return a `NotAsked`: a recording answers its steps only."""
        return NotAsked(reason="a recording answers its steps only")

    def made_names(self, case: Case) -> Mapping[str, str]:
        """Return the values made for the case when it was recorded."""
        return self.recording.made_names(case)

    def let_in(self, headers: HeaderList) -> None:
        """Do nothing: a recording has no login."""

    def reconnect(self, *, always: bool) -> None:
        """Do nothing: there is no connection."""

    async def close(self) -> tuple[str, ...]:
        """Do nothing: there is no connection."""
        return ()


def open_recorded(runtime: Runtime, file: Path, *, reached: str, in_place_of: str = "") -> Lane:
    """Return the lane of a recording.

    `in_place_of` says why the runtime itself is missing, if the recording stands in for it.
    """
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
