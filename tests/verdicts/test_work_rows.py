"""What a run says about rows that are about faults, and about rows that are work."""

import pytest
from msgspec.structs import replace

from conformance.model.decision import (
    Decision,
    DecisionKind,
    DecisionState,
    RowCoverage,
    WorkEvidence,
)
from conformance.model.verdict import CaseResult, RowState
from tests.verdicts.ledger_rows import (
    FAULT,
    SIGNATURE,
    UNSUPPORTED,
    cell,
    finding,
    ledger,
    result,
    row,
    verdict,
)

SHOWS = result(findings=(finding(),))


def test_a_case_with_a_decided_fault_is_testable_for_its_row() -> None:
    """A fault that shows again matches its row, and one that is gone makes the row stale."""
    side = row(signature=replace(SIGNATURE, odd="faulted reset")).sides[0]
    held = ledger(
        row(cause="fault", covers=(RowCoverage(("shop/order",), ("exchange",)),), sides=(side,))
    )
    assert verdict(held, result("order", cell("a"), cell("b", FAULT))).state is RowState.MATCHED
    assert verdict(held, result("order", cell("a"), cell("b"))).state is RowState.STALE
    assert (
        verdict(held, result("order", cell("a"), cell("b", UNSUPPORTED))).state
        is RowState.NOT_EXERCISED
    )


def work(*runtimes: str, state: DecisionState = DecisionState.DONE) -> Decision:
    """Return a row that is work, shown by two cases."""
    shown = WorkEvidence(cases=("shop/order", "shop/refund"), runtimes=runtimes)
    return row(
        kind=DecisionKind.WORK,
        state=state,
        cause="",
        covers=(),
        sides=(),
        fix=None,
        evidence=(shown,),
    )


BOTH_PASS = (result("order", cell("a"), cell("b")), result("refund", cell("a"), cell("b")))


@pytest.mark.parametrize(
    ("held", "cases", "state", "reason"),
    [
        pytest.param(work("b"), BOTH_PASS, RowState.HOLDS, "shown by 2 cases", id="holds"),
        pytest.param(
            work("a", "b"),
            (SHOWS, BOTH_PASS[1]),
            RowState.REGRESSED,
            "done, and shop/order ",
            id="differs",
        ),
        pytest.param(
            work("a"),
            (SHOWS, BOTH_PASS[1]),
            RowState.HOLDS,
            "shown by 2 cases",
            id="one-runtime-alone",
        ),
        pytest.param(
            work("b"),
            BOTH_PASS[:1],
            RowState.NOT_EXERCISED,
            "not shown by this run",
            id="one-left-out",
        ),
        pytest.param(
            work("c"),
            BOTH_PASS,
            RowState.NOT_EXERCISED,
            "not shown by this run",
            id="another-runtime",
        ),
        pytest.param(
            work("b"),
            (BOTH_PASS[0], result("refund", cell("a"), cell("b", live=False))),
            RowState.NOT_EXERCISED,
            "not shown by this run",
            id="recorded",
        ),
        pytest.param(
            work("b"),
            (BOTH_PASS[0], result("refund", cell("a"), cell("b", FAULT))),
            RowState.REGRESSED,
            "done, and shop/refund ",
            id="faults",
        ),
        pytest.param(
            work("a", "b", state=DecisionState.OPEN),
            (SHOWS, BOTH_PASS[1]),
            RowState.NOT_EXERCISED,
            "work in progress: shop/order does not pass yet",
            id="open",
        ),
    ],
)
def test_work_is_shown_by_its_cases(
    held: Decision, cases: tuple[CaseResult, ...], state: RowState, reason: str
) -> None:
    """All cases of its evidence must pass, live, on the runtimes that it names.

    A part of them says nothing.
    """
    left_out = frozenset({"shop/refund"}) if len(cases) == 1 else frozenset[str]()
    seen = verdict(ledger(held), *cases, unselected=left_out)
    assert seen.state is state
    assert seen.reason.startswith(reason)
