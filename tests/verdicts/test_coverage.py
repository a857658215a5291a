"""What rows cover: further runtimes, codes, decided values, faults, and what a limit left out."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from conformance.model.decision import Decision, RowCoverage, RowSide
from conformance.model.finding import Finding
from conformance.model.observation import FaultKind, Observation
from conformance.model.pin import Pin, pinned_text
from conformance.model.signature import Signature
from conformance.model.verdict import Verdict
from conformance.verdicts.judgement import judge
from tests.verdicts.ledger_rows import (
    ANSWER,
    FAULT,
    SIGNATURE,
    about,
    cell,
    deciding,
    each_differs,
    finding,
    ledger,
    result,
    row,
)


def number(**changed: Any) -> Decision:
    """Return a row: b writes a number as text."""
    return row(signature=Signature("number-as-string", "$.x", "string", "number"), **changed)


def null(row_id: str = "D-002", odd: tuple[str, ...] = ("c",), **changed: Any) -> Decision:
    """Return a row: c writes null in its place."""
    return row(
        row_id, signature=Signature("number-as-string", "$.x", "null", "number"), odd=odd, **changed
    )


NUMBER = number()
THREE_SIDES = each_differs(a="number", b="string", c="null")


# A further runtime.


@pytest.mark.parametrize(
    ("fix", "odd", "rest", "left"),
    [
        pytest.param("absent", ("b",), ("a", "c"), (), id="on-the-side-that-stays"),
        pytest.param("absent", ("b", "c"), ("a",), ("c",), id="on-the-side-to-be-changed"),
        pytest.param(None, ("b",), ("a", "c"), ("c",), id="on-a-side-while-nothing-says-which"),
        pytest.param(
            None, ("b", "c"), ("a",), ("c",), id="on-the-other-side-while-nothing-says-which"
        ),
    ],
)
def test_a_further_runtime(
    fix: str | None, odd: tuple[str, ...], rest: tuple[str, ...], left: tuple[str, ...]
) -> None:
    """It is covered where it need not change.

    Else it is undecided, and the reason names the row.
    """
    seen = result("order", cell("a"), cell("b"), cell("c"), findings=(finding(odd=odd, rest=rest),))
    judged = judge(seen, ledger(row(fix=fix)))
    assert judged.verdict is (Verdict.FAILED if left else Verdict.KNOWN)
    assert judged.reason.startswith(
        "D-001 in one more runtime: c; " if left else "decided in D-001"
    )
    assert judged.partial == (((row(fix=fix),) if left else ()),)


def test_two_further_runtimes() -> None:
    """They are counted."""
    cells = [cell(name) for name in "abcd"]
    judged = judge(
        result("order", *cells, findings=(finding(odd=("b", "c", "d")),)), ledger(row(fix="absent"))
    )
    assert judged.reason.startswith("D-001 in 2 more runtimes: c, d; ")


@pytest.mark.parametrize(
    ("other", "left"), [(FaultKind.RESET, ("a",)), (FaultKind.CLOSED_BEFORE_RESPONSE, ())]
)
def test_another_fault_is_another_cause(other: FaultKind, left: tuple[str, ...]) -> None:
    """A row about a reset is about one more runtime if that resets too, and not if it closes."""
    seen = result("order", cell("a", replace(FAULT, kind=other)), cell("b", FAULT))
    assert judge(seen, ledger(fault_row())).left == (left,)


def test_a_third_fact_is_something_else() -> None:
    """A runtime that is on no side of the row is not one more that shows its difference."""
    judged = judge(
        result("order", cell("a"), cell("b"), cell("c"), findings=(THREE_SIDES,)), ledger(number())
    )
    assert judged.reason.startswith("D-001, but c shows something else; ")


# Codes, values and faults.


@pytest.mark.parametrize(
    ("written", "sent", "concerned"),
    [
        ("", "", True),
        ("GONE", "GONE", True),
        ("GONE", "LOST", False),
        ("", "LOST", False),
        ("GONE", "", False),
    ],
)
def test_a_status_has_its_code(written: str, sent: str, concerned: bool) -> None:
    """What the refusing side calls its error is part of the difference."""
    by_status = Signature("status", "status", "404", "200")
    plain = finding(signature=by_status)
    sides = tuple(
        replace(side, codes=(sent,) if side.runtimes == ("b",) else ("",) * len(side.runtimes))
        for side in plain.sides
    )
    assert about(row(signature=by_status, code=written), replace(plain, sides=sides)) == concerned


BY_VALUE = Signature("value", "$.x", "differs", "differs")


def sent(*pairs: tuple[str, str], **changed: Any) -> Finding:
    """Return a finding of values: what b and a sent, in each occurrence."""
    return finding(
        signature=BY_VALUE, sent=tuple((("a", a), ("b", b)) for b, a in pairs), **changed
    )


def pinned(*pairs: tuple[str, str]) -> Pin:
    """Return a pin of what b and a sent."""
    return Pin(values=tuple((("a", (b,)), ("b", (a,))) for b, a in pairs))


@pytest.mark.parametrize(
    ("pin", "seen", "holds"),
    [
        pytest.param(pinned(("100", "101")), sent(("100", "101")), True, id="what-was-seen"),
        pytest.param(pinned(("100", "101")), sent(("100", "-999999")), False, id="another-value"),
        pytest.param(pinned(("100", "101")), sent(("101", "100")), False, id="exchanged"),
        pytest.param(
            pinned(("1", "2"), ("3", "4")), sent(("3", "4"), ("1", "2")), True, id="several"
        ),
        pytest.param(pinned(("1", "2"), ("3", "4")), sent(("1", "4")), False, id="crossed"),
        pytest.param(pinned(("1", "2")), sent(("1", "2"), ("1", "3")), False, id="one-more"),
        pytest.param(
            pinned(("1", "2")), sent(("1", "2"), more_sent=1), False, id="more-than-is-held"
        ),
        pytest.param(
            pinned(('"é"', '"e"')),
            sent(('"\\u00e9"', '"e"')),
            True,
            id="escaped-beside-a-look-alike",
        ),
        pytest.param(
            pinned(("x" * 81, "1")),
            sent(("x" * 81, "1")),
            False,
            id="a-long-text-has-no-words-in-a-pin",
        ),
        pytest.param(
            pinned((pinned_text("x" * 81), "1")),
            sent(("x" * 81, "1")),
            True,
            id="a-long-text-by-its-digest",
        ),
        pytest.param(
            pinned((pinned_text("x" * 81), "1")),
            sent(("x" * 80 + "y", "1")),
            False,
            id="another-long-text",
        ),
        pytest.param(Pin(absolute=Decimal(1)), sent(("100", "101"), ("5", "5.5")), True, id="near"),
        pytest.param(
            Pin(absolute=Decimal(1)), sent(("100", "101"), ("5", "7")), False, id="one-not-near"
        ),
        pytest.param(Pin(relative=Decimal("0.01")), sent(("100", "101")), True, id="relative"),
        pytest.param(
            Pin(relative=Decimal("0.001")), sent(("100", "101")), False, id="not-relative"
        ),
        pytest.param(Pin(absolute=Decimal(1)), sent(('"x"', "101")), False, id="no-number"),
        pytest.param(Pin(matches="^W/"), sent(("W/1", "W/2")), True, id="pattern"),
        pytest.param(Pin(matches="^W/"), sent(("W/1", "2")), False, id="no-match"),
        pytest.param(Pin(order=True), sent(("1", "2")), False, id="no-other-order"),
        pytest.param(Pin(any=True), sent(("1", "2"), more_sent=9), True, id="any"),
        pytest.param(pinned(("1", "2")), sent(), False, id="nothing-seen"),
        pytest.param(Pin(absolute=Decimal(9)), sent(), False, id="nothing-seen-within-a-bound"),
    ],
)
def test_a_row_about_values_holds_for_what_was_decided(
    pin: Pin, seen: Finding, holds: bool
) -> None:
    """A value that leaves its pin makes the case red, and the reason names the row and the case."""
    held = row(signature=BY_VALUE, pin=pin)
    assert about(held, seen)
    judged = judge(result(findings=(seen,)), ledger(held))
    assert judged.reason.startswith(
        "decided in D-001" if holds else "D-001 reopened in shop/order: value of $.x differs: "
    )
    assert judged.verdict.red == (not holds)


def test_a_row_whose_elements_come_in_another_order() -> None:
    """What the comparison found to be another order holds for `order`, whatever the elements."""
    held = row(signature=replace(BY_VALUE, name="another-order"), pin=Pin(order=True))
    assert deciding(
        replace(finding(signature=replace(BY_VALUE, name="another-order"))),
        "shop/order",
        ledger(held),
    )


def fault_row(row_id: str = "D-001", *runtimes: str, **changed: Any) -> Decision:
    """Return a row about a fault of some runtimes."""
    side = RowSide(f"faulted {FAULT.kind.value}", runtimes or ("b",))
    return row(
        row_id,
        cause="fault",
        covers=(RowCoverage(("shop/*",), ("exchange",)),),
        sides=(side,),
        fix=None,
        **changed,
    )


@pytest.mark.parametrize(
    ("seen", "rows", "known"),
    [
        pytest.param((ANSWER, FAULT), (fault_row(),), True, id="one-runtime"),
        pytest.param((FAULT, FAULT), (fault_row(),), False, id="a-second-runtime"),
        pytest.param((FAULT, FAULT), (fault_row("D-001", "a", "b"),), True, id="all-in-one-row"),
        pytest.param((FAULT, FAULT), (fault_row(), fault_row("D-002", "a")), True, id="a-row-each"),
        pytest.param((FAULT, ANSWER), (fault_row(),), False, id="another-runtime"),
    ],
)
def test_a_fault_is_decided_for_the_runtimes_that_have_it(
    seen: tuple[Observation, Observation], rows: tuple[Decision, ...], known: bool
) -> None:
    """A decided fault makes the case known, never passed; an undecided one makes it errored."""
    judged = judge(result("order", cell("a", seen[0]), cell("b", seen[1])), ledger(*rows))
    assert judged.verdict is (Verdict.KNOWN if known else Verdict.ERRORED)


def test_what_a_limit_left_out_is_covered_by_a_row_about_everything_only() -> None:
    """More differences than are held are red, unless a row that grows has the whole body.

    It covers those that were looked at, and none that were only counted.
    """
    folded = (finding(),) * 50
    many = replace(result().comparison, findings=(finding(),), more_findings=50, folded=folded)
    seen = replace(result(), comparison=many)
    assert (
        judge(seen, ledger(row())).reason
        == "50 more differences in this case: too many to decide one by one"
    )
    whole = row(signature=replace(SIGNATURE, path="$.**"))
    assert judge(seen, ledger(whole)).verdict is Verdict.KNOWN
    assert judge(seen, ledger(replace(whole, grows=False))).verdict is Verdict.FAILED
    counted = replace(seen, comparison=replace(many, more_findings=51))
    assert judge(counted, ledger(whole)).verdict is Verdict.FAILED
