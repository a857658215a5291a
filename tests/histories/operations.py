"""What clients did to one key, and when: the nouns of a history.

An operation whose answer never came may have happened or not, at any moment until its client saw
the connection break: the daemon was dead by then, and does nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call of one client on one key.

    Times are of one monotonic clock, `answer` is None if none came.
    """

    client: int
    key: str
    call: tuple[str, Any]
    answer: tuple[Any, ...] | None
    start_ns: int
    end_ns: int

    def __str__(self) -> str:
        times = f"{self.start_ns / 1e6:12.3f} to {self.end_ns / 1e6:12.3f} ms"
        return (
            f"{times}  client {self.client}  {self.call} -> "
            f"{'no answer' if self.answer is None else self.answer}"
        )


class Model(Protocol):
    """One key of a daemon, used by one client after the other. States can be hashed."""

    @property
    def initial(self) -> Any:
        """The state before anything happened."""

    def after(self, state: Any, operation: Operation) -> Any:
        """Give the state after an operation, or REFUSED if its answer is impossible in it.

        It is the answer in the given state that counts.
        """


REFUSED = object()
