"""The first sentence of a report, and what it says of cases in which a runtime gave no answer."""

import pytest
from msgspec.structs import replace

from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.observation import Answer, NotAsked, Observation
from conformance.reporting.run_phrases import headline
from conformance.verdicts.counts import HeadlineTally
from conformance.verdicts.judgement import judge
from tests.comparison.differences import answer
from tests.comparison.live_runs import case
from tests.verdicts.ledger_rows import ANSWER, FAULT, UNSUPPORTED, cell, ledger, result

NOT_ASKED = NotAsked(reason="went down")


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (
            (ANSWER, FAULT, NOT_ASKED),
            "3/3 status codes match · 2 of these cases without an answer from every runtime",
        ),
        ((ANSWER, ANSWER, UNSUPPORTED), "3/3 status codes match"),
    ],
)
def test_what_a_runtime_did_not_answer_is_counted(seen: tuple[Observation, ...], said: str) -> None:
    """Equal statuses of the others say nothing of a runtime that crashed or was not asked."""
    tally = HeadlineTally()
    for each in seen:
        case = result("order", cell("a"), cell("b", each), cell("c"))
        case = replace(case, comparison=replace(case.comparison, compared=True))
        tally.add(case, judge(case, ledger()))
    assert headline(tally.headline()).startswith(said + " · 3/3 body shapes match")


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (answer("{}", 404), answer("no", 404, media="text/plain"), "1/1 body shapes diverge"),
        (
            answer("{}", media="application/json"),
            answer("{}", media="application/problem+json"),
            "1/1 body shapes match · 1/1 differ in headers",
        ),
    ],
)
def test_the_label_of_another_kind_of_body_counts_as_shape(
    first: Answer, second: Answer, said: str
) -> None:
    """A media type counts under headers only where both bodies are of one kind."""
    both = (cell("a", first), cell("b", second))
    asked = replace(case(compare=CompareLevel.SHAPE), headers=("content-type",))
    compared = replace(result("order", *both), comparison=compare_case(asked, both))
    tally = HeadlineTally()
    tally.add(compared, judge(compared, ledger()))
    assert headline(tally.headline()) == f"1/1 status codes match · {said}"
