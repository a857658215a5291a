"""What a runtime answers differently when it is asked the same again: a difference from itself."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from conformance.comparison.parity import compare_case
from conformance.model.case import Case
from conformance.model.finding import OwnDifference
from conformance.model.observation import Cell

FIRST, AGAIN = "first", "again"
"""The two askings, as an own difference names them."""


def own_differences(case: Case, first: Sequence[Cell], again: Sequence[Cell]) -> Iterator[OwnDifference]:
    """Yield where the two answers of one runtime differ; a recording says the same whenever it is asked."""
    for one, other in zip(first, again, strict=True):
        if one.live:
            twice = (replace(one, runtime=FIRST), replace(other, runtime=AGAIN))
            compared = compare_case(case, twice)
            for finding in () if compared.over_budget else compared.findings:
                yield OwnDifference(runtime=one.runtime, finding=finding)
