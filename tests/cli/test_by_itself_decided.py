"""Values that differ by themselves, beside rows and pins of the ledger and beside other runtimes."""

import contextlib
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.cli.command import conformance
from tests.cli.test_by_itself import SUITE, numbered
from tests.miniatures.server import Received, Reply, Service, always, json_reply, serve

DECIDE_ALL = ("decide", "--all", "--owner", "me", "--reason", "the state of the port")


class Shop:
    """Runtimes that answer with the bodies of functions, for several commands.

    They share one suite and one ledger.
    """

    def __init__(self, folder: Path, stack: contextlib.ExitStack, *services: Service) -> None:
        self.folder = folder
        urls = [stack.enter_context(serve(each)) for each in services]
        self.runtimes = [f"--runtime={name}={url}" for name, url in zip("abc", urls, strict=False)]
        (folder / "decisions.yaml").write_text("decisions: []\n")
        self.suite()

    def suite(self, request: str = "GET: /items/1", rules: str = "") -> None:
        """Write the suite."""
        (self.folder / "shop.yaml").write_text(SUITE.format(request=request, rules=rules))

    def run(self, *words: str) -> str:
        """Run the suite, or another command on what was saved; return all that is printed."""
        asked = words or ("run", "shop.yaml", "--ledger=decisions.yaml", *self.runtimes)
        done = conformance(*asked, cwd=self.folder)
        return done.stdout + done.stderr


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Shop]]:
    """Return what opens a shop in a folder of the test."""
    with contextlib.ExitStack() as stack:
        yield lambda *services: Shop(tmp_path, stack, *services)


PAST = 2**53


def test_the_others_are_compared_where_one_differs_by_itself(opened: Callable[..., Shop]) -> None:
    """No rule is proposed that would hide their difference.

    It is a cause of its own, which can be decided.
    """
    random = numbered(lambda n: {"big": PAST + n * 100})
    shop = opened(
        random, lambda _: json_reply({"big": PAST}), lambda _: json_reply({"big": PAST + 1})
    )
    console = shop.run()
    assert "a rule would excuse it" not in console
    assert (
        'no rule is proposed: {path: "$.big", is: integer} would hide '
        "rounded-integer@$.big (b rounded to a double | c exact) (in shop/"
    ) in console
    assert "they differ: b rounded to a double · c exact; a differs by itself there\n" in console
    assert "a: 0 of 1 case differs, but see [" in console
    proposals = conformance("noise", "shop.yaml", *shop.runtimes, cwd=shop.folder).stdout
    assert (
        "`is: integer` would hide rounded-integer@$.big (b rounded to a double | c exact)\nnoise: "
        "[]" in proposals
    )
    explained = shop.run("explain", "shop/items/read")
    assert "  a differs by itself there: only the others are compared\n" in explained

    decided = shop.run(*DECIDE_ALL)
    assert (
        "D-001 is open in decisions.yaml: integer rounded to a double at $.big, in 1 case\n"
        in decided
    )
    left = "a runtime differs by itself, so no row can be made; write a rule if one is right"
    assert f"] differs by itself, in 1 case: {left}" in decided
    again = shop.run()
    assert "D-001 covers it (open, must_match)" in again
    assert "D-001 matched: covers 1 case" in again
    assert "RED: 1 nondeterministic\n" in again


def test_a_note_on_a_value_that_differs_by_itself_is_no_cause(opened: Callable[..., Shop]) -> None:
    """It goes where the value goes, and `decide` says what can be done instead of a row."""
    shop = opened(numbered(lambda n: {"big": PAST + 1 + n * 100}), lambda _: json_reply({"big": 5}))
    shop.run()
    (folder,) = (shop.folder / "reports" / "runs").glob("2*")
    (group,) = json.loads((folder / "report.json").read_bytes())["groups"]
    assert group["title"] == "differs by itself"
    sentence = "a runtime differs by itself, so no row can be made; write a rule, such as"
    for named in (DECIDE_ALL, ("decide", group["key"], *DECIDE_ALL[2:])):
        assert f'{sentence} {{path: "$.big", is: integer}}' in shop.run(*named)


def test_a_value_that_changes_each_time_is_not_pinned(opened: Callable[..., Shop]) -> None:
    """A rule that fits one runtime leaves the place red.

    No row lists its values, but a person may accept them all.
    """
    shop = opened(numbered(lambda n: {"p": 10_000 + n}), lambda _: json_reply({"p": 9.5}))
    misfit = "does not fit every runtime: it leaves value@$.p between a and b"
    assert f'no rule is proposed: {{path: "$.p", is: integer}} {misfit} (in shop/' in shop.run()
    assert (
        f"`is: integer` {misfit}; "
        in conformance("noise", "shop.yaml", *shop.runtimes, cwd=shop.folder).stdout
    )

    shop.suite(rules='rules: [{path: "$.p", is: integer, why: it counts}]\n')
    console = shop.run()
    assert "a answers another value each time: give a rule that fits every runtime" in console
    key = console.partition("conformance decide ")[2][:4]
    assert f"conformance decide {key} --pin '{{any: true}}' --owner WHO --reason WHY\n" in console
    assert f"conformance decide {key}" in shop.run("explain", key)
    assert (
        "a sends another value at $.p whenever it is asked, so no row can list its values"
        in shop.run(*DECIDE_ALL)
    )
    shop.run(
        "decide", key, "--pin", "{any: true}", "--owner", "me", "--reason", "both are counters"
    )
    assert "PARITY" in shop.run()


def test_values_of_a_case_that_may_change_what_it_reads(opened: Callable[..., Shop]) -> None:
    """They are pinned, with a note: nothing tells whether they change by themselves."""
    shop = opened(numbered(lambda n: {"p": n}), lambda _: json_reply({"p": 9.5}))
    shop.suite("POST: /items")
    shop.run()
    note = (
        "note: shop/items/read is a POST, and its second answer differs: if $.p changes by "
        "itself, give a rule\n"
    )
    assert note in shop.run(*DECIDE_ALL)


def test_what_left_a_pin_is_said(opened: Callable[..., Shop]) -> None:
    """The line of the row names the value.

    Only the row of the case itself is reopened under its cause.
    """
    price = [1000]
    (first, second) = ("/items/1", "/items/2")

    def cheap(received: Received) -> Reply:
        return (
            json_reply({"v": 1}) if received.target == first else json_reply({"error": "no"}, 404)
        )

    def other(received: Received) -> Reply:
        return (
            json_reply({"v": 1}) if received.target == second else json_reply({"error": "no"}, 404)
        )

    shop = opened(lambda _: json_reply({"v": price[0]}), cheap, other)
    with (shop.folder / "shop.yaml").open("a") as suite:
        suite.write("  - name: other\n    request: {GET: /items/2}\n")
    shop.run()
    shop.run(*DECIDE_ALL)
    price[0] = 2000
    lines = shop.run().splitlines()
    rows = yaml.safe_load((shop.folder / "decisions.yaml").read_text())["decisions"]
    ids = {case: row["id"] for row in rows if row["cause"] == "value" for case in row["where"]}
    for case, row in ids.items():
        changed = f"its values have changed in {case}: a sent 2000, the row has 1000"
        assert f"{row} reopened: {changed}: fix the row, or decide again" in lines
    assert len([line for line in lines if "; reopens D-" in line]) == len(set(ids.values()))
    assert [
        line for line in lines if "; reopens D-" in line and ", " in line.partition("reopens")[2]
    ] == []


def test_a_row_about_what_only_follows_has_its_own_title(opened: Callable[..., Shop]) -> None:
    """The digest of a value that differs has a row of its own, whose title is of the digest."""

    def answering(value: str) -> Service:
        digest = hashlib.sha256(value.encode()).hexdigest()
        return lambda _: json_reply({"v": value, "sha256": digest})

    shop = opened(answering("one"), answering("two"))
    shop.run()
    decided = shop.run(*DECIDE_ALL)
    assert "D-001 is open in decisions.yaml: value of $.v differs, in 1 case\n" in decided
    assert "D-002 is open in decisions.yaml: value of $.sha256 differs, in 1 case\n" in decided


def test_a_runtime_that_differs_from_itself_alone(tmp_path: Path) -> None:
    """A runtime that differs only from itself differs from nobody else.

    Its line gives no cause as a reason, and says that it differs by itself.
    """
    (tmp_path / "shop.yaml").write_text(SUITE.format(request="GET: /", rules=""))
    with (
        serve(numbered(lambda n: {"t": n, "x": 1})) as a,
        serve(always({"t": 1, "x": 1})) as b,
        serve(always({"t": 1, "x": 2})) as c,
    ):
        urls = [f"--runtime={name}={url}" for name, url in (("a", a), ("b", b), ("c", c))]
        done = conformance("run", "shop.yaml", *urls, cwd=tmp_path)
    assert re.search(
        r"^  a: 0 of 1 case differs, but see \[\w+\] differs by itself$", done.stdout, re.MULTILINE
    ), done.stdout
