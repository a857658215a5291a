"""Confirm a cause: send its probe again, from a fresh state if that is possible."""

from collections.abc import Awaitable, Callable, Sequence
from operator import attrgetter
from typing import Final

from conformance.fuzzing.isolation import Isolation
from conformance.fuzzing.oracle import Key, Oracle, Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.setup_steps import SetupSteps
from conformance.fuzzing.shrinking import fewer_steps

REPLAYS: Final = 3
"""How often a cause is replayed from a fresh state before it is reported."""


class Confirmation:
    """Send a probe again to see whether it still shows a cause."""

    def __init__(
        self, oracle: Oracle, isolation: Isolation, send: Callable[[Probe, str], Awaitable[Outcome]]
    ) -> None:
        self._oracle, self._isolation, self._send = oracle, isolation, send

    async def shows_again(self, seen: Outcome, key: Key) -> bool:
        """Return whether a cause shows each time, and is not a runtime's difference from itself.

        The probe is sent twice more, or once if it was seen from a fresh state. Times in
        milliseconds can be equal by chance: such a cause does not show each time, but it differs by
        itself.
        """
        probe = seen.probe
        first = seen if self._isolation.cheap else await self.from_fresh_state(probe)
        second = await self.from_fresh_state(probe)
        is_by_itself = self._oracle.differs_by_itself(first, second, seen.causes[key])
        if is_by_itself and not self._has_state(probe):
            await self._learn(first, second)
            return False
        return key in first.causes and key in second.causes

    def _has_state(self, probe: Probe) -> bool:
        """Return whether requests sent earlier may affect the answers to a probe."""
        return not self._isolation.cheap and not probe.is_safe

    async def _learn(self, first: Outcome, second: Outcome) -> None:
        """Learn what differs by itself in a probe.

        From a fresh state it is sent with the same fresh names: other names would change the order
        of a list sorted by them, and that must not be learned as noise.
        """
        if self._isolation.cheap:
            second = await self.from_fresh_state(first.probe, first.case.name)
        self._oracle.learn([first, second])

    async def from_fresh_state(self, probe: Probe, name: str = "") -> Outcome:
        """Send a probe after a reset, where a reset is cheap."""
        if self._isolation.cheap:
            await self._isolation.reset_if_touched()
        return await self._send(probe, name)

    async def _shows_each_time(self, probe: Probe, key: Key) -> Outcome | None:
        """Replay a probe three times, each time from a fresh state where that is possible.

        Return the last outcome if each shows the cause, else None.
        """
        outcomes = []
        for _ in range(REPLAYS):
            if self._isolation.possible:
                await self._isolation.reset_if_touched()
            outcome = await self._send(probe, "")
            if key not in outcome.causes:
                return None
            outcomes.append(outcome)
        first, second, *_ = outcomes
        finding = first.causes[key]
        # Two answers of one runtime can be compared only if both were given in the same state
        are_comparable = self._isolation.possible or probe.is_safe
        if are_comparable and self._oracle.differs_by_itself(first, second, finding):
            return None
        return outcome

    async def confirmed(self, smallest: Probe, first: Probe, key: Key) -> Outcome | None:
        """Return the outcome of the shrunk probe if it is confirmed, else of a shrunk original.

        None if neither is confirmed. `smallest` is the shrunk probe, `first` the original. Where a
        reset means a restart of the runtimes, shrinking ran without resets, and the data that it
        read may be gone after one. Then only steps are removed from the original, with a reset
        before each attempt.
        """
        outcome = await self._shows_each_time(smallest, key)
        needs_restart = self._isolation.possible and not self._isolation.cheap
        if outcome is not None or not needs_restart:
            return outcome
        if await self._shows_each_time(first, key) is None:
            return None

        async def still_shows(smaller: Probe) -> bool:
            await self._isolation.reset()
            return key in (await self._send(smaller, "")).causes

        return await self._shows_each_time(await fewer_steps(first, still_shows), key)


class Shown:
    """The causes that smaller probes show: each probe is sent once.

    Most causes of one probe are shrunk in the same way. `steps_of` has for the steps of each sent
    probe the step of each cause.
    """

    def __init__(self, confirmation: Confirmation, setups: SetupSteps) -> None:
        self._confirmation, self._setups = confirmation, setups
        self.steps_of: dict[Sequence[object], dict[Key, int]] = {}

    async def by(self, smaller: Probe) -> dict[Key, int]:
        """Return the causes that a smaller probe shows, each with its step."""
        if smaller.steps not in self.steps_of:
            outcome = await self._confirmation.from_fresh_state(smaller)
            self._setups.note(outcome)
            self.steps_of[smaller.steps] = step_of(outcome)
        return self.steps_of[smaller.steps]


def step_of(outcome: Outcome) -> dict[Key, int]:
    """Return the step that shows each cause of an outcome."""
    steps = map(attrgetter("step"), outcome.causes.values())
    return dict(zip(outcome.causes, steps, strict=True))
