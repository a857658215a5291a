"""The first oracle: what a case itself demands, asked of every answer whatever the others say."""

from collections.abc import Iterator, Sequence

from conformance.model.case import Case
from conformance.model.observation import Answer, Cell
from conformance.model.verdict import ExpectationFailure


def expectation_failures(case: Case, cells: Sequence[Cell]) -> Iterator[ExpectationFailure]:
    """Yield every answer that is not what its step demands."""
    for index, step in enumerate(case.steps):
        wanted = step.expectation.statuses
        for cell in cells:
            seen = cell.observations[index]
            if wanted and isinstance(seen, Answer) and seen.status not in wanted:
                shown = " or ".join(f"{status}" for status in wanted)
                yield ExpectationFailure(
                    step=index, runtime=cell.runtime, wanted=f"status {shown}", got=f"{seen.status}"
                )
