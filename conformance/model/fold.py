"""A fold of a run: it takes the judged cases one by one.

It keeps only what it needs for its result.

One pass over a run feeds all its folds: the report, its files, proposed rows, evidence.  Each case
comes once, in the order of the run.
"""

from typing import Protocol

from conformance.model.verdict import CaseResult, Judgement


class Fold(Protocol):
    """A consumer of the judged cases of a run."""

    def add(self, result: CaseResult, judgement: Judgement, /) -> None:
        """Take the result and the judgement of one case."""
