"""What a run says about each row."""

import datetime as dt
from dataclasses import replace
from itertools import combinations

import pytest

from conformance.comparison.difference import DIFFERS
from conformance.model.decision import Coverage, Decision, DecisionState, RowSide
from conformance.model.finding import Facet, Finding, Signature
from conformance.model.observation import Observation
from conformance.model.pin import Pin
from conformance.model.verdict import RowState
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
    of_sides,
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
def test_a_case_is_testable_with_an_answer_on_both_sides(seen: tuple[Observation, ...], testable: bool) -> None:
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


def test_a_filter_suspends_stale() -> None:
    """A case of `where` that was not selected might still show it; one of another row does not count."""
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
    assert verdict(HELD, SHOWS, unselected=frozenset({"shop/x"}), finished=False).state is RowState.MATCHED


# Rule 7: narrowed.


IN_BOTH = ledger(row(where=("shop/order", "shop/refund")))


def test_a_row_that_only_some_cases_show_is_narrowed() -> None:
    """One case of `where` no longer shows it: the row warns with what it has left, and is not red."""
    seen = verdict(IN_BOTH, GONE, SHOWS)
    assert (seen.state, seen.red, seen.cases) == (RowState.NARROWED, False, ("shop/order",))
    assert seen.covers == (Coverage(("shop/order",), ("$.ship_to",)),)
    assert seen.reason == "seen in only 1 of its 2 cases; it now covers $.ship_to in shop/order"


def test_a_row_that_only_some_places_show_is_narrowed() -> None:
    """A place that a case no longer shows is named like a case: what is left has its places by case."""
    other = finding(signature=replace(SIGNATURE, path="$.bill_to"))
    both = (Coverage(("shop/order", "shop/refund"), ("$.bill_to", "$.ship_to")),)
    cases = (result(findings=(finding(), other)), result("refund", findings=(finding(),)))
    seen = verdict(ledger(row(covers=both, grows=False)), *cases)
    assert seen.state is RowState.NARROWED
    assert seen.covers == (
        Coverage(("shop/order",), ("$.bill_to", "$.ship_to")),
        Coverage(("shop/refund",), ("$.ship_to",)),
    )
    assert seen.reason.startswith("seen at only 3 of its 4 places; it now covers ")
    assert verdict(ledger(row(covers=seen.covers, grows=False)), *cases).state is RowState.MATCHED


def test_a_row_that_grows_is_narrowed_by_its_patterns() -> None:
    """A pattern that nothing shows any more is taken out; a case without the difference does not count."""
    held = ledger(row(where=("shop/or*", "shop/re*")))
    assert verdict(HELD, GONE, SHOWS).state is RowState.MATCHED
    seen = verdict(held, GONE, SHOWS)
    assert (seen.state, seen.covers) == (RowState.NARROWED, (Coverage(("shop/or*",), ("$.ship_to",)),))


@pytest.mark.parametrize("finished", [True, False])
def test_what_suspends_stale_suspends_narrowed(finished: bool) -> None:
    """A case that was left out or has no answer might still show it."""
    held = ledger(row(where=("shop/order", "shop/refund", "shop/late")))
    left_out = frozenset({"shop/late"}) if finished else frozenset[str]()
    assert verdict(held, GONE, SHOWS, unselected=left_out, finished=finished).state is RowState.MATCHED
    faulted = result("late", cell("a"), cell("b", FAULT))
    assert verdict(held, GONE, SHOWS, faulted).state is RowState.MATCHED


# Rule 8: reopened.

CHANGED = Signature("type", "$.ship_to", "object", "string")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(finding(signature=CHANGED), id="two-sides"),
        pytest.param(finding(signature=CHANGED, rest=("a", "c")), id="a-runtime-that-it-does-not-name"),
        pytest.param(
            of_sides(
                ((("a",), "number"), (("c",), "array")),
                ((("b",), "object"), (("a",), "string")),
                ((("b",), "object"), (("c",), "array")),
                name="type",
                place="$.ship_to",
            ),
            id="a-third-side",
        ),
    ],
)
def test_a_row_whose_difference_has_changed_is_reopened(changed: Finding) -> None:
    """Nothing shows it, but its runtimes differ in another way there: one message, red, with what it is now."""
    seen = verdict(HELD, result("order", cell("a"), cell("b"), cell("c"), findings=(changed,)), GONE)
    assert (seen.state, seen.red, seen.became) == (RowState.REOPENED, True, CHANGED)
    assert seen.reason == (
        "its difference has changed and is now type@$.ship_to (object | string) in shop/order: "
        "fix the row, or decide again"
    )


def test_a_row_that_other_cases_still_show_is_reopened_in_the_one() -> None:
    """The case is red, and says so; the other cases of the row stay known."""
    cases = (result(findings=(finding(signature=CHANGED),)), result("refund", findings=(finding(),)))
    judged = [judge(case, HELD) for case in cases]
    assert [each.verdict.value for each in judged] == ["failed", "known"]
    assert judged[0].reason.startswith("D-001 reopened in shop/order: type of $.ship_to differs: ")
    seen = verdict(HELD, *cases)
    assert (seen.state, seen.cases) == (RowState.REOPENED, ("shop/refund",))


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param(finding(signature=replace(CHANGED, path="$.bill_to")), id="another-path"),
        pytest.param(finding(signature=CHANGED, odd=("c",)), id="another-split"),
    ],
)
def test_a_difference_of_another_place_or_split_reopens_nothing(elsewhere: Finding) -> None:
    """Such a finding is news, and the row is stale: two things to look at."""
    cells = cell("a"), cell("b"), cell("c")
    seen = verdict(HELD, result("order", *cells, findings=(elsewhere,)))
    assert (seen.state, seen.became) == (RowState.STALE, None)


def test_a_finding_with_a_row_of_its_own_reopens_nothing() -> None:
    """A changed difference that is already decided leaves the old row stale."""
    rows = ledger(row(), row("D-002", signature=CHANGED))
    assert verdict(rows, result(findings=(finding(signature=CHANGED),))).state is RowState.STALE


# Runtimes that have changed sides.

THREE = row(signature=Signature("type", "$.x", "string", "number"), odd=("b",), rest=("a",), fix=None)
THREE = replace(THREE, sides=(*THREE.sides, RowSide("null", ("c",))))
PINNED = row(signature=Signature("value", "$.x", DIFFERS, DIFFERS), odd=("b",), rest=("a", "c"), fix=None)
PINNED = replace(PINNED, pin=Pin(values=((("a", ("2",)), ("b", ("1",))),)))


def values(**sent: str) -> Finding:
    """Return a finding about a value: runtimes that sent the same stand on one side."""
    sides: dict[str, list[str]] = {}
    for name, value in sent.items():
        sides.setdefault(value, []).append(name)
    pairs = combinations([(tuple(names), DIFFERS) for names in sides.values()], 2)
    return replace(of_sides(*pairs, name="value", place="$.x", facet=Facet.VALUE), sent=(tuple(sent.items()),))


def types(*sides: tuple[tuple[str, ...], str]) -> Finding:
    """Return a finding about types."""
    return of_sides(*combinations(sides, 2), name="type", place="$.x")


@pytest.mark.parametrize(
    ("held", "now", "says"),
    [
        pytest.param(
            THREE,
            types((("a", "c"), "number"), (("b",), "string")),
            "c has moved to the side of a, and b, a still differ",
            id="one-has-moved",
        ),
        pytest.param(
            THREE,
            types((("a",), "number"), (("b", "c"), "array")),
            "b, c no longer differ",
            id="two-meet-elsewhere",
        ),
        pytest.param(
            PINNED,
            values(a="1", b="2", c="3"),
            "c now differs from a, and b, a still differ",
            id="one-has-left",
        ),
        pytest.param(
            PINNED,
            values(a="1", b="2", c="2"),
            "c has moved to the side of b, and c now differs from a, and b, a still differ",
            id="one-has-gone-over",
        ),
        pytest.param(
            PINNED,
            values(a="3", b="2", c="4"),
            "a, c now differ from each other",
            id="nobody-is-where-they-were",
        ),
    ],
)
def test_a_row_whose_runtimes_have_changed_sides_is_reopened(held: Decision, now: Finding, says: str) -> None:
    """Two of its sides still differ, so it is not stale; who stands elsewhere is named, and who still differs."""
    case = result("order", cell("a"), cell("b"), cell("c"), findings=(now,))
    seen = verdict(ledger(replace(held, grows=False, covers=(Coverage(("shop/order",), ("$.x",)),))), case)
    assert (seen.state, seen.reason) == (
        RowState.REOPENED,
        f"in shop/order {says}: fix the row, or decide again",
    )


def test_a_row_is_stale_when_nothing_parts_its_runtimes() -> None:
    """A further runtime differs from all that the row names, which agree: the row has nothing left."""
    now = types((("a", "b", "c"), "number"), (("d",), "string"))
    case = result("order", *map(cell, "abcd"), findings=(now,))
    assert verdict(ledger(replace(THREE, covers=(Coverage(("shop/order",), ("$.x",)),))), case).state is RowState.STALE


# A row about a part of a finding.

PARTED = each_differs("member", "$.ship_to", a="present", b="absent", c="null")


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(PARTED, id="third-side"),
        pytest.param(finding(odd=("b", "c")), id="one-more-on-a-side"),
    ],
)
def test_a_further_runtime_makes_no_true_row_stale(seen: Finding) -> None:
    """The case is red for what is undecided; the row is matched where open, and where done its difference is back."""
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
    assert verdict(ledger(done()), result("order", cell("a"), cell("c"))).state is RowState.NOT_EXERCISED


def test_an_open_row_goes_before_a_done_one() -> None:
    """A difference that came back and was written down anew is known by its new row."""
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
    rows = ledger(row(), done("D-002", review_by=today), row("D-003", state=DecisionState.ACCEPTED, review_by=today))
    assert [warning[:5] for warning in review_warnings(rows, today)] == ["D-003"]
