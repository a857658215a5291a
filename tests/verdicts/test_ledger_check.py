"""What is wrong with a ledger as a whole: rows that contradict each other, or are about no case."""

import pytest

from conformance.errors import LedgerError
from conformance.model.decision import Decision, DecisionState
from conformance.model.pin import Pin, PinnedPlace
from conformance.model.signature import Signature
from conformance.verdicts.judgement import judge
from conformance.verdicts.ledger_check import check_ledger
from tests.verdicts.ledger_rows import (
    deciding,
    done,
    finding,
    ledger,
    result,
    row,
)
from tests.verdicts.test_matching import BOTH, KNOWN, THREE_SIDES, TURNED, null, number

TWO_ROWS: list[tuple[Decision, bool]] = [
    (row("D-002"), True),
    (row("D-002", where=("shop/order",)), True),
    (row("D-002", signature=TURNED, odd=("a",), rest=("b",)), True),
    (row("D-002", odd=("b", "d"), rest=("a", "c")), True),
    (row("D-002", state=DecisionState.ACCEPTED), True),
    (row("D-002", where=("bank/*",)), False),
    (row("D-002", signature=TURNED), False),
    (row("D-002", odd=("a",), rest=("b",)), False),
    (done("D-002"), False),
    (row("D-002", odd=("b",), rest=("d",)), False),
]


@pytest.mark.parametrize(("other", "refused"), TWO_ROWS)
def test_two_rows_for_one_finding_are_refused(other: Decision, refused: bool) -> None:
    """Two live rows that could claim one finding are a ledger error, before the run and in it."""
    both, seen = ledger(row(), other), result(findings=(finding(),))
    if not refused:
        check_ledger(both, KNOWN, BOTH)
        assert judge(seen, both).decisions == (("D-001",),)
        return
    with pytest.raises(LedgerError, match="D-002 and D-001") as before:
        check_ledger(both, KNOWN, BOTH)
    assert before.value.exit_code == 2
    with pytest.raises(LedgerError, match="D-002 and D-001"):
        judge(seen, both)


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        pytest.param(("b",), ("b", "c"), True, id="one-of-its-runtimes"),
        pytest.param(("b", "d"), ("b", "c"), True, id="a-runtime-in-both"),
        pytest.param(("b",), ("c", "d"), False, id="apart"),
    ],
)
def test_two_runtimes_are_in_one_row(
    first: tuple[str, ...], second: tuple[str, ...], refused: bool
) -> None:
    """Rows may share a two-sided finding, but never say twice how two runtimes differ."""
    both = ledger(row(odd=first), row("D-002", odd=second))
    seen = finding(odd=tuple(sorted({*first, *second})))
    if refused:
        with pytest.raises(
            LedgerError, match="D-002 and D-001 claim the same finding of shop/order"
        ):
            deciding(seen, "shop/order", both)
    else:
        assert deciding(seen, "shop/order", both) == both.decisions


def test_rows_that_disagree_on_who_is_to_change_are_refused() -> None:
    """Rows may share a finding, but a runtime that one has to change is no model for another."""
    other = null(fix="number")
    with pytest.raises(LedgerError, match="D-002 and D-001") as caught:
        deciding(THREE_SIDES, "shop/order", ledger(number(fix="number"), null()))
    assert "D-001 changes a, and D-002 does not" in str(caught.value)
    assert deciding(THREE_SIDES, "shop/order", ledger(number(fix="number"), other))
    assert deciding(THREE_SIDES, "shop/order", ledger(number(fix=None), null()))


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        pytest.param({"shop/order": "3", "shop/list": "2"}, False, id="other-values-in-each-case"),
        pytest.param({"shop/order": "3", "shop/list": "3"}, True, id="the-same-values-in-a-case"),
    ],
)
def test_rows_that_list_other_values_at_each_place(other: dict[str, str], refused: bool) -> None:
    """Two rows about two runtimes stand beside each other where neither has a value of the other.

    What they list in other cases does not matter.
    """
    first = {"shop/order": "2", "shop/list": "3"}
    both = ledger(by_place("D-001", first), by_place("D-002", other))
    if refused:
        with pytest.raises(
            LedgerError, match="D-002 and D-001 claim the same finding of shop/list"
        ):
            check_ledger(both, first, BOTH)
    else:
        check_ledger(both, first, BOTH)


def by_place(row_id: str, values: dict[str, str]) -> Decision:
    """Return a row about values: what b sent beside the 1 of a, by case."""
    signature = Signature("value", "$.x", "differs", "differs")
    pins = (
        PinnedPlace(case, "$.x", ((("a", (value,)), ("b", ("1",))),))
        for case, value in sorted(values.items())
    )
    return row(row_id, signature=signature, where=tuple(values), pin=Pin(by_place=tuple(pins)))


def test_a_row_about_no_case_is_refused() -> None:
    """A `where` that names no known case is a ledger error with a place and a hint."""
    with pytest.raises(LedgerError, match="no case matches cellar") as caught:
        check_ledger(ledger(row(where=("cellar/*",))), KNOWN, BOTH)
    assert "decisions.yaml:3:5" in str(caught.value)
    assert caught.value.hint
    check_ledger(ledger(row(where=("cellar/*", "bank/*"))), KNOWN, BOTH)
