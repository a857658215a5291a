"""Ledger rules 1, 3 and 5: when a row is about a finding, and that no two are."""

from typing import Any

import pytest

from conformance.errors import LedgerError
from conformance.model.decision import Decision, DecisionState
from conformance.model.finding import Signature
from conformance.model.verdict import RowState, Verdict
from conformance.verdicts.judgement import judge
from conformance.verdicts.matching import check_ledger, matches, matching_row
from tests.verdicts.ledger_rows import ANSWER, UNSUPPORTED, cell, done, finding, ledger, result, row, verdict

TURNED = Signature("member", "$.ship_to", "present", "absent")
BOTH = frozenset({"a", "b"})
KNOWN = frozenset({"shop/order", "shop/refund", "bank/order"})

# Rule 1: a signature is unordered, its facts stay with their sides.


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({}, id="as-written"),
        pytest.param({"signature": TURNED, "odd": ("a",), "rest": ("b",)}, id="sides-and-facts-exchanged"),
        pytest.param({"detail": "other", "odd_example": "x", "rest_example": "y"}, id="values"),
        pytest.param({"step": 3}, id="step"),
    ],
)
def test_a_row_is_about_a_finding_either_way_round(changed: dict[str, Any]) -> None:
    """Which side is called odd does not matter, nor do values and steps."""
    assert matches(row(), finding(**changed), BOTH)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"signature": TURNED}, id="facts-exchanged"),
        pytest.param({"odd": ("a",), "rest": ("b",)}, id="sides-exchanged"),
        pytest.param({"signature": Signature("type", "$.ship_to", "absent", "present")}, id="name"),
        pytest.param({"signature": Signature("member", "$.ship", "absent", "present")}, id="path"),
        pytest.param({"signature": Signature("member", "$.ship_to", "null", "present")}, id="fact"),
    ],
)
def test_another_signature_or_side_is_another_difference(changed: dict[str, Any]) -> None:
    """A row does not cover the reverse of its difference, nor one of another name, place or fact."""
    assert not matches(row(), finding(**changed), BOTH)


def test_equal_facts_match_either_way_round() -> None:
    """Where both facts are the same, as for values, only the split counts."""
    by_value = Signature("value", "$.x", "differs", "differs")
    held = row(signature=by_value)
    assert matches(held, finding(signature=by_value, odd=("a",), rest=("b",)), BOTH)
    assert not matches(held, finding(signature=by_value, odd=("c",), rest=("b",)), BOTH | {"c"})


# Rule 3: the split is restricted to the runtimes present, and must then be equal.


@pytest.mark.parametrize(
    ("odd", "rest", "present", "about"),
    [
        pytest.param(("b",), ("a",), {"a", "b"}, True, id="others-absent"),
        pytest.param(("b", "d"), ("a", "c"), {"a", "b", "c", "d"}, True, id="all-present"),
        pytest.param(("b", "d"), ("a",), {"a", "b", "d"}, True, id="one-of-rest-absent"),
        pytest.param(("b",), ("a", "c"), {"a", "b", "c", "d"}, False, id="one-of-odd-elsewhere"),
        pytest.param(("b",), ("a", "c", "d"), {"a", "b", "c", "d"}, False, id="one-changed-sides"),
        pytest.param(("b",), ("a", "e"), {"a", "b", "e"}, False, id="one-not-named"),
        pytest.param(("b", "e"), ("a",), {"a", "b", "e"}, False, id="one-not-named-on-the-odd-side"),
    ],
)
def test_a_split_is_restricted_to_who_is_present(
    odd: tuple[str, ...], rest: tuple[str, ...], present: set[str], about: bool
) -> None:
    """A row of four runtimes holds for those that answered; a runtime it does not name makes another split."""
    held = row(odd=("b", "d"), rest=("a", "c"))
    assert matches(held, finding(odd=odd, rest=rest), present) == about


def test_an_empty_side_is_not_exercised() -> None:
    """A row of whose odd side nobody answered is neither matched nor stale."""
    held = ledger(row())
    alone = (result("order", cell("a"), cell("c")), result("refund", cell("a"), cell("b", UNSUPPORTED)))
    assert verdict(held, *alone).state is RowState.NOT_EXERCISED
    assert verdict(held, *alone, result("third")).state is RowState.SUSPENDED


def test_presence_is_that_of_the_step() -> None:
    """A runtime that answered another step of the case is not present at this one."""
    held = row(odd=("b",), rest=("a", "c"))
    late = finding(step=1)
    steps = [cell("a", ANSWER, ANSWER), cell("b", ANSWER, ANSWER), cell("c", ANSWER, UNSUPPORTED)]
    assert judge(result("order", *steps, findings=(late,)), ledger(held)).verdict is Verdict.KNOWN
    steps[2] = cell("c", ANSWER, ANSWER)
    assert judge(result("order", *steps, findings=(late,)), ledger(held)).verdict is Verdict.FAILED


# Rule 5: known is exactly one open or accepted row.


@pytest.mark.parametrize("state", [DecisionState.OPEN, DecisionState.ACCEPTED])
def test_one_row_makes_a_finding_known(state: DecisionState) -> None:
    """A finding with one open or accepted row is known by its id; without one it fails."""
    seen = result(findings=(finding(),))
    known = judge(seen, ledger(row(state=state), row("D-002", where=("bank/*",))))
    assert (known.verdict, known.decisions) == (Verdict.KNOWN, ("D-001",))
    unknown = judge(seen, ledger(row(where=("bank/*",))))
    assert (unknown.verdict, unknown.decisions) == (Verdict.FAILED, (None,))


def test_every_finding_needs_its_row() -> None:
    """A case is known only if each of its findings is."""
    other = finding(signature=Signature("type", "$.x", "string", "integer"))
    partly = judge(result(findings=(finding(), other)), ledger(row()))
    assert (partly.verdict, partly.decisions) == (Verdict.FAILED, ("D-001", None))
    assert "type@$.x (string | integer)" in partly.reason
    both = judge(result(findings=(finding(), other)), ledger(row(), row("D-002", signature=other.signature)))
    assert (both.verdict, both.decisions) == (Verdict.KNOWN, ("D-001", "D-002"))


@pytest.mark.parametrize(
    ("case_id", "where", "concerned"),
    [
        pytest.param("shop/order", ("shop/*",), True, id="star"),
        pytest.param("shop/order", ("bank/*", "shop/order"), True, id="second"),
        pytest.param("shop/returns/late", ("shop/*",), True, id="star-spans-folders"),
        pytest.param("shop/order-1", ("shop/order-?",), True, id="question-mark"),
        pytest.param("shop/order-1", ("shop/order-[12]",), False, id="no-set"),
        pytest.param("shop/order[qty=1]", ("shop/order[qty=1]",), True, id="brackets-are-literal"),
        pytest.param("shop/order[qty=1]", ("shop/order[*]",), True, id="star-in-brackets"),
        pytest.param("shop/order", ("shop",), False, id="no-prefix"),
        pytest.param("shop/Order", ("shop/order",), False, id="case-counts"),
        pytest.param("shop/order", ("shop/order-*",), False, id="longer"),
    ],
)
def test_where_holds_globs(case_id: str, where: tuple[str, ...], concerned: bool) -> None:
    """A row holds for the cases that one of its globs names."""
    found = matching_row(finding(), case_id, BOTH, ledger(row(where=where)))
    assert (found is not None) == concerned


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
        assert judge(seen, both).decisions == ("D-001",)
        return
    with pytest.raises(LedgerError, match="D-002 and D-001") as before:
        check_ledger(both, KNOWN, BOTH)
    assert before.value.exit_code == 2
    with pytest.raises(LedgerError, match="D-002 and D-001"):
        judge(seen, both)


def test_rows_that_are_one_only_where_a_runtime_is_missing_are_refused_in_the_run() -> None:
    """Two rows apart by a runtime that did not answer claim one finding, which only the run can show."""
    both = ledger(row(rest=("a", "c")), row("D-002", rest=("a",)))
    check_ledger(both, KNOWN, BOTH | {"c"})
    with pytest.raises(LedgerError):
        judge(result("order", cell("a"), cell("b"), cell("c", UNSUPPORTED), findings=(finding(),)), both)


def test_a_row_about_no_case_is_refused() -> None:
    """A `where` that names no known case is a ledger error with a place and a hint."""
    with pytest.raises(LedgerError, match="no case matches cellar") as caught:
        check_ledger(ledger(row(where=("cellar/*",))), KNOWN, BOTH)
    assert "decisions.yaml:3:5" in str(caught.value)
    assert caught.value.hint
    check_ledger(ledger(row(where=("cellar/*", "bank/*"))), KNOWN, BOTH)


def test_an_empty_ledger_knows_nothing() -> None:
    """Without rows no finding has one."""
    assert matching_row(finding(), "shop/order", BOTH, ledger()) is None
