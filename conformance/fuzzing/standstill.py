"""Operations that have stood still: a quota, a limiter or a full store refuses what was accepted.

Then all that is asked of them is refused, and nothing that would differ shows.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import filterfalse
from typing import Final

from msgspec import Struct, field

from conformance.fuzzing.oracle import Outcome
from conformance.wording import plural

_LONG: Final = 20
"""Requests of an operation in a row that some runtime has refused, after which it is asked again
whether it takes the valid one: most of the tried ones are not valid.
"""
_LIMITS: Final = frozenset({429, 503, 507})
"""Too many requests, overload, and no space (RFC 6585, 9110, 4918)."""


class Standstill(Struct):
    """When an operation was accepted last, how often it was asked since, and who met a limit."""

    accepted_at: dict[str, int] = field(default_factory=dict)
    since: Counter[str] = field(default_factory=Counter)
    limited: Counter[tuple[str, str, int]] = field(default_factory=Counter)

    def note(self, outcomes: Sequence[Outcome], requests: int) -> None:
        """Note what runtimes did, after so many requests."""
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
        """Return the operations that were accepted once, and have long been refused."""
        return [name for name in self.accepted_at if self.since[name] >= _LONG]

    def since_when(self, operation: str, outcome: Outcome) -> str:
        """Return since when the valid request of an operation is refused, and by whom."""
        return (
            f"its valid request is refused now ({answers(outcome)}); it was last accepted at "
            f"request {self.accepted_at[operation]:,}, and asked "
            f"{plural(self.since[operation], 'time')} since then"
        )

    def lines(self) -> Iterator[str]:
        """Yield a line for each operation and runtime that has met a limit."""
        for (operation, runtime, status), count in self.limited.items():
            yield f"limited: {operation}: {runtime} answered {plural(count, 'time')} with {status}"


def answers(outcome: Outcome) -> str:
    """Return what each runtime answered to the first step that was refused.

    It is named where it is not the last one.
    """
    names = outcome.probe.operations
    at = next(filterfalse(outcome.accepted, range(len(names))), len(names) - 1)
    sides = zip(outcome.cells, outcome.statuses(at), strict=True)
    statuses = ", ".join(f"{cell.runtime} {status or 'no answer'}" for cell, status in sides)
    return statuses if at == len(names) - 1 else f"{names[at]} before it: {statuses}"
