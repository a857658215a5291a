"""A row about values holds in each case and place for what was seen there, and for no other."""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from conformance.ledger.edit import with_fields
from conformance.ledger.file import read_ledger
from conformance.model.decision import Decision
from conformance.model.pin import Pin
from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, json_reply, serve

GIVEN: Final = ("--owner", "me", "--reason", "so it is")
ABC: Final = ["a", "b", "c"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two bodies of go and of rust, what rust answers to the first request later, and the reason.

    With `steps` one case sends both requests; with a status both refuse.
    """

    go: tuple[object, object]
    rust: tuple[object, object]
    later: object
    says: str
    steps: bool = False
    status: int = 200


def same(body: object) -> tuple[object, object]:
    """Return a body for both requests."""
    return body, body


KINDS: Final = {
    "value": Exchange(
        same({"v": 10}),
        ({"v": 11}, {"v": 12}),
        {"v": 12},
        "rust sent 12, the row has 11 there (12 in items/value-2)",
    ),
    "length": Exchange(
        same([1]),
        ([1, 2], [1, 3]),
        [1, 3],
        "rust sent 2 elements, extra: 3, the row has 2 elements, extra: 2 there (2 elements, "
        "extra: 3 in items/length-2)",
    ),
    "message": Exchange(
        same({"message": "x"}),
        ({"message": "one"}, {"message": "two"}),
        {"message": "two"},
        'rust sent "two", the row has "one" there ("two" in items/message-2)',
        status=404,
    ),
    "element": Exchange(
        same({"l": [{"n": 1}, {"n": 2}]}),
        ({"l": [{"n": 3}, {"n": 2}]}, {"l": [{"n": 1}, {"n": 4}]}),
        {"l": [{"n": 1}, {"n": 4}]},
        "in an element go sent 2, rust sent 4; the row has go 1 beside rust 3 there (these in "
        "items/element-2)",
    ),
    "together": Exchange(
        ({"l": [{"n": 1}, {"n": 2}]}, {"l": [{"n": 1}, {"n": 2}]}),
        ({"l": [{"n": 3}, {"n": 4}]}, {"l": [{"n": 4}, {"n": 3}]}),
        {"l": [{"n": 4}, {"n": 3}]},
        "go sent 1, rust sent 4, which the row does not list together there (these in "
        "items/together-2)",
    ),
    "places": Exchange(
        same({"l": ABC, "m": ABC}),
        same({"l": ["b", "a", "c"], "m": ["a", "c", "b"]}),
        {"l": ["a", "c", "b"], "m": ["a", "c", "b"]},
        'rust sent ["a","c","b"], the row has ["b","a","c"] there (["a","c","b"] at $.m)',
    ),
    "steps": Exchange(
        same({"v": 10}),
        ({"v": 11}, {"v": 12}),
        {"v": 12},
        "rust sent 12, the row has 11 there (12 at step 2: $.v)",
        steps=True,
    ),
}


def suite() -> str:
    """Return a suite with two cases of each kind, or one of two steps."""
    lines = ["suite: items", "compare: value", "cases:"]
    for name, kind in KINDS.items():
        requests = [f"{{GET: /{name}/{number}}}" for number in (1, 2)]
        if kind.steps:
            steps = ", ".join(f"{{request: {request}}}" for request in requests)
            lines.append(f"  - {{name: {name}, steps: [{steps}]}}")
            continue
        lines += [
            f"  - {{name: {name}-{number}, request: {request}}}"
            for number, request in enumerate(requests, start=1)
        ]
    return "\n".join(lines) + "\n"


def service(runtime: str, *, later: bool = False) -> Service:
    """Return what a runtime answers to each request, before and after the exchange."""

    def answer(request: Received) -> Reply:
        _, name, number = request.target.split("/")
        kind = KINDS[name]
        first, second = kind.rust if runtime == "rust" else kind.go
        if later and runtime == "rust":
            first = kind.later
        return json_reply(first if number == "1" else second, kind.status)

    return answer


def run(folder: Path, *, later: bool = False) -> str:
    """Run the suite against both services, and return what was said."""
    words: list[str] = []
    with contextlib.ExitStack() as stack:
        for name in ("go", "rust"):
            url = stack.enter_context(serve(service(name, later=later)))
            words += ["--runtime", f"{name}={url}"]
        return conformance("run", "cases", "--verbose", *words, cwd=folder).stdout


def project(folder: Path) -> Path:
    """Make a folder with the suite and a ledger without rows."""
    (folder / "cases").mkdir()
    (folder / "cases/items.yaml").write_text(suite())
    ledger = folder / "cases/decisions.yaml"
    ledger.write_text("decisions: []\n")
    return ledger


def row_of(ledger: Path, name: str) -> Decision:
    """Return the row about the cases of a kind."""
    rows = read_ledger(ledger).decisions
    (row,) = (row for row in rows if any(case.startswith(f"items/{name}") for case in row.where))
    return row


@dataclass(frozen=True, slots=True)
class Runs:
    """The ledger, and what the runs before and after the exchange said."""

    ledger: Path
    before: str
    after: str


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Run, decide all, run again, and run with the values exchanged."""
    folder = tmp_path_factory.mktemp("items")
    ledger = project(folder)
    run(folder)
    assert conformance("decide", "--all", *GIVEN, cwd=folder).returncode == 0
    return Runs(ledger, run(folder), run(folder, later=True))


def test_nothing_changed_is_green(runs: Runs) -> None:
    """One row for each kind covers its cases, and the next run of the same is green."""
    assert f"PARITY, with {2 * len(KINDS) - 1} cases that differ as decided" in runs.before
    assert len(read_ledger(runs.ledger).decisions) == len(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_a_value_of_another_place_is_red(runs: Runs, name: str) -> None:
    """What another case, place or step showed reopens the row, which says where it has that."""
    row, kind = row_of(runs.ledger, name), KINDS[name]
    case = row.where[0]
    reopened = f"{row.id} reopened: its values have changed in {case}: {kind.says}: fix the row"
    assert reopened in runs.after
    assert f"RED: {len(KINDS)} failed" in runs.after


def as_one_list(ledger: Path, row: Decision) -> str:
    """Return the ledger with the values of a row as one list, as an earlier version wrote them."""
    assert row.pin is not None
    values = [{side: sent[0] for side, sent in each} for each in row.pin.combinations]
    raw = with_fields(ledger.read_bytes(), "x", row.id, {"pin": {"values": values}})
    lines = raw.decode().splitlines(keepends=True)
    marked = [
        f"{line[:-1]}  # seen in May\n" if "pin: {values: [" in line else line for line in lines
    ]
    return "".join(marked)


def test_an_older_list_is_refused_and_rewritten(runs: Runs) -> None:
    """One list for several cases would accept any value in any of them.

    `migrate` writes what the run shows of each place, and the comment stays.
    """
    folder, before = runs.ledger.parent.parent, runs.ledger.read_text()
    row = row_of(runs.ledger, "value")
    try:
        runs.ledger.write_text(as_one_list(runs.ledger, row))
        refused = conformance("decide", "--all", *GIVEN, cwd=folder)
        assert refused.returncode == 2
        assert "2 combinations for several places" in refused.stderr
        older = sorted((folder / "reports/runs").glob("20*"))[1].name
        rewritten = conformance("tracker", "migrate", "--run", older, cwd=folder)
        assert rewritten.stdout == f"{row.id} has its values by place\n"
        assert row_of(runs.ledger, "value").pin == row.pin
        assert "  # seen in May\n" in runs.ledger.read_text()
        assert conformance("tracker", "migrate", cwd=folder).stdout == (
            "cases/decisions.yaml has no row of an earlier version\n"
        )
        assert "PARITY" in run(folder)
    finally:
        runs.ledger.write_text(before)


def test_an_older_list_without_a_run(runs: Runs, tmp_path: Path) -> None:
    """Where no run shows a place it keeps all values, and that is said."""
    ledger, row = project(tmp_path), row_of(runs.ledger, "value")
    ledger.write_text(as_one_list(runs.ledger, row))
    rewritten = conformance("tracker", "migrate", cwd=tmp_path)
    assert rewritten.stdout == (
        f"{row.id} has its values by place, and any of them for $.v in items/value-1, $.v in "
        "items/value-2: narrow it\n"
    )
    pin = row_of(ledger, "value").pin
    assert pin is not None
    assert row.pin is not None
    both = row.pin.combinations
    assert [each.values for each in pin.by_place] == [both, both]


def test_a_place_that_is_decided_again(tmp_path: Path) -> None:
    """The row gives up the place and its values, and keeps those of the others."""
    ledger = project(tmp_path)
    run(tmp_path)
    conformance("decide", "--all", *GIVEN, cwd=tmp_path)
    first, orders = row_of(ledger, "value"), row_of(ledger, "places")
    run(tmp_path, later=True)
    done = conformance("decide", "--all", *GIVEN, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"{first.id} no longer covers $.v in items/value-1\n" in done.stdout
    rows = {row.id: row for row in read_ledger(ledger).decisions}
    assert rows[first.id].where == ("items/value-2",)
    assert rows[first.id].pin == Pin(values=((("a", ("10",)), ("b", ("12",))),))
    kept = rows[orders.id].pin
    assert kept is not None
    assert orders.pin is not None
    assert kept.by_place == orders.pin.by_place[1:], "all but $.l of the first case"
    assert "PARITY" in run(tmp_path, later=True)
