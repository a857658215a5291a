"""The cases that a run knows: those that it judged, and those that it left out."""

from collections import Counter
from collections.abc import Iterable

from conformance.model.case import suite_of
from conformance.model.verdict import CaseResult, Judgement


class KnownCases:
    """Takes the judged cases of a run and counts them by suite; `left_out` are the ids of those that it did not take.

    What is called unselected may hold cases that are judged after all: a header that was written before the selection
    names every case, and one of several shards is unselected in the others.
    """

    def __init__(self, unselected: Iterable[str]) -> None:
        self.left_out = set(unselected)
        self._judged: Counter[str] = Counter()

    def add(self, result: CaseResult, _judgement: Judgement) -> None:
        """Take one case."""
        self._judged[suite_of(result.case_id)] += 1
        self.left_out.discard(result.case_id)

    def of_suite(self) -> Counter[str]:
        """Return how many cases each suite is known to have."""
        return self._judged + Counter(map(suite_of, self.left_out))
