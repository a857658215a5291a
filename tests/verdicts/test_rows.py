"""What a run says about each row."""

import datetime as dt

import pytest
from msgspec.structs import replace

from conformance.model.decision import Decision, DecisionState, RowCoverage
from conformance.model.finding import Finding
from conformance.model.observation import Observation
from conformance.model.verdict import RowState, Uncompared
from conformance.verdicts.judgement import judge
from conformance.verdicts.rows import RowTally, review_warnings
from tests.verdicts.ledger_rows import (
    ANSWER,
    FAULT,
    NOT_REACHED,
    SIGNATURE,
    UNSUPPORTED,
    cell,
    done,
    each_differs,
    finding,
    ledger,
    result,
    row,
    verdict,
)

SHOWS = result(findings=(finding(),))
GONE = result("refund")
HELD = ledger(row())

# Rule 4: testable.


@pytest.mark.parametrize(
    ("seen", "testable"),
    [
        pytest.param((ANSWER,), True, id="answered"),
        pytest.param((FAULT,), False, id="faulted"),
        pytest.param((UNSUPPORTED,), False, id="unsupported"),
        pytest.param((ANSWER, NOT_REACHED), False, id="not-to-the-end"),
    ],
)
def test_a_case_is_testable_with_an_answer_on_both_sides(
    seen: tuple[Observation, ...], testable: bool
) -> None:
    """A case without a full answer on one side says nothing about the row."""
    others = (ANSWER,) * len(seen)
    state = verdict(HELD, result("order", cell("a", *others), cell("b", *seen))).state
    assert state is (RowState.STALE if testable else RowState.NOT_EXERCISED)


def test_a_fault_on_no_side_makes_a_case_untestable() -> None:
    """Any faulted cell takes the case out, even one that the row does not name."""
    faulted = result("order", cell("a"), cell("b"), cell("z", FAULT))
    assert verdict(HELD, faulted).state is RowState.NOT_EXERCISED


def test_cases_outside_where_are_no_exercise() -> None:
    """A row is judged by the cases of its `where` alone."""
    held = ledger(row(where=("shop/other",)))
    assert verdict(held, GONE, SHOWS).state is RowState.NOT_EXERCISED


# Rule 6: stale.


def test_a_row_is_stale_when_all_its_cases_were_tested_and_none_shows_it() -> None:
    """No match in any case of `where`, all selected and testable: the row is stale, and red."""
    seen = verdict(HELD, GONE, result("order"))
    assert (seen.state, seen.red, seen.cases) == (RowState.STALE, True, ())


def test_a_row_that_all_its_cases_show_is_matched() -> None:
    """A row is matched by the cases that show it."""
    seen = verdict(HELD, SHOWS, result("refund", findings=(finding(),)))
    assert (seen.state, seen.red, seen.cases, seen.covers) == (
        RowState.MATCHED,
        False,
        ("shop/order", "shop/refund"),
        (),
    )


@pytest.mark.parametrize(
    ("held", "state", "hidden_by"),
    [
        pytest.param(row(), RowState.STALE, ("a rule",), id="open"),
        pytest.param(done(), RowState.SUSPENDED, (), id="done"),
    ],
)
def test_a_rule_that_accepts_what_a_row_is_about_is_named(
    held: Decision, state: RowState, hidden_by: tuple[str, ...]
) -> None:
    """One of them is too much: the row may go; a fix is not proven by it."""
    apart = Uncompared(
        step=0, runtimes=("a", "b"), places=("$.ship_to",) * 2, why="accepted", rule="a rule"
    )
    comparison = replace(SHOWS.comparison, findings=(), uncompared=(apart,))
    seen = verdict(ledger(held), result("order", comparison=comparison))
    assert (seen.state, seen.hidden_by) == (state, hidden_by)


def test_a_filter_suspends_stale() -> None:
    """A case of `where` that was not selected might still show it.

    One of another row does not count.
    """
    assert verdict(HELD, GONE, unselected=frozenset({"shop/order"})).state is RowState.SUSPENDED
    assert verdict(HELD, GONE, unselected=frozenset({"bank/order"})).state is RowState.STALE


def test_a_fault_suspends_stale() -> None:
    """A case of `where` that could not be judged might still show it."""
    faulted = result("order", cell("a"), cell("b", FAULT))
    assert verdict(HELD, GONE, faulted).state is RowState.SUSPENDED


def test_an_unfinished_run_suspends_stale() -> None:
    """A run without its end has not tested all."""
    seen = verdict(HELD, GONE, finished=False)
    assert (seen.state, seen.red) == (RowState.SUSPENDED, False)


def test_other_filters_do_not_hide_a_match() -> None:
    """A match counts in a filtered or unfinished run too."""
    assert (
        verdict(HELD, SHOWS, unselected=frozenset({"shop/x"}), finished=False).state
        is RowState.MATCHED
    )


# Rule 7: narrowed.


IN_BOTH = ledger(row(where=("shop/order", "shop/refund")))


def test_a_row_that_only_some_cases_show_is_narrowed() -> None:
    """One case of `where` lacks the difference: the row warns with what is left, and is not red."""
    seen = verdict(IN_BOTH, GONE, SHOWS)
    assert (seen.state, seen.red, seen.cases) == (RowState.NARROWED, False, ("shop/order",))
    assert seen.covers == (RowCoverage(("shop/order",), ("$.ship_to",)),)
    assert seen.reason == "seen in only 1 of its 2 cases; it now covers $.ship_to in shop/order"


def test_a_row_that_only_some_places_show_is_narrowed() -> None:
    """A place that a case no longer shows is named like a case: the rest has places by case."""
    other = finding(signature=replace(SIGNATURE, path="$.bill_to"))
    both = (RowCoverage(("shop/order", "shop/refund"), ("$.bill_to", "$.ship_to")),)
    cases = (result(findings=(finding(), other)), result("refund", findings=(finding(),)))
    seen = verdict(ledger(row(covers=both, grows=False)), *cases)
    assert seen.state is RowState.NARROWED
    assert seen.covers == (
        RowCoverage(("shop/order",), ("$.bill_to", "$.ship_to")),
        RowCoverage(("shop/refund",), ("$.ship_to",)),
    )
    assert seen.reason.startswith("seen at only 3 of its 4 places; it now covers ")
    assert verdict(ledger(row(covers=seen.covers, grows=False)), *cases).state is RowState.MATCHED


def test_a_row_that_grows_is_narrowed_by_its_patterns() -> None:
    """A pattern that nothing shows any more is taken out.

    A case without the difference does not count.
    """
    held = ledger(row(where=("shop/or*", "shop/re*")))
    assert verdict(HELD, GONE, SHOWS).state is RowState.MATCHED
    seen = verdict(held, GONE, SHOWS)
    assert (seen.state, seen.covers) == (
        RowState.NARROWED,
        (RowCoverage(("shop/or*",), ("$.ship_to",)),),
    )


@pytest.mark.parametrize("finished", [True, False])
def test_what_suspends_stale_suspends_narrowed(finished: bool) -> None:
    """A case that was left out or has no answer might still show it."""
    held = ledger(row(where=("shop/order", "shop/refund", "shop/late")))
    left_out = frozenset({"shop/late"}) if finished else frozenset[str]()
    assert (
        verdict(held, GONE, SHOWS, unselected=left_out, finished=finished).state is RowState.MATCHED
    )
    faulted = result("late", cell("a"), cell("b", FAULT))
    assert verdict(held, GONE, SHOWS, faulted).state is RowState.MATCHED


PARTED = each_differs("member", "$.ship_to", a="present", b="absent", c="null")


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(PARTED, id="third-side"),
        pytest.param(finding(odd=("b", "c")), id="one-more-on-a-side"),
    ],
)
def test_a_further_runtime_makes_no_true_row_stale(seen: Finding) -> None:
    """The case is red for what is undecided.

    The row is matched where open, and where done its difference is back.
    """
    case = result("order", cell("a"), cell("b"), cell("c"), findings=(seen,))
    assert judge(case, HELD).decisions == ((),)
    assert verdict(HELD, case).state is RowState.MATCHED
    assert verdict(ledger(done()), case).state is RowState.REGRESSED


# Rule 9: done.


def test_a_done_row_holds_while_the_difference_is_gone() -> None:
    """A done row that no case shows holds."""
    assert verdict(ledger(done()), GONE).state is RowState.HOLDS


def test_a_recording_does_not_prove_a_fix() -> None:
    """Where the fixed side is recorded, a done row whose difference is gone is not said to hold."""
    row_done = done()
    odd, rest = (side.runtimes[0] for side in row_done.sides)
    recorded = verdict(ledger(row_done), result("order", cell(rest), cell(odd, live=False)))
    proven = verdict(ledger(row_done), result("order", cell(rest, live=False), cell(odd)))
    assert (recorded.state, recorded.red) == (RowState.SUSPENDED, False)
    assert recorded.reason == "no match, but the side to be fixed is a recording"
    assert proven.state is RowState.HOLDS


def test_a_done_row_that_matches_is_a_regression() -> None:
    """The difference of a done row is back: the row is red, and names its commit and cases."""
    seen = verdict(ledger(done()), SHOWS, GONE)
    assert (seen.state, seen.red, seen.cases) == (RowState.REGRESSED, True, ("shop/order",))
    assert "repo@abcdef1" in seen.reason


def test_a_done_row_that_was_not_exercised_says_so() -> None:
    """Without an answer on both sides nothing is known of a done row."""
    assert (
        verdict(ledger(done()), result("order", cell("a"), cell("c"))).state
        is RowState.NOT_EXERCISED
    )


def test_an_open_row_goes_before_a_done_one() -> None:
    """A difference that came back and was written down again is known by its new row."""
    assert judge(SHOWS, ledger(done(), row("D-002"))).decisions == (("D-002",),)


# Rule 10: recordings.


@pytest.mark.parametrize(
    ("live", "state"),
    [
        pytest.param((True, True), RowState.STALE, id="both-live"),
        pytest.param((True, False), RowState.STALE, id="one-live"),
        pytest.param((False, True), RowState.STALE, id="the-other-live"),
        pytest.param((False, False), RowState.SUSPENDED, id="none-live"),
    ],
)
def test_stale_needs_a_live_side(live: tuple[bool, bool], state: RowState) -> None:
    """Two recordings say nothing about today: a row that neither shows is not stale."""
    cells = cell("a", live=live[0]), cell("b", live=live[1])
    assert verdict(HELD, result("order", *cells)).state is state


def test_a_live_third_party_makes_no_side_live() -> None:
    """Only the runtimes that the row names count as its sides."""
    cells = cell("a", live=False), cell("b", live=False), cell("z")
    assert verdict(HELD, result("order", *cells)).state is RowState.SUSPENDED


def test_recordings_count_for_known() -> None:
    """A difference between two recordings matches its row."""
    cells = cell("a", live=False), cell("b", live=False)
    assert verdict(HELD, result("order", *cells, findings=(finding(),))).state is RowState.MATCHED


# All rows, and their reviews.


def test_every_row_has_a_verdict_in_the_order_of_the_file() -> None:
    """The verdicts on rows are complete and in file order."""
    rows = ledger(row("D-003"), row("D-001", where=("bank/*",)), done("D-002", where=("shop/x",)))
    tally = RowTally(rows, ())
    tally.add(SHOWS, judge(SHOWS, rows))
    states = [(seen.decision_id, seen.state) for seen in tally.verdicts(finished=True)]
    assert states == [
        ("D-003", RowState.MATCHED),
        ("D-001", RowState.NOT_EXERCISED),
        ("D-002", RowState.NOT_EXERCISED),
    ]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        pytest.param(15, None, id="15-days"),
        pytest.param(14, "(in 14 days)", id="14-days"),
        pytest.param(1, "(in 1 day)", id="1-day"),
        pytest.param(0, "(today)", id="today"),
        pytest.param(-1, "(1 day ago)", id="yesterday"),
        pytest.param(-30, "(30 days ago)", id="overdue"),
    ],
)
def test_reviews_warn_from_two_weeks_before(days: int, said: str | None) -> None:
    """A review that is near or overdue is a warning with the row, the day and the owner."""
    today = dt.date(2026, 11, 23)
    warnings = list(review_warnings(ledger(row(review_by=today + dt.timedelta(days=days))), today))
    assert len(warnings) == (said is not None)
    if said is not None:
        assert warnings[0].startswith("D-001: review by ")
        assert said in warnings[0]
        assert "somebody" in warnings[0]


def test_rows_without_a_review_or_already_done_do_not_warn() -> None:
    """Only a decision that still stands is looked at again."""
    today = dt.date(2026, 11, 23)
    rows = ledger(
        row(),
        done("D-002", review_by=today),
        row("D-003", state=DecisionState.ACCEPTED, review_by=today),
    )
    assert [warning[:5] for warning in review_warnings(rows, today)] == ["D-003"]
