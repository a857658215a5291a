"""Notice operations that a quota, rate limit or full store refuses after they were accepted.

Then every request of them is refused, and no further difference shows.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import filterfalse
from typing import Final

from msgspec import Struct, field

from conformance.fuzzing.oracle import Outcome
from conformance.wording import plural

_LONG: Final = 20
"""Refused requests in a row after which the valid request of an operation is sent again.

The number is this high because most tried requests are invalid.
"""
_LIMITS: Final = frozenset({429, 503, 507})
"""Statuses of a limit: too many requests, overload, no space (RFC 6585, 9110, 4918)."""


class Exhaustion(Struct):
    """For each operation, when it was last accepted and how often it was sent since.

    `accepted_at` is the number of requests sent by then. `limited` counts refusals by a limit: by
    operation, runtime and status.
    """

    accepted_at: dict[str, int] = field(default_factory=dict)
    since: Counter[str] = field(default_factory=Counter)
    limited: Counter[tuple[str, str, int]] = field(default_factory=Counter)

    def note(self, outcomes: Sequence[Outcome], requests: int) -> None:
        """Record the outcomes; `requests` is the number of requests sent so far."""
        for outcome in outcomes:
            for at, operation in enumerate(outcome.probe.operations):
                self._note_step(outcome, at, operation, requests)

    def _note_step(self, outcome: Outcome, at: int, operation: str, requests: int) -> None:
        if outcome.accepted(at):
            self.accepted_at[operation] = requests
            self.since[operation] = 0
            return
        self.since[operation] += 1
        for cell, status in zip(outcome.cells, outcome.statuses(at), strict=True):
            if status in _LIMITS:
                self.limited[operation, cell.runtime, status] += 1

    def long_refused(self) -> list[str]:
        """Return the operations that were accepted once, but not in their last 20 requests."""
        return [name for name in self.accepted_at if self.since[name] >= _LONG]

    def refusal_text(self, operation: str, outcome: Outcome) -> str:
        """Return a text: since when, and by whom, the valid request of an operation is refused."""
        return (
            f"its valid request is refused now ({answers(outcome)}); it was last accepted at "
            f"request {self.accepted_at[operation]:,}, and asked "
            f"{plural(self.since[operation], 'time')} since then"
        )

    def lines(self) -> Iterator[str]:
        """Yield a line for each operation and runtime that reached a limit."""
        for (operation, runtime, status), count in self.limited.items():
            yield f"limited: {operation}: {runtime} answered {plural(count, 'time')} with {status}"


def answers(outcome: Outcome) -> str:
    """Return the answers to the first step that was not accepted, or to the last step.

    The step is named if it is not the last one.
    """
    names = outcome.probe.operations
    at = next(filterfalse(outcome.accepted, range(len(names))), len(names) - 1)
    sides = zip(outcome.cells, outcome.statuses(at), strict=True)
    statuses = ", ".join(f"{cell.runtime} {status or 'no answer'}" for cell, status in sides)
    return statuses if at == len(names) - 1 else f"{names[at]} before it: {statuses}"
