"""Which cases a report has one by one, and what it says of each and of their causes."""

import pytest
from msgspec.structs import replace

from conformance.model.group import Widening
from conformance.model.verdict import CaseResult, ExpectationFailure
from tests.reporting.judged_reports import case_with, report_of
from tests.verdicts.ledger_rows import SIGNATURE, finding, ledger, row

RED = case_with("one", "ab", finding())
PASSED = case_with("two", "ab")
TYPE = replace(SIGNATURE, name="type", odd="string", rest="number")
UNMET = ExpectationFailure(step=0, runtime="b", wanted="status 200", got="404")


@pytest.mark.parametrize(
    ("red", "kept", "more"),
    [
        pytest.param(1, 1, 0, id="one"),
        pytest.param(3, 3, 0, id="as-many-as-there-is-room-for"),
        pytest.param(5, 3, 2, id="more"),
    ],
)
def test_further_cases_are_counted(
    monkeypatch: pytest.MonkeyPatch, red: int, kept: int, more: int
) -> None:
    """A case that passed takes no room."""
    monkeypatch.setattr("conformance.verdicts.fold.CASES_IN_A_REPORT", 3)
    report = report_of("ab", ledger(), PASSED, *(RED,) * red, PASSED)
    assert (len(report.cases), report.more_cases) == (kept, more)


def test_the_causes_of_a_case_are_those_that_alone_make_it_red() -> None:
    """Where a demand is not met, what differs besides is no cause of that."""
    both = replace(RED, case_id="shop/both", expectation_failures=(UNMET,))
    report = report_of("ab", ledger(), RED, both)
    (key,) = (group.key for group in report.groups)
    assert [line.causes for line in report.cases] == [(key,), ()]


FURTHER = case_with("one", "abc", finding(odd=("b", "c")))
CHANGED = case_with("one", "abc", finding(signature=TYPE, odd=("b", "c")))


@pytest.mark.parametrize(
    ("cases", "widens"),
    [
        pytest.param((FURTHER,), (Widening("D-001", ("c",)),), id="a-further-runtime"),
        pytest.param((CHANGED,), (), id="another-difference"),
        pytest.param((RED,), (), id="decided"),
    ],
)
def test_a_row_that_only_leaves_out_a_runtime_decides_its_cause_once_it_is_widened(
    cases: tuple[CaseResult, ...], widens: tuple[Widening, ...]
) -> None:
    """What is left there is one more runtime, in all that the row covers."""
    report = report_of("abc", ledger(row()), *cases)
    assert [group.widens for group in report.groups] == [widens]
