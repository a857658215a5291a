"""Whether a case compared what a row is about, at one of the row's places."""

import pytest
from msgspec.structs import replace

from conformance.model.decision import Decision
from conformance.model.own_difference import OwnDifference
from conformance.model.request import Request
from conformance.model.signature import Signature
from conformance.model.verdict import ExpectationFailure, Uncompared
from conformance.verdicts.compared_places import look_at
from conformance.verdicts.shown_places import ONLY_REFUSALS
from tests.comparison.differences import answer
from tests.verdicts.ledger_rows import FAULT, SIGNATURE, cell, finding, result, row

BODY = answer('{"x": {"y": 1}, "z": [{"y": 1}]}')
REQUESTS = (Request(method="GET", target="/"),) * 2
UNMET = ExpectationFailure(step=0, runtime="b", wanted="status 200", got="404")
CHANGING = finding(signature=replace(SIGNATURE, path="$.x"))


@pytest.mark.parametrize(
    ("place", "why"),
    [
        pytest.param("$.x", "b differs by itself there", id="the-place"),
        pytest.param("$.x.y", "b differs by itself there", id="below"),
        pytest.param("$.z", "", id="beside"),
        pytest.param("$.*", "", id="a-pattern-that-stands-for-others-too"),
    ],
)
def test_nothing_is_known_of_what_changes_by_itself(place: str, why: str) -> None:
    """That one runtime has another value there each time says nothing of the others' places."""
    own = OwnDifference(runtime="b", finding=CHANGING)
    seen = result("order", cell("a", BODY), cell("b", BODY), own_differences=(own,))
    about = row(signature=Signature("type", place, "string", "number"))
    look = look_at(about, place, seen, ())
    assert (look.compared, look.why) == (not why, why)


@pytest.mark.parametrize(("step", "compared"), [(0, False), (1, True)])
def test_what_changes_in_another_step_says_nothing(step: int, compared: bool) -> None:
    """The place of a row is one of its step."""
    own = OwnDifference(runtime="b", finding=replace(CHANGING, step=step))
    cells = (cell("a", BODY, BODY), cell("b", BODY, BODY))
    seen = result("order", *cells, requests=REQUESTS, own_differences=(own,))
    about = row(signature=Signature("type", "step 1: $.x", "string", "number"))
    assert look_at(about, "step 1: $.x", seen, ()).compared == compared


def test_one_side_alone_is_compared_with_nobody() -> None:
    """A side that did not answer leaves nothing to say, and no rule that hides it."""
    seen = result("order", cell("a", BODY), cell("b", FAULT))
    look = look_at(row(signature=replace(SIGNATURE, path="$.x")), "$.x", seen, ())
    assert (look.compared, look.why, look.rules) == (False, "", ())


@pytest.mark.parametrize(
    ("step", "runtimes", "compared"),
    [
        pytest.param(0, ("a", "b"), False, id="there"),
        pytest.param(0, ("a", "c"), True, id="others"),
        pytest.param(1, ("a", "b"), True, id="another-step"),
    ],
)
def test_what_two_sides_were_not_compared_in_is_not_gone(
    step: int, runtimes: tuple[str, str], compared: bool
) -> None:
    """A rule that accepts what two runtimes have there is named."""
    apart = Uncompared(
        step=step, runtimes=runtimes, places=("$.x", "$.x"), why="accepted", rule="a rule"
    )
    seen = result("order", cell("a", BODY), cell("b", BODY))
    seen = replace(seen, comparison=replace(seen.comparison, uncompared=(apart,)))
    look = look_at(row(signature=replace(SIGNATURE, path="$.x")), "$.x", seen, ())
    said = (True, "", ()) if compared else (False, "accepted", ("a rule",))
    assert (look.compared, look.why, look.rules) == said


@pytest.mark.parametrize(
    ("expected", "unmet", "why"),
    [
        pytest.param(True, (), "", id="as-demanded"),
        pytest.param(False, (), ONLY_REFUSALS, id="nothing-demanded"),
        pytest.param(True, (UNMET,), ONLY_REFUSALS, id="not-as-demanded"),
    ],
)
def test_refusals_show_something_where_they_are_demanded(
    expected: bool, unmet: tuple[ExpectationFailure, ...], why: str
) -> None:
    """A case that says what its answers must be has what it asked for, if they are so."""
    refused = answer(status=404)
    cells = (cell("a", refused), cell("b", refused))
    seen = result("order", *cells, expected=expected, expectation_failures=unmet)
    held = row(signature=Signature("header", "header etag", "absent", "present"))
    look = look_at(held, "header etag", seen, ())
    assert (look.compared, look.why) == (not why, why)


@pytest.mark.parametrize(
    ("held", "compared"),
    [
        pytest.param(row(signature=Signature("type", "$.x", "string", "null")), True, id="type"),
        pytest.param(row(signature=Signature("value", "$.x", "1", "2")), False, id="value"),
        pytest.param(
            row(signature=Signature("number-as-string", "$.x", "differs", "differs")),
            False,
            id="pinned",
        ),
    ],
)
def test_where_the_shape_alone_was_compared(held: Decision, compared: bool) -> None:
    """A row that holds for values says nothing of them there, and any other is shown."""
    apart = Uncompared(
        step=0, runtimes=("a", "b"), places=("$.x", "$.x"), why="shape alone", values=True
    )
    seen = result("order", cell("a", BODY), cell("b", BODY))
    seen = replace(seen, comparison=replace(seen.comparison, uncompared=(apart,)))
    assert look_at(held, "$.x", seen, ()).compared == compared
