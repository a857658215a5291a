"""Equal answers that have nothing of what a row is about do not close it."""

import json
from pathlib import Path

import pytest

from tests.cli.warm_command import WarmCommand
from tests.comparison.bodies.test_tokens import token
from tests.miniatures.server import Service, always
from tests.tracker.small_shop import CASE, GIVEN, SmallShop, row_line

NO_TOKEN = always({"error": {"code": "no_token"}}, 401)
NOT_SHOWN = "D-001 not exercised: no selected case compared two of its sides at its place: "
NOTHING = "no answer has anything there"
REFUSED = "no answer is 2xx or 3xx (write `expect: {status: …}` where the refusal is meant)"


@pytest.fixture
def small(tmp_path: Path, command: WarmCommand) -> SmallShop:
    """Return a shop with one case."""
    shop = SmallShop(tmp_path, command)
    shop.write()
    return shop


def _decided(small: SmallShop, a: Service, b: Service) -> None:
    small.run(a=a, b=b, c=a)
    code, said = small.decide("--all", "--fix", "b", *GIVEN)
    assert code == 0, said


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        pytest.param(always({"price": 1.5}), always({"price": "1.5"}), NOTHING, id="idiom"),
        pytest.param(always({"price": 1.5}), always({"price": 2.5}), NOTHING, id="value"),
        pytest.param(always({"v": {"n": 1}}), always({"v": {}}), NOTHING, id="member-below"),
        pytest.param(always({"v": 1, "n": 1}), always({"v": 1}), REFUSED, id="member"),
        pytest.param(always({"v": 1, "n": None}), always({"v": 1}), REFUSED, id="null"),
        pytest.param(always({"a_b": 1}), always({"aB": 1}), REFUSED, id="key-case"),
        pytest.param(always({"v": 1}), always({}, 404), REFUSED, id="status"),
        pytest.param(
            always({"v": 1}, location="/x"), always({"v": 1}, location="/y"), REFUSED, id="header"
        ),
    ],
)
def test_a_refusal_of_all_is_no_fix(small: SmallShop, a: Service, b: Service, why: str) -> None:
    """Where a token has expired nothing is known of the row, and it cannot be done."""
    _decided(small, a, b)
    _, said = small.run(a=NO_TOKEN, b=NO_TOKEN, c=NO_TOKEN)
    assert row_line(said) == NOT_SHOWN + why, said
    code, refused = small.done("b@1a2b3c4")
    assert (code, "D-001 is not exercised in run" in refused) == (2, True), refused
    assert "D-001 stale" in small.run(a=a, b=a, c=a)[1]
    assert small.done("b@1a2b3c4")[0] == 0


def test_an_empty_object_has_no_value(small: SmallShop) -> None:
    """A member that nobody sends any more has no value to compare."""
    _decided(small, always({"price": 1.5}), always({"price": "1.5"}))
    _, said = small.run(a=always({}), b=always({}), c=always({}))
    assert row_line(said) == NOT_SHOWN + NOTHING


def test_a_claim_of_a_token_that_is_alike_now_is_a_fix(small: SmallShop) -> None:
    """A token is read wherever it is asked whether answers have a place."""
    first, second = (always({"t": token(sub=sub)}) for sub in ("a", "b"))
    _decided(small, first, second)
    assert "D-001 stale" in small.run(a=first, b=first, c=first)[1]
    assert small.done("b@1a2b3c4")[0] == 0


def test_a_refusal_that_the_case_demands_is_an_answer(small: SmallShop) -> None:
    """Where the case says that it is refused, a member that is gone from the refusal is fixed."""
    demanded = CASE.replace("GET: /}}", "GET: /}}, expect: {{status: 404}}")
    small.write(demanded.format(rules=""))
    _decided(small, always({"m": 1}, 404), always({"m": 1, "trace": 2}, 404))
    _, said = small.run(**dict.fromkeys("abc", always({"m": 1}, 404)))
    assert "D-001 stale" in said


def test_a_refusal_closes_what_is_of_refusals(small: SmallShop) -> None:
    """The message of an error is compared in errors, and only there."""
    error = {"code": "nf", "message": "no such item"}
    _decided(small, always(error, 404), always({**error, "message": "it is not there"}, 404))
    _, said = small.run(**dict.fromkeys("abc", always({"v": 1})))
    assert row_line(said) == NOT_SHOWN + "no answer is an error"
    assert "D-001 stale" in small.run(**dict.fromkeys("abc", always(error, 404)))[1]


def test_the_status_that_is_kept_is_a_fix_though_it_refuses(small: SmallShop) -> None:
    """Where the success was wrong, a refusal of all is what was decided."""
    small.run(a=always({}, 404), b=always({}))
    small.decide("--all", "--fix", "b", *GIVEN)
    assert "D-001 stale" in small.run(a=always({}, 404), b=always({}, 404))[1]


def test_a_record_of_an_earlier_version_closes_no_row(small: SmallShop) -> None:
    """A record that does not say what was compared shows no fix."""
    _decided(small, always({"v": 1}), always({"v": 2}))
    small.run(**dict.fromkeys("abc", always({"v": 1})))
    record = (small.folder / "reports/runs/latest/run.ndjson").resolve()
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    for line in lines:
        line.get("comparison", {}).pop("uncompared", None)
    record.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = small.command("gate", "latest", cwd=small.folder)
    assert "stale" not in done.stdout, done.stdout
    assert small.done("b@1a2b3c4")[0] == 2
