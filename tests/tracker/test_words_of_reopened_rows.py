"""What is said of how a row was reopened: only what the answers show."""

from pathlib import Path

import pytest

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import Service, always
from tests.tracker.small_shop import CASE, GIVEN, SmallShop, row_line


@pytest.fixture
def small(tmp_path: Path, command: WarmCommand) -> SmallShop:
    """Return a shop with one case."""
    shop = SmallShop(tmp_path, command)
    shop.write()
    return shop


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        pytest.param(
            ({"v": 4}, {"v": 5}, {}),
            ({"v": 4}, {"v": 5}, {"v": 4}),
            "in shop/one c, a no longer differ: fix",
            id="those-that-have-a-member-differed-before",
        ),
        pytest.param(
            ({"a": 1}, {"a": 2}, {"a": 1}),
            ({"a": "1"}, {"a": 2}, {"a": 1}),
            'its values have changed in shop/one: a sent "1", the row has 1: fix',
            id="two-still-differ-by-value",
        ),
        pytest.param(
            (1, 3, 3),
            (1, 3, "1"),
            "in shop/one c now differs from b, and a, b still differ: fix",
            id="a-number-as-text-is-on-no-side",
        ),
        pytest.param(
            (1, 2, 1),
            (1, 2, 2),
            "in shop/one c has moved to the side of b, and b, a still differ: fix",
            id="who-has-moved-has-left",
        ),
        pytest.param(
            ([{"id": "p"}, {"id": "q"}], [{"id": "q"}, {"id": "p"}]),
            ([{"id": "p"}, {"id": "q"}, {"id": "r"}], [{"id": "q"}, {"id": "p"}]),
            'its values have changed in shop/one: a sent [{"id":"p"},{"id":"q"},{"id":"r"}]',
            id="the-own-cause-of-the-row-goes-first",
        ),
        pytest.param(
            (["p"], ["p", "q"]),
            (["p"], ["p", "q", "urn:" + "r" * 90]),
            'its values have changed in shop/one: b sent 3 elements, extra: "q", "urn:'
            f'{"r" * 90}", the row has 2 elements, extra: "q": fix',
            id="words-about-a-length-have-no-digest",
        ),
    ],
)
def test_a_reopened_row_says_what_is_true(
    small: SmallShop, before: tuple[object, ...], after: tuple[object, ...], says: str
) -> None:
    """Nobody is said to have moved, parted or agreed who has not."""
    small.run(**_services(before))
    assert small.decide("--all", *GIVEN)[0] == 0
    _, said = small.run(**_services(after))
    assert f"D-001 reopened: {says}" in row_line(said), said


PARTS = [{"n": "p", "d": "one"}, {"n": "q", "d": "two"}, {"n": "r", "d": "three"}]
CHANGED = {"n": "q", "d": "TWO!"}


@pytest.mark.parametrize(
    ("after", "state"),
    [
        pytest.param(
            (PARTS, [PARTS[2], CHANGED, PARTS[0]]), "matched", id="an-element-of-one-side"
        ),
        pytest.param(
            ([PARTS[0], CHANGED, PARTS[2]], PARTS[::-1]), "matched", id="an-element-of-the-other"
        ),
        pytest.param((PARTS, [CHANGED, PARTS[2], PARTS[0]]), "reopened", id="and-another-order"),
        pytest.param((PARTS, [PARTS[2], PARTS[0], PARTS[1]]), "reopened", id="another-order"),
    ],
)
def test_an_order_stays_as_decided_where_an_element_changes(
    small: SmallShop, after: tuple[object, ...], state: str
) -> None:
    """What changes in an element is a cause of its own, and its order is not."""
    small.run(**_services((PARTS, PARTS[::-1])))
    assert small.decide("--all", *GIVEN)[0] == 0
    _, said = small.run(**_services(after))
    assert row_line(said).startswith(f"D-001 {state}"), said


@pytest.mark.parametrize(
    ("pin", "before", "after", "says"),
    [
        pytest.param(
            "{within: {absolute: 1}}",
            ([1, 2], [2, 3]),
            ([1, 2], [2, 9]),
            "a sent 2, b sent 9, which is not within its bound",
            id="numbers",
        ),
        pytest.param(
            '{matches: "^x"}',
            (["xa", "xb"], ["xc", "xd"]),
            (["xa", "xb"], ["xc", "y"]),
            'b sent "y", which is not within its bound',
            id="texts",
        ),
    ],
)
def test_what_leaves_a_bound_is_named(
    small: SmallShop, pin: str, before: tuple[object, ...], after: tuple[object, ...], says: str
) -> None:
    """Of several elements the one that left it, and not the first."""
    small.run(**_services(before))
    assert small.decide("--all", "--pin", pin, *GIVEN)[0] == 0
    _, said = small.run(**_services(after))
    assert f"its values have changed in shop/one: {says}" in row_line(said), said


def test_another_target_leaves_the_row_of_the_statuses(small: SmallShop) -> None:
    """Two redirects that are decided lead to different places now: only the target is new."""
    small.run(a=always({}, 302, location="/p"), b=always({}, 301, location="/p"))
    assert small.decide("--all", *GIVEN)[0] == 0
    _, said = small.run(a=always({}, 302, location="/p"), b=always({}, 301, location="/q"))
    assert row_line(said).startswith("D-001 matched"), said


def test_an_undecided_case_is_not_red_though_decided(small: SmallShop) -> None:
    """What `expect` demands is not the only reason: a status is undecided."""
    small.write(CASE.format(rules="").replace("GET: /}}", "GET: /}, expect: {status: 200}}"))
    small.run(a=always({"v": 1}), b=always({"v": "1"}), c=always({"v": 1}))
    assert small.decide("--all", *GIVEN)[0] == 0
    _, said = small.run(a=always({"v": 1}), b=always({"v": "1"}), c=always({"v": 1}, 500))
    assert "stays red though decided" not in said


def _services(values: tuple[object, ...]) -> dict[str, Service]:
    return {name: always(value) for name, value in zip("abc", values, strict=False)}


def test_a_difference_that_one_row_is_about_reopens_no_other_one(small: SmallShop) -> None:
    """A row whose order is right again is not reopened by the length of another row."""
    first, second = (
        ["openid", "profile", "email", "address", "phone"],
        ["openid", "email", "groups", "profile"],
    )
    small.run(a=always({"l": first}), b=always({"l": second}))
    code, said = small.decide("--all", *GIVEN)
    assert code == 0, said
    ordered = ["openid", "profile", "email", "groups"]
    said = small.run(a=always({"l": first}), b=always({"l": ordered}))[1]
    rows = [row_line(said, row) for row in ("D-001", "D-002")]
    assert "reopened: its values have changed" in rows[0]
    assert "reopened" not in rows[1]
