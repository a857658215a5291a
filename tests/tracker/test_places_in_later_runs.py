"""What is said of a row when its place is spelled in another way, or something else stands there."""

from pathlib import Path

import pytest

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import Received, Reply, Service, always
from tests.tracker.small_shop import CASE, GIVEN, LEDGER, SmallShop, row_line

_STEPS = "suite: shop\ncompare: value\ncases:\n  - name: one\n    steps:\n{steps}"
_STEP = "      - request: {{GET: {}}}\n"


@pytest.fixture
def small(tmp_path: Path, command: WarmCommand) -> SmallShop:
    """Return a shop with one case."""
    shop = SmallShop(tmp_path, command)
    shop.write()
    return shop


def _decided(small: SmallShop, fix: str = "b", /, **services: Service) -> None:
    small.run(**services)
    code, said = small.decide("--all", "--fix", fix, *GIVEN)
    assert code == 0, said


@pytest.mark.parametrize(
    ("a", "b", "now", "place"),
    [
        pytest.param(
            {"first_name": "A", "n": 1},
            {"FirstName": "A", "N": "1"},
            ({"first_name": "A", "n": 1}, {"first_name": "A", "n": "1"}),
            "$.N | $.n",
            id="names-in-another-case",
        ),
        pytest.param(
            {"data": {"hits": 1}},
            {"hits": "1"},
            ({"hits": 1}, {"hits": "1"}),
            "$.data.hits | $.hits",
            id="an-envelope",
        ),
    ],
)
def test_a_fixed_row_leaves_its_neighbours(
    small: SmallShop, a: object, b: object, now: tuple[object, object], place: str
) -> None:
    """A row is about its place as each runtime spelled it: one that takes over a name moves none."""
    _decided(small, a=always(a), b=always(b))
    assert f'at: ["{place}"]' in small.ledger()
    _, said = small.run(a=always(now[0]), b=always(now[1]))
    assert row_line(said).startswith("D-001 stale"), said
    assert row_line(said, "D-002") == "D-002 matched: covers 1 case", said
    _, said = small.run(a=always(now[0]), b=always(now[0]))
    assert row_line(said, "D-002").startswith("D-002 stale"), said


def test_a_spelling_may_have_a_bar_in_its_name(small: SmallShop) -> None:
    """Two members with a bar in their quoted names are spelled as one place."""
    _decided(small, a=always({"x | $y": 1, "kAb": 1}), b=always({"X | $Y": "1", "k_ab": 1}))
    code, said = small.run(a=always({"x | $y": 1, "kAb": 1}), b=always({"X | $Y": "1", "k_ab": 1}))
    assert code == 0, said


@pytest.mark.parametrize(
    ("a", "b", "now", "hidden_by"),
    [
        pytest.param(
            ["admin", "buyer"],
            ["buyer", "admin"],
            ["buyer", "root"],
            "`value of $[*] differs` is undecided in shop/one",
            id="a-list-of-other-elements",
        ),
        pytest.param(
            {"phone": None, "id": 1},
            {"id": 1},
            {"phone": [], "id": 1},
            "`[] vs null` is undecided at $.phone in shop/one",
            id="the-same-place",
        ),
        pytest.param(
            {"user": {"n": 1}},
            {"user": {"n": "1"}},
            {"user": []},
            "",
            id="above",
        ),
    ],
)
def test_a_row_behind_an_undecided_difference_is_not_stale(
    small: SmallShop, a: object, b: object, now: object, hidden_by: str
) -> None:
    """Nothing says that the difference is fixed while its runtimes differ there in another way."""
    _decided(small, a=always(a), b=always(b))
    code, said = small.run(a=always(a), b=always(now))
    line = row_line(said)
    assert code == 1
    assert "stale" not in line, said
    if hidden_by and "reopened" not in line:
        assert line == f"D-001 not exercised: its difference may be hidden: {hidden_by}", said
    code, said = small.done("shop@1234567")
    assert code != 0, said


_OTHER_NAMES = [
    pytest.param({"Total": 1, "Tag": 5, "V": 1}, id="letter-case"),
    pytest.param({"data": {"total": 1, "tag": 5, "v": 1}}, id="envelope"),
]


@pytest.mark.parametrize("now", _OTHER_NAMES)
def test_other_names_above_hide_no_difference_of_values(small: SmallShop, now: object) -> None:
    """What has other names is compared all the same: a row below is gone, and can be done."""
    a = {"total": 1, "tag": 5, "v": 1}
    _decided(small, a=always(a), b=always({"total": "1", "tag": 5, "v": 2}))
    code, said = small.run(a=always(a), b=always(now))
    assert code == 1
    for row in ("D-001", "D-002"):
        assert row_line(said, row).startswith(f"{row} stale: no longer seen"), said
    assert "undecided" in said


@pytest.mark.parametrize(
    "now",
    [
        pytest.param({"Total": "1", "Tag": 5, "V": 2}, id="letter-case"),
        pytest.param({"data": {"total": "1", "tag": 5, "v": 2}}, id="envelope"),
    ],
)
def test_a_row_matches_below_other_names(small: SmallShop, now: object) -> None:
    """The names are undecided, and the rows below them still hold."""
    a = {"total": 1, "tag": 5, "v": 1}
    _decided(small, a=always(a), b=always({"total": "1", "tag": 5, "v": 2}))
    code, said = small.run(a=always(a), b=always(now))
    assert code == 1
    for row in ("D-001", "D-002"):
        assert row_line(said, row) == f"{row} matched: covers 1 case", said


@pytest.mark.parametrize("now", _OTHER_NAMES)
def test_other_names_above_may_hide_a_member(small: SmallShop, now: object) -> None:
    """A member that one side lacked has another name there now: nobody says that it is fixed."""
    a = {"total": 1, "tag": 5, "v": 1}
    _decided(small, a=always(a), b=always({"total": 1, "v": 1}))
    _, said = small.run(a=always(a), b=always(now))
    assert row_line(said).startswith("D-001 not exercised: its difference may be hidden"), said


_THIRD_RUNTIME_IS_APART = [
    pytest.param(always({"error": "x"}, 500), "`status 500 (x) instead of 200`", id="status"),
    pytest.param(always([1]), "`type of $: array instead of object`", id="body"),
    pytest.param(always({"o": None}), "`type of $.o: null instead of object`", id="above"),
    pytest.param(always({}), "`member $.o: not in c`", id="nothing-above"),
    pytest.param(
        lambda _: Reply(headers={"content-type": "text/html"}, body=b"<p>"),
        "`a body that is HTML instead of JSON`",
        id="kind",
    ),
]


@pytest.mark.parametrize(("c", "title"), _THIRD_RUNTIME_IS_APART)
def test_a_runtime_that_was_not_compared_hides_a_row(
    small: SmallShop, c: Service, title: str
) -> None:
    """Two of its runtimes agree now, and the third differs above: it may still differ below."""
    a, others = {"o": {"m": None, "n": 1}}, {"o": {"n": 1}}
    _decided(small, "a", a=always(a), b=always(others), c=always(others))
    code, said = small.run(a=always(a), b=always(a), c=c)
    assert code == 1
    hidden = f"D-001 not exercised: its difference may be hidden: {title} is undecided"
    assert row_line(said).startswith(hidden), said


def test_a_header_field_that_both_sides_have_now(small: SmallShop) -> None:
    """A row about a field that one side lacked says what has changed."""
    reply = {"content-type": "application/json"}
    tagged = {**reply, "x-total": "1"}
    small.write(CASE.format(rules="headers: [x-total]\n"))

    def a(_: Received) -> Reply:
        return Reply(headers=tagged, body=b"1")

    def b(_: Received) -> Reply:
        return Reply(headers={**reply, "x-total": "2"}, body=b"1")

    _decided(small, a=a, b=always(1))
    code, said = small.run(a=a, b=b)
    assert code == 1
    assert row_line(said) == (
        "D-001 reopened: its difference has changed in shop/one: no side lacks it any more, and the "
        "values differ: fix the row, or decide again"
    )


def test_a_name_that_no_runtime_had_hides_a_row(small: SmallShop) -> None:
    """The same cause is undecided under a third spelling: the row is not called fixed."""
    a, c = {"first_name": "A", "home_phone": None}, {"first_name": "A"}
    _decided(
        small,
        a=always(a),
        b=always({"FirstName": "A", "HomePhone": None}),
        c=always(c),
    )
    text = small.ledger().replace("$.HomePhone | $.home_phone", "$.HomePhone")
    (small.folder / LEDGER).write_text(text)
    _, said = small.run(a=always(a), b=always({"firstName": "A", "homePhone": None}), c=always(c))
    assert "D-002 not exercised: its difference may be hidden: `null vs absent" in row_line(
        said, "D-002"
    )


@pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 3), (2, 1)])
def test_a_step_that_comes_or_goes_closes_no_row(small: SmallShop, before: int, after: int) -> None:
    """A row names the step of its place: a case of other steps does not show that it is fixed."""
    differing, alike = _STEP.format("/differs"), _STEP.format("/alike")
    small.write(_STEPS.format(steps=alike * (before - 1) + differing))
    services = {"a": _by_path(1), "b": _by_path("1")}
    _decided(small, **services)
    small.write(_STEPS.format(steps=alike * (after - 1) + differing))
    code, said = small.run(**services)
    assert code == 1
    assert row_line(said).startswith("D-001 not exercised"), said


def _by_path(value: object) -> Service:
    differs, alike = always({"v": value}), always({"v": 0})
    return lambda asked: (differs if "differs" in asked.target else alike)(asked)
