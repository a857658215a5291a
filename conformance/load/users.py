"""Users: each goes through one scenario after another, and reports the outcomes.

In: a deck, a runtime, and the pace. Out: outcomes, in the order in which they end.  In a closed
loop, a user begins the next scenario when the last one has ended; in an open loop, at the time that
the rate gives. The time of a scenario counts from then, even if every user is busy, so that a slow
runtime cannot make the load smaller and its own times better.
"""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from msgspec import Struct

from conformance.comparison.expectations.failures import expectation_failures
from conformance.load.deck import Deck
from conformance.load.plan import Pace, Scenario
from conformance.model.case import Case, step_name
from conformance.model.observation import Answer, Cell
from conformance.runner.conversation import Conversation
from conformance.runner.lanes.lane import Lane
from conformance.runner.secrets import Secrets

# A service that is down must not get requests in a busy loop
_AFTER_A_FAULT_S: Final = 0.1
_SHOWN_BYTES: Final = 2_000
_FIRST_SERVER_ERROR: Final = 500


class ScenarioOutcome(NamedTuple):
    """The outcome of one scenario: when it began, how long it and its steps took, any failure.

    `scenario` is its index in the load, `began_s` its planned start on the monotonic clock. `cause`
    is why it failed, or None.
    """

    scenario: int
    began_s: float
    elapsed_us: int
    steps_us: tuple[int, ...]
    cause: str | None


class Failure(Struct, frozen=True, kw_only=True):
    """Why a scenario failed: a text that is the same for the same cause, and one full exchange."""

    cause: str
    example: str


class UserShare(Struct, frozen=True, kw_only=True):
    """The share of a worker: every `step`-th user and every `step`-th scenario, from `first` on.

    `begin_s` is when the users begin, on the monotonic clock; it is set once all workers are up.
    """

    scenarios: tuple[Scenario, ...]
    pace: Pace
    first: int
    step: int
    begin_s: float = 0.0

    @property
    def count_s(self) -> float:
        """Return the time on the monotonic clock from which scenarios count."""
        return self.begin_s + self.pace.lead_s

    @property
    def users(self) -> int:
        """Return the number of users in this share."""
        return len(range(self.first, self.pace.users, self.step))

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of the hands that these users get."""
        most = self.pace.stop_after_scenarios
        return (
            iter(range(self.first, most, self.step))
            if most is not None
            else itertools.count(self.first, self.step)
        )


class Users:
    """The users of one share; `stopping` ends each of them after its current scenario."""

    def __init__(
        self,
        share: UserShare,
        deck: Deck,
        lane: Lane,
        secrets: Secrets,
        tell: Callable[[ScenarioOutcome], None],
    ) -> None:
        self._share, self._deck, self._lane, self._secrets, self._tell = (
            share,
            deck,
            lane,
            secrets,
            tell,
        )
        self._numbers = share.numbers()
        self._end_s = share.count_s + share.pace.duration_s
        self.examples: dict[tuple[int, str], str] = {}
        self.stopping = False

    async def go(self) -> None:
        """Run until the time is over or no scenario is left."""
        await asyncio.gather(*(self._one(number) for number in range(self._share.users)))

    async def _one(self, number: int) -> None:
        pace = self._share.pace
        joins_s = self._share.begin_s + pace.ramp_s * number / self._share.users
        await _until(joins_s)
        for drawn in self._numbers:
            due_s = time.monotonic()
            if pace.rate_per_s is not None:
                due_s = self._share.begin_s + drawn / pace.rate_per_s
                await _until(min(due_s, self._end_s))
            if self.stopping or max(due_s, time.monotonic()) >= self._end_s:
                return
            answered = await self._through(drawn, due_s)
            await asyncio.sleep(
                pace.think_time_s if answered else max(pace.think_time_s, _AFTER_A_FAULT_S)
            )

    async def _through(self, number: int, due_s: float) -> bool:
        """Run one scenario; return whether every step had an answer."""
        hand = self._deck.deal(number)
        case = self._share.scenarios[hand.scenario].case
        cell = await Conversation(self._lane, case, self._secrets, hand.known).hold()
        elapsed_s = time.monotonic() - due_s
        failure = failure_of(case, cell)
        if failure is not None:
            self.examples.setdefault((hand.scenario, failure.cause), failure.example)
        steps_us = tuple(
            round(seen.elapsed_ms * 1_000) for seen in cell.observations if isinstance(seen, Answer)
        )
        cause = None if failure is None else failure.cause
        self._tell(
            ScenarioOutcome(hand.scenario, due_s, round(elapsed_s * 1_000_000), steps_us, cause)
        )
        return not cell.faults


def failure_of(case: Case, cell: Cell) -> Failure | None:
    """Return why a scenario failed, or None if every answer was as expected."""
    for index, seen in enumerate(cell.observations):
        if not isinstance(seen, Answer) and seen in cell.faults:
            fault = cell.faults[0]
            return Failure(
                cause=f"step {index + 1}: {fault.kind.value}",
                example=f"{_sent(case, cell, index)}\n\n{fault.kind.value} while {fault.phase}: "
                f"{fault.detail}",
            )
    wrong = next(expectation_failures(case, [cell]), None)
    if wrong is None:
        return _server_error(case, cell)
    last = cell.seen(wrong.step)
    came = f": {wrong.got}" if wrong.where == "status" else ""
    answer = f"{last.status}\n{_text(last.body)}" if isinstance(last, Answer) else ""
    return Failure(
        cause=f"{step_name(wrong.step)}: wrong {wrong.where}{came}",
        example=f"{_sent(case, cell, wrong.step)}\n\n{answer}\n\n"
        f"at {wrong.where}: wanted {wrong.wanted}, got {wrong.got}",
    )


def _server_error(case: Case, cell: Cell) -> Failure | None:
    """Return the first 5xx of a step without an expectation as a failure, or None."""
    for index, (step, seen) in enumerate(zip(case.steps, cell.observations, strict=True)):
        if isinstance(seen, Answer) and seen.status >= _FIRST_SERVER_ERROR and not step.expectation:
            cause = f"step {index + 1}: status {seen.status}"
            return Failure(
                cause=cause,
                example=f"{_sent(case, cell, index)}\n\n{seen.status}\n{_text(seen.body)}",
            )
    return None


def _sent(case: Case, cell: Cell, step: int) -> str:
    if step < 0:
        request = (
            cell.setup[-step - 1].request if -step <= len(cell.setup) else case.step(step).request
        )
    else:
        request = (cell.sent[step] if cell.sent else None) or case.steps[step].request
    return f"{request.method} {request.target}\n{_text(request.body or b'')}"


def _text(body: bytes) -> str:
    return body[:_SHOWN_BYTES].decode("utf-8", "replace") + (
        "…" if len(body) > _SHOWN_BYTES else ""
    )


async def _until(when_s: float) -> None:
    """Wait until a time on the monotonic clock; a timer may end a little too early."""
    while (left_s := when_s - time.monotonic()) > 0:  # noqa: ASYNC110 - no event for a time
        await asyncio.sleep(left_s)
