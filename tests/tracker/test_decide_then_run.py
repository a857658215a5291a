"""`conformance decide` for all that services show, and the same services run again."""

import contextlib
from decimal import Decimal
from pathlib import Path

from conformance.ledger.file import read_ledger
from conformance.model.decision import Decision
from conformance.model.pin import Pin
from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, always, json_reply, serve
from tests.tracker.test_decide import GIVEN

SUITE = """suite: shop/items
compare: value
cases:
  - {name: one, request: {GET: /one}}
  - {name: two, request: {GET: /two}}
"""


def decided(
    folder: Path, services: dict[str, Service], *words: str
) -> tuple[tuple[Decision, ...], str, str]:
    """Run services, decide all they show, and run them again; return the rows and what was said."""
    (folder / "shop.yaml").write_text(SUITE)
    (folder / "decisions.yaml").write_text("decisions: []\n")
    urls = []
    with contextlib.ExitStack() as stack:
        for name, service in services.items():
            urls += ["--runtime", f"{name}={stack.enter_context(serve(service))}"]
        conformance("run", "shop.yaml", *urls, cwd=folder)
        told = conformance(
            "decide", "--all", "--ledger", "decisions.yaml", *GIVEN, *words, cwd=folder
        )
        again = conformance("run", "shop.yaml", *urls, cwd=folder).stdout
    return read_ledger(folder / "decisions.yaml").decisions, told.stdout, again.splitlines()[-2]


def test_three_runtimes_of_which_two_differ_each_in_its_way(tmp_path: Path) -> None:
    """A row for each pair of sides, and both together decide the case."""
    bodies = {"a": {"n": 1}, "b": {"n": "1"}, "c": {}}
    rows, _, said = decided(tmp_path, {name: always(body) for name, body in bodies.items()})
    assert said == "PARITY, with 2 cases that differ as decided"
    assert sorted((row.cause, sorted(row.runtimes)) for row in rows) == [
        ("member", ["a", "b", "c"]),
        ("number-as-string", ["a", "b"]),
    ]


def test_elements_that_part_the_runtimes_in_two_ways(tmp_path: Path) -> None:
    """No two rows claim the same two runtimes where elements split them in two ways.

    All three runtimes differ in one element, and c alone in the other.
    """
    bodies = {
        "a": [{"t": "x"}, {"t": "z"}],
        "b": [{"t": "y"}, {"t": "z"}],
        "c": [{"t": "v"}, {"t": "w"}],
    }
    rows, _, said = decided(tmp_path, {name: always(body) for name, body in bodies.items()})
    assert said == "PARITY, with 2 cases that differ as decided"
    assert len(rows) == 6, "the two targets are two operations, of one cause each"
    assert {frozenset(row.runtimes) for row in rows} == set(
        map(frozenset, (("a", "b"), ("a", "c"), ("b", "c")))
    )


def test_places_by_case(tmp_path: Path) -> None:
    """Where cases show a cause at different places, the row has the places of each, and no more."""

    def texts(request: Received) -> Reply:
        return json_reply({"n": "1", "m": 1} if request.target == "/one" else {"n": 1, "m": "1"})

    rows, _, said = decided(tmp_path, {"a": always({"n": 1, "m": 1}), "b": texts})
    (row,) = rows
    assert said == "PARITY, with 2 cases that differ as decided"
    assert [(covered.cases, covered.places) for covered in row.covers] == [
        (("shop/items/one",), ("$.n",)),
        (("shop/items/two",), ("$.m",)),
    ]


MANY = {"a": always([*range(30)]), "b": always([*range(100, 130)])}


def test_many_values_need_a_bound(tmp_path: Path) -> None:
    """More than twenty distinct values are left, with advice, and nothing is green for it."""
    rows, told, said = decided(tmp_path, MANY)
    assert rows == ()
    assert (
        "] value of $[*] differs for GET /two, in 1 case: there are more than 20 distinct values: "
        "choose a bound, such as --pin '{within: {relative: 1e-6}}'\n"
    ) in told
    assert said == "RED: 2 failed"


def test_a_bound(tmp_path: Path) -> None:
    """With a bound a row holds as long as all values are within it."""
    rows, _, said = decided(tmp_path, MANY, "--pin", "{within: {absolute: 100}}")
    assert said == "PARITY, with 2 cases that differ as decided"
    assert [row.pin for row in rows] == [Pin(absolute=Decimal(100))] * 2


def test_a_bound_that_does_not_hold(tmp_path: Path) -> None:
    """A row that would not hold for what was seen is not written."""
    rows, _, said = decided(tmp_path, MANY, "--pin", "{within: {absolute: 99}}")
    assert (rows, said) == ((), "RED: 2 failed")


def test_a_cause_that_is_refused_does_not_stop_the_others(tmp_path: Path) -> None:
    """The bound holds for two of three values: their rows are written.

    The third value is listed with its reason.
    """
    values = {"a": {"n": 1, "p": 1, "z": 1}, "b": {"n": 2, "p": 9, "z": 1.5}}
    services = {name: always(body) for name, body in values.items()}
    rows, told, said = decided(tmp_path, services, "--pin", "{within: {absolute: 1}}")
    assert [row.id for row in rows] == ["D-001", "D-002", "D-003", "D-004"]
    assert sorted(row.places for row in rows) == [("$.n",), ("$.n",), ("$.z",), ("$.z",)]
    left = [line.partition("] ")[2] for line in told.splitlines() if line.startswith("left: ")]
    assert left == [
        f"value of $.p differs for GET /{name}, in 1 case: the bound does not hold for what "
        f"shop/items/{name} shows: "
        "choose a bound, such as --pin '{within: {relative: 1e-6}}'"
        for name in ("two", "one")
    ]
    assert said == "RED: 2 failed"


REFUSALS = {
    "a": always({}, 400),
    "b": always({}),
    "c": always({}, 400),
    "d": always({"error": "y"}, 500),
}


def test_a_refusal_a_success_and_a_server_error(tmp_path: Path) -> None:
    """One row names all three statuses, and the code of the one that has one.

    Any two of the runtimes are decided.
    """
    rows, output, said = decided(tmp_path, REFUSALS)
    assert said == "PARITY, with 2 cases that differ as decided"
    assert "left: " not in output
    assert {(row.cause, row.code, tuple(side.name for side in row.sides)) for row in rows} == {
        ("status", "y", ("400", "200", "500"))
    }
    for names in ("ab", "bd", "bcd"):
        assert again(tmp_path, {name: REFUSALS[name] for name in names})[-2].startswith(
            "PARITY, with 2 cases"
        ), names


def test_another_code_reopens_a_row_about_a_status(tmp_path: Path) -> None:
    """If the statuses are as the row says, the current code and the row's code are printed."""
    decided(tmp_path, REFUSALS)
    said = again(tmp_path, {**REFUSALS, "d": always({"error": "z"}, 500)})
    changed = (
        "reopened: its error code has changed in shop/items/one: it is now `z`, the row has "
        "`y`: fix the row"
    )
    assert any(changed in line for line in said), said


def again(folder: Path, services: dict[str, Service]) -> list[str]:
    """Run services with the rows that are there, and return the lines of the report."""
    with contextlib.ExitStack() as stack:
        served = [
            f"{name}={stack.enter_context(serve(service))}" for name, service in services.items()
        ]
        urls = [word for each in served for word in ("--runtime", each)]
        return conformance("run", "shop.yaml", *urls, cwd=folder).stdout.splitlines()
