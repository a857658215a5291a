"""What a row holds for when something else changes in a later run."""

from pathlib import Path

import pytest

from tests.cli.warm_command import WarmCommand
from tests.miniatures.server import Service, always
from tests.tracker.small_shop import CASE, GIVEN, LEDGER, SmallShop, row_line


@pytest.fixture
def small(tmp_path: Path, command: WarmCommand) -> SmallShop:
    """Return a shop with one case."""
    shop = SmallShop(tmp_path, command)
    shop.write()
    return shop


def _changed(small: SmallShop, before: dict[str, Service], after: dict[str, Service]) -> str:
    """Decide what the first answers show, and return what is said of the second ones."""
    small.run(**before)
    code, said = small.decide("--all", "--fix", "b", *GIVEN)
    assert code == 0, said
    code, said = small.run(**after)
    assert code == 1, said
    return said


ENTITY = {"id": 1, "n": "x"}


@pytest.mark.parametrize(
    ("a", "b", "later", "says"),
    [
        pytest.param(
            always(ENTITY),
            always({"data": ENTITY}),
            (always(ENTITY), always({"result": ENTITY})),
            "D-001 reopened: its difference has changed in shop/one: b showed enveloped in "
            "result, the row has enveloped in data",
            id="the-name-of-an-envelope",
        ),
        pytest.param(
            always({"v": "IN_TRANSIT"}),
            always({"v": "inTransit"}),
            (always({"v": "IN_TRANSIT"}), always({"v": "in_transit"})),
            "D-001 reopened: its difference has changed in shop/one: b showed snake_case, the "
            "row has first letter small",
            id="the-convention-of-a-word",
        ),
        pytest.param(
            always({"code": "bad_id"}, 422),
            always({"code": "bad_id"}, 400),
            (always({"code": "token_expired"}, 422), always({"code": "token_expired"}, 400)),
            "D-001 reopened: its error code has changed in shop/one: it is now `token_expired`, "
            "the row has `bad_id`",
            id="the-code-of-a-refusal",
        ),
        pytest.param(
            always({"code": "bad_id"}, 422),
            always({"code": "bad_id"}, 400),
            (always({"mistake": "bad_id"}, 422), always({"mistake": "bad_id"}, 400)),
            "D-001 reopened: its error code has changed in shop/one: it is now none that is read, "
            "the row has `bad_id`",
            id="the-code-of-a-refusal-in-another-member",
        ),
        pytest.param(
            always({"id": 8, "result": 0}),
            always({"id": 8, "error": {"code": -32602}}),
            (always({"id": 8, "result": 0}), always({"id": 8, "error": {"code": -32603}})),
            "D-001 reopened: its error code has changed in shop/one: it is now `-32603`, "
            "the row has `-32602`",
            id="the-code-of-an-error-inside-a-success",
        ),
        pytest.param(
            always([{"id": "x", "k": "p"}]),
            always({"x": {"id": "x", "k": "p"}}),
            (always([{"id": "x", "k": "p"}]), always({"p": {"id": "x", "k": "p"}})),
            "D-001 reopened: its difference has changed in shop/one: b showed map by k, the row "
            "has map by id",
            id="the-key-of-a-map",
        ),
    ],
)
def test_an_idiom_hides_no_later_change(
    small: SmallShop, a: Service, b: Service, later: tuple[Service, Service], says: str
) -> None:
    """The name of an envelope, the form of a word and the code of an error are part of a row."""
    said = _changed(small, {"a": a, "b": b}, {"a": later[0], "b": later[1]})
    assert says in row_line(said), said


@pytest.mark.parametrize("other", [None, True, 7])
def test_two_values_beside_another_type_are_held(small: SmallShop, other: object) -> None:
    """Two runtimes send texts where a third sends none: which texts these are is decided, too."""
    before = {"a": always({"v": other}), "b": always({"v": "x"}), "c": always({"v": "y"})}
    small.run(**before)
    code, said = small.decide("--all", *GIVEN)
    assert code == 0, said
    assert small.run(**before)[0] == 0
    code, said = small.run(**before | {"c": always({"v": "z"})})
    assert code == 1, said
    assert 'c sent "z", the row has "y"' in said


def test_another_target_of_a_third_runtime_leaves_the_row(small: SmallShop) -> None:
    """Two runtimes still redirect as decided; a third one leads elsewhere now."""
    to = {"location": "/items"}
    before = {"a": always({}, 301, **to), "b": always({}, 302, **to), "c": always({}, 301, **to)}
    said = _changed(small, before, before | {"c": always({}, 301, location="/other")})
    assert row_line(said).startswith("D-001 matched"), said
    assert "header location" in said


def test_another_code_of_a_third_runtime_leaves_the_row(small: SmallShop) -> None:
    """Two runtimes still send a different message for the same error; a third has another code."""
    error = {"code": "nf", "message": "no such item"}
    before = {
        "a": always({"error": error}, 404),
        "b": always({"error": {**error, "message": "item does not exist"}}, 404),
        "c": always({"error": error}, 404),
    }
    said = _changed(
        small, before, before | {"c": always({"error": {**error, "code": "NotFound"}}, 404)}
    )
    assert row_line(said).startswith("D-001 matched"), said
    assert "value of $.error.message differs" not in said


def test_a_pattern_is_reopened_by_its_own_cause_only(small: SmallShop) -> None:
    """A row that covers all places of a case says nothing of another cause there."""
    small.run(a=always({"v": "NEW"}), b=always({"v": "new"}))
    small.decide("--all", "--fix", "b", *GIVEN)
    text = small.ledger().replace("at: [$.v]", 'at: ["$.**"]\n    grows: true')
    (small.folder / LEDGER).write_text(text)
    assert small.run(a=always({"v": "NEW"}), b=always({"v": "new"}))[0] == 0
    code, said = small.run(a=always({"w": 1}), b=always({"data": {"w": 1}}))
    assert (code, "reopened" in said) == (1, False), said


def test_a_row_of_other_cases_says_that_none_was_selected(small: SmallShop) -> None:
    """A filter that leaves out all cases of a row is no failure of its runtimes."""
    small.write(CASE.format(rules="") + "  - {name: two, request: {GET: /two}}\n")
    small.run("--case", "shop/one", a=always({"v": 1}), b=always({"v": 2}))
    small.decide("--all", "--fix", "b", *GIVEN)
    _, said = small.run("--case", "shop/two", a=always({"v": 1}), b=always({"v": 1}))
    assert row_line(said) == "D-001 not exercised: none of its cases was selected"
