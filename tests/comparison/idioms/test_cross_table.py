"""The cross table: every idiom claims its own sample and no other, either way round.

It has its facts.
"""

import pytest
from msgspec.structs import replace

from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel, Step
from conformance.model.finding import Finding
from conformance.model.observation import Answer, Cell
from conformance.model.request import Request
from tests.comparison.idioms.cross_table import SAMPLES, Sample
from tests.comparison.live_runs import case


def found(sample: Sample, a: Answer, b: Answer) -> tuple[Finding, ...]:
    """Compare two answers by value, as a run does.

    A note that follows from a difference is none of its own.
    """
    step = Step(request=Request(method="GET", target=sample.target))
    asked = replace(case(compare=CompareLevel.VALUE), steps=(step,), headers=sample.fields)
    cells = [
        Cell(runtime=name, live=True, observations=(seen,)) for name, seen in (("a", a), ("b", b))
    ]
    return tuple(
        finding for finding in compare_case(asked, cells).findings if finding.follows is None
    )


def test_every_idiom_has_a_sample() -> None:
    """The table has a row for each name of the catalogue, in its order."""
    assert list(SAMPLES) == list(BY_NAME)


@pytest.mark.parametrize("name", SAMPLES)
def test_an_idiom_claims_its_own_sample_and_no_other(name: str) -> None:
    """Two answers that differ by one idiom are one finding with its name, each fact on its side."""
    sample = SAMPLES[name]
    for one, other, facts in (
        (sample.a, sample.b, sample.facts),
        (sample.b, sample.a, sample.facts[::-1]),
    ):
        (finding,) = found(sample, one, other)
        assert (finding.name, finding.pairs[0].facts) == (name, facts)


@pytest.mark.parametrize("name", SAMPLES)
def test_an_answer_does_not_differ_from_itself(name: str) -> None:
    """Neither answer of a sample shows anything beside itself."""
    sample = SAMPLES[name]
    assert found(sample, sample.a, sample.a) == found(sample, sample.b, sample.b) == ()
