"""What `decide` writes for one run holds for the values of that run.

This is the table of what is red again later.
"""

import datetime as dt

import pytest
from msgspec.structs import replace

from conformance.comparison.parity import compare_case
from conformance.ledger.drafts import Drafts
from conformance.model.case import CompareLevel
from conformance.model.decision import Decision
from conformance.model.observation import Answer, Cell
from conformance.model.verdict import CaseResult, Verdict
from conformance.verdicts.judgement import judge
from tests.comparison.differences import answer
from tests.comparison.live_runs import case
from tests.verdicts.ledger_rows import ledger, result

DAY = dt.date(2026, 11, 23)


def error(body: str, media: str = "application/json") -> Answer:
    """Return a 404."""
    return answer(body, 404, media=media)


def compared(a: str | Answer, b: str | Answer) -> CaseResult:
    """Return a case in which a and b sent these bodies, compared by value."""
    asked = case(compare=CompareLevel.VALUE)
    both = [answer(each) if isinstance(each, str) else each for each in (a, b)]
    cells = [
        Cell(runtime=name, live=True, observations=(each,))
        for name, each in zip("ab", both, strict=True)
    ]
    plain = result("order", *cells, level=CompareLevel.VALUE)
    return replace(
        plain, comparison=compare_case(asked, cells, None), requests=(asked.steps[0].request,)
    )


def decided(seen: CaseResult) -> tuple[Decision, ...]:
    """Return the rows for all that a case shows."""
    drafts = Drafts()
    drafts.add(seen, judge(seen, ledger()))
    of_causes = (draft for found in drafts.of_causes().values() for draft in found)
    return tuple(
        replace(draft.row(number, "t", DAY), reason="r", owner="o")
        for number, draft in enumerate(of_causes, start=1)
    )


@pytest.mark.parametrize(
    ("b", "a", "later", "red"),
    [
        pytest.param('{"n":1}', '{"n":2}', '{"n":3}', True, id="a-value"),
        pytest.param("[9,2,2]", "[2,9,2]", "[2,2,9]", True, id="an-order"),
        pytest.param("[2]", "[2,9,2]", "[2,9,3]", True, id="the-extra-elements"),
        pytest.param(error('{"error":"x"}'), error('{"error":"y"}'), error('{"error":"z"}'), True,
            id="an-error-text"),
        pytest.param(
            error("<p>x</p>", "text/html"), error("<p>y</p>", "text/html"), error("<b>z</b>",
                "text/html"), True,
            id="an-error-page",
        ),
        pytest.param('{"a":1}', '{"a":1,"b":2}', '{"a":1,"b":"gone"}', False,
            id="what-an-extra-member-holds"),
        pytest.param('{"n":12}', '{"n":"12"}', '{"n":"12.0"}', False,
            id="another-spelling-of-one-number"),
        pytest.param('{"n":12}', '{"n":"12"}', '{"n":"13"}', True,
            id="another-number-under-an-idiom"),
        pytest.param('{"n":"x"}', '{"n":[1]}', '{"n":[2]}', False, id="a-value-of-another-type"),
        pytest.param('{"n":"x"}', '{"n":[1]}', '{"n":true}', True, id="a-third-type"),
        pytest.param("[2,2,2]", "[2,9,2]", "[2,2,9]", False, id="the-place-of-an-element"),
        pytest.param("[9]", "[2,9,2]", "[2,2,9]", False, id="the-place-of-extra-elements"),
    ],
)  # fmt: skip
def test_what_comes_later(
    b: str | Answer, a: str | Answer, later: str | Answer, *, red: bool
) -> None:
    """Another value, order, length, text or fact is red.

    What a row says nothing about may change.
    """
    before = compared(a, b)
    rows = ledger(*decided(before))
    assert judge(before, rows).verdict is Verdict.KNOWN
    assert judge(compared(later, b), rows).verdict is (Verdict.FAILED if red else Verdict.KNOWN)
