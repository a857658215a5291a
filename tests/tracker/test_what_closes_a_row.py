"""A row is stale, and can be done, only where its place was compared and nothing differs there."""

from pathlib import Path

import pytest

from tests.cli.warm_command import WarmCommand
from tests.miniatures.faulty import resets, says
from tests.miniatures.server import always
from tests.tracker.small_shop import CASE, GIVEN, SmallShop, row_line

RULE = "rules: [{{path: $.w, is: string, why: any text}}]\n"


@pytest.fixture
def small(tmp_path: Path, command: WarmCommand) -> SmallShop:
    """Return a shop with one case."""
    shop = SmallShop(tmp_path, command)
    shop.write()
    return shop


@pytest.fixture
def decided(small: SmallShop) -> SmallShop:
    """Return a shop in which it is decided that b sends 20 in place of 1, and b is to change."""
    small.run(a=always({"v": 1}), b=always({"v": 20}))
    assert small.decide("--all", "--fix", "b", *GIVEN)[0] == 0
    return small


def test_another_status_is_no_fix(decided: SmallShop) -> None:
    """Where the statuses differ nothing else is compared, so the row is not closed."""
    _, said = decided.run(a=always({"v": 1}), b=always({"v": 20}, 500))
    assert row_line(said) == (
        "D-001 not exercised: no selected case compared two of its sides at its place: their "
        "statuses differ"
    )
    code, refused = decided.done("b@1a2b3c4")
    assert (code, "D-001 is not exercised in run" in refused) == (2, True), refused


@pytest.mark.parametrize(
    "body",
    [
        pytest.param([{"v": 20}], id="a-list"),
        pytest.param("20", id="a-text"),
    ],
)
def test_another_type_above_is_no_fix(decided: SmallShop, body: object) -> None:
    """A body that differs above the place has no place to compare."""
    _, said = decided.run(a=always({"v": 1}), b=always(body))
    assert "D-001 stale" not in said
    assert decided.done("b@1a2b3c4")[0] == 2


def test_a_lower_level_is_no_fix(decided: SmallShop) -> None:
    """A case whose shapes alone are compared shows nothing of a value."""
    decided.write(CASE.format(rules="").replace("compare: value", "compare: shape"))
    _, said = decided.run(a=always({"v": 1}), b=always({"v": 20}))
    assert "D-001 not exercised" in said
    assert "only the shapes of bodies are compared in this case" in said
    assert decided.done("b@1a2b3c4")[0] == 2


def test_many_rows_behind_one_status(small: SmallShop) -> None:
    """Another runtime's failure closes none of many rows."""
    members = {f"m{number}": number for number in range(12)}
    other = {name: value + 100 for name, value in members.items()}
    small.run(a=always(members), b=always(members), c=always(other))
    small.decide("--all", "--fix", "c", *GIVEN)
    _, said = small.run("--verbose", a=always(members), b=always(members), c=always(other, 500))
    assert (said.count(" not exercised: "), " stale: " in said) == (12, False), said


def test_a_side_to_be_fixed_that_was_not_compared_keeps_the_row_open(small: SmallShop) -> None:
    """Of two runtimes to be changed one is right now, and the other fails: that is not done."""
    small.run(a=always({"v": 1}), b=always({}), c=always({}))
    small.decide("--all", "--fix", "b", *GIVEN)
    _, said = small.run(a=always({"v": 1}), b=always({"v": 1}), c=always({}, 500))
    assert "D-001 stale" not in said
    assert small.done("b@1a2b3c4")[0] == 2
    small.run(a=always({"v": 1}), b=always({"v": 1}))
    code, refused = small.done("b@1a2b3c4")
    assert (code, "c has no part in run" in refused) == (2, True), refused


def test_a_rule_that_hides_the_difference_is_no_fix(small: SmallShop) -> None:
    """Stale names the rule that accepts the difference now, and the row cannot be done."""
    small.run(a=always({"w": "x"}), b=always({"w": "y"}))
    small.decide("--all", "--fix", "b", *GIVEN)
    small.write(CASE.format(rules=RULE.format()))
    code, said = small.run(a=always({"w": "x"}), b=always({"w": "y"}))
    assert code == 1
    assert row_line(said) == (
        "D-001 stale: the rule cases/shop.yaml:3:9: $.w accepts what differs at its place in 1 "
        "case, such as shop/one: remove the row, or correct the rule"
    )
    code, refused = small.done("b@1a2b3c4")
    assert (code, "the rule cases/shop.yaml:3:9: $.w accepts" in refused) == (2, True), refused


def test_an_empty_list_is_no_fix(small: SmallShop) -> None:
    """Where a list has no elements any more, nothing shows what b would send in one."""
    small.run(a=always({"items": [{"v": 1}]}), b=always({"items": [{"v": 20}]}))
    small.decide("--all", "--fix", "b", *GIVEN)
    _, said = small.run(a=always({"items": []}), b=always({"items": []}))
    assert row_line(said) == (
        "D-001 not exercised: no selected case compared two of its sides at its place: no answer "
        "has anything there"
    )
    _, said = small.run(a=always({"items": [{"v": 1}]}), b=always({"items": [{"v": 1}]}))
    assert "D-001 stale" in said


def test_a_member_that_nobody_sends_any_more_is_gone(small: SmallShop) -> None:
    """To leave out what only one side sent is a fix."""
    small.run(a=always({"v": 1}), b=always({"v": 1, "more": 2}))
    small.decide("--all", "--fix", "b", *GIVEN)
    assert "D-001 stale" in small.run(a=always({"v": 1}), b=always({"v": 1}))[1]


def test_a_fix_closes_the_row(decided: SmallShop) -> None:
    """Where the place was compared and nothing differs, the row is stale and can be done."""
    _, said = decided.run(a=always({"v": 1}), b=always({"v": 1}))
    assert "D-001 stale: no longer seen in its one case: mark it done" in row_line(said)
    code, refused = decided.done("a@1a2b3c4")
    assert (code, refused.splitlines()[0]) == (
        2,
        "error: D-001: the side to be changed is that of b, and a is the repository of a",
    )
    assert decided.done("b@1a2b3c4")[0] == 0


def test_another_fault_reopens_the_row(small: SmallShop) -> None:
    """A decided fault that becomes another one is not gone."""
    small.run_script(resets, a=always({}), b=always({}))
    assert small.decide("--all", *GIVEN)[0] == 0
    _, said = small.run_script(says(), a=always({}), b=always({}))
    assert (
        "D-001 reopened: in shop/one c now shows `faulted closed_before_response`, no longer "
        "`faulted reset`" in row_line(said)
    ), said
    assert small.decide("--all", *GIVEN)[0] == 0
    assert "faulted closed_before_response: [c]" in small.ledger()
    assert small.run_script(says(), a=always({}), b=always({}))[0] == 0


def test_another_element_that_differs_is_not_blamed_on_a_side(small: SmallShop) -> None:
    """What a sends is the same in both runs: c is right about another element now."""
    right = always([{"id": 1, "n": 1}, {"id": 2, "n": 2}])
    small.run(a=right, c=always([{"id": 1, "n": 1}, {"id": 2, "n": 3}]))
    small.decide("--all", "--fix", "c", *GIVEN)
    _, said = small.run(a=right, c=always([{"id": 1, "n": 3}, {"id": 2, "n": 2}]))
    assert "in an element" in row_line(said), said
    assert "a sent 1, the row has" not in said


def test_each_side_that_left_its_pin_is_named(decided: SmallShop) -> None:
    """Of a member, both values are others: each is said beside what the row has for it."""
    _, said = decided.run(a=always({"v": 5}), b=always({"v": 6}))
    assert "a sent 5, the row has 1; b sent 6, the row has 20" in row_line(said), said


def test_a_row_without_a_pin_says_that_it_holds_for_any_value(small: SmallShop) -> None:
    """A number as text is decided whatever the number is; with a pin another number is red."""
    small.run(a=always({"n": 1}), b=always({"n": "1"}))
    small.decide("--all", *GIVEN)
    code, said = small.run(a=always({"n": 2}), b=always({"n": "2"}))
    assert code == 0
    assert (
        "1 row holds for other values of the same facts: D-001; write a `pin` into a row to hold "
        "it to the values that were seen" in " ".join(said.split())
    ), said
    pin = "    pin:\n      values:\n        - {number: '1', string: '\"1\"'}\n    reason:"
    ledger = small.ledger().replace("    reason:", pin)
    (small.folder / "cases/decisions.yaml").write_text(ledger)
    code, said = small.run(a=always({"n": 1}), b=always({"n": "1"}))
    assert (code, "of the same facts" in said) == (0, False), said
    assert "D-001 reopened" in small.run(a=always({"n": 2}), b=always({"n": "2"}))[1]
