"""Whether a history of one key is linearizable.

It is if one client after the other could have had all its answers.

The search of Wing and Gong (1993) with the memory of Lowe (2017): operations are put in order one
by one; one may come next if none of those that are left ended before it began, and if the model
gives its answer in that state. A set of operations in order with a state is tried once. Operations
without an answer may be left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.histories.operations import REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.histories.operations import Model, Operation


def violation(operations: Sequence[Operation], model: Model) -> str | None:
    """Say where no order exists any more: the history up to the first answer that fits none.

    None if all is well.
    """
    search = _Search(operations, model)
    if search.finds_order():
        return None
    ordered = sorted(operations, key=lambda operation: operation.end_ns)
    answered = [operation for operation in ordered if operation.answer is not None]
    shortest = next(
        answer
        for answer in answered
        if not _Search(
            [one for one in operations if one.start_ns <= answer.end_ns], model
        ).finds_order(answer.end_ns)
    )
    lines = [str(one) for one in ordered if one.start_ns <= shortest.end_ns]
    return "\n".join(
        [*lines[-12:], f"no order gives all these answers, the last of them being\n{shortest}"]
    )


class _Search:
    """The search over one history."""

    def __init__(self, operations: Sequence[Operation], model: Model) -> None:
        self._operations = sorted(operations, key=lambda operation: operation.start_ns)
        self._model = model

    def finds_order(self, until_ns: float = float("inf")) -> bool:
        """Return whether an order exists in which all that is answered has its answer.

        All that was answered until the given time counts.
        """
        needed = sum(
            1 << index for index, one in enumerate(self._operations) if _is_answered(one, until_ns)
        )
        seen: set[tuple[int, Any]] = set()
        paths: list[tuple[int, Any]] = [(0, self._model.initial)]
        while paths:
            done, state = paths.pop()
            if done & needed == needed:
                return True
            if (done, state) in seen:
                continue
            seen.add((done, state))
            paths += self._steps(done, state, until_ns)
        return False

    def _steps(self, done: int, state: Any, until_ns: float) -> Iterator[tuple[int, Any]]:
        """Give the possible next states, with all operations that are in order or left out."""
        left = [(index, one) for index, one in enumerate(self._operations) if not done >> index & 1]
        earliest_end_ns = min(one.end_ns for _, one in left if _is_answered(one, until_ns))
        for index, one in left:
            if one.start_ns > earliest_end_ns:
                return
            after = self._model.after(state, one)
            if after is not REFUSED:
                yield done | 1 << index | _left_out(left, one.start_ns), after


def _left_out(left: Sequence[tuple[int, Operation]], start_ns: int) -> int:
    """Give the operations that can no longer have happened before one that begins now.

    All of them had no answer.
    """
    return sum(1 << index for index, one in left if one.end_ns < start_ns)


def _is_answered(operation: Operation, until_ns: float) -> bool:
    """Return whether an operation had its answer by then; if not it may be left out."""
    return operation.answer is not None and operation.end_ns <= until_ns
