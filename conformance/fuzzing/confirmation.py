"""The confirmation of a cause: a probe is asked again, from a fresh state if one exists."""

from collections.abc import Awaitable, Callable
from typing import Final

from conformance.fuzzing.isolation import Isolation
from conformance.fuzzing.oracle import Key, Oracle, Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.shrinking import fewer_steps

REPLAYS: Final = 3
"""How often a finding is asked again, each time from a fresh state, before it is reported."""


class Confirmation:
    """Asks a probe again by `ask`, to see whether it still shows a cause."""

    def __init__(
        self, oracle: Oracle, isolation: Isolation, ask: Callable[[Probe, str], Awaitable[Outcome]]
    ) -> None:
        self._oracle, self._isolation, self._ask = oracle, isolation, ask

    async def shows_again(self, seen: Outcome, key: Key) -> bool:
        """Return whether a cause shows each time, and no runtime differs from itself there.

        It is asked twice more, or once where it was seen from a fresh state.
        A time that both runtimes tell in milliseconds is the same now and then: then the cause does
        not show each time, and it differs by itself all the same.
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
        """Return whether what was asked before may show in the answers to a probe."""
        return not self._isolation.cheap and not probe.is_safe

    async def _learn(self, first: Outcome, second: Outcome) -> None:
        """Learn what differs by itself in a probe.

        From a fresh state it is asked with the same fresh names: with other names a list that is
        sorted by them has another order, which is not to be hidden.
        """
        if self._isolation.cheap:
            second = await self.from_fresh_state(first.probe, first.case.name)
        self._oracle.learn([first, second])

    async def from_fresh_state(self, probe: Probe, name: str = "") -> Outcome:
        """Ask a probe after a cheap reset, if one exists and may be needed.

        The probe, or what came before it, may need the reset.
        """
        if self._isolation.cheap:
            await self._isolation.renew()
        return await self._ask(probe, name)

    async def _shows_thrice(self, probe: Probe, key: Key) -> Outcome | None:
        """Ask a probe three times, each time from a fresh state.

        Return the last outcome if each shows the cause.
        """
        outcomes = []
        for _ in range(REPLAYS):
            if self._isolation.possible:
                await self._isolation.renew()
            outcome = await self._ask(probe, "")
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
        """Return the outcome of a shrunk probe that is confirmed, or of its original.

        The original is the probe that it was shrunk from.

        Where a reset takes a start of the runtimes, a probe is shrunk in the state that there is.
        What it reads there may not be there in a fresh one: then only its steps are shrunk, each
        time in a fresh state.
        """
        outcome = await self._shows_thrice(smallest, key)
        needs_starts = self._isolation.possible and not self._isolation.cheap
        if outcome is not None or not needs_starts:
            return outcome
        if await self._shows_thrice(first, key) is None:
            return None

        async def still_shows(smaller: Probe) -> bool:
            await self._isolation.fresh()
            return key in (await self._ask(smaller, "")).causes

        return await self._shows_thrice(await fewer_steps(first, still_shows), key)
