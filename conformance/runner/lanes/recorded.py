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
    """Answers from a recording."""

    facts: RuntimeFacts
    recording: Recording

    @property
    def base_url(self) -> str:
        """Return nothing: a recording does not say where it was made."""
        return ""

    async def ask(self, case: Case, step: int, request: Request) -> Answer | Fault:  # noqa: ARG002 - the key is the case's
        """Look the step up; an answer that was recorded longer is cut where the step says so."""
        seen = self.recording.answer(case, step)
        return cut_answer(seen, case.step(step).stop_after) if isinstance(seen, Answer) else seen

    async def send(self, request: Request, timeout_ms: int) -> NotAsked:  # noqa: ARG002 - nobody is there
        """Answer nothing that was not recorded."""
        return NotAsked(reason="a recording is asked nothing but its steps")

    def made_names(self, case: Case) -> Mapping[str, str]:
        """Return what was made for the case when it was recorded."""
        return self.recording.made_names(case)

    def let_in(self, headers: HeaderList) -> None:
        """Nobody logs in here."""

    def reconnect(self, *, always: bool) -> None:
        """Nothing is connected."""

    async def close(self) -> tuple[str, ...]:
        """Nothing is open."""
        return ()


def open_recorded(runtime: Runtime, file: Path, *, reached: str, in_place_of: str = "") -> Lane:
    """Return the lane of a recording.

    `in_place_of` says which runtime is missing, if it stands in for one.
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
