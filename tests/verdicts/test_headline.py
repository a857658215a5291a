"""The first sentence of a report, and what it says of cases in which a runtime gave no answer."""

import pytest
from msgspec.structs import replace

from conformance.model.observation import NotAsked, Observation
from conformance.reporting.run_phrases import headline
from conformance.verdicts.counts import HeadlineTally
from conformance.verdicts.judgement import judge
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
