"""The command outside any repository, with no file but a suite.

The output that a new user sees is compared word for word.
"""

import json
from pathlib import Path

import pytest

from tests.cli.command import conformance, settled
from tests.miniatures.server import Received, Reply, Service, always, json_reply, serve

SUITE = """\
suite: shop/items
cases:
  - name: one-item
    request: {GET: /items/1}
    expect: {status: 200}
  - name: an-unknown-item
    request: {GET: /items/none}
"""


def shop(*, item: object, unknown: Reply) -> Service:
    """Return a shop that knows one item."""

    def answer(request: Received) -> Reply:
        return json_reply(item) if request.target == "/items/1" else unknown

    return answer


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Write the suite into an empty folder."""
    (tmp_path / "shop.yaml").write_text(SUITE)
    return tmp_path


DIFFERENCES = (
    "run RUN · TIME · commit unknown\n"
    "  a  live, attached at http://127.0.0.1:PORT\n"
    "  b  live, attached at http://127.0.0.1:PORT\n"
    "\n"
    "1/2 status codes match · 1/1 body shapes diverge\n"
    "  a: 2 of 2 cases differ, for 3 causes\n"
    "  b: 2 of 2 cases differ, for 3 causes\n"
    "\n"
    "1. [d3h5] status differs (no such item) — 1 of 2 cases\n"
    "   they differ: a 404 · b 400\n"
    "   for example shop/items/an-unknown-item at status\n"
    "     a  404 Status\n"
    "     b  400 Status\n"
    "   1 case undecided: conformance decide d3h5 --owner WHO --reason WHY\n"
    "\n"
    "2. [x574] number as string — 1 of 2 cases\n"
    "   they differ: a number · b string\n"
    "   A number is written as text on one side, often to keep more digits than a double holds.\n"
    "   for example shop/items/one-item at $.id\n"
    "     a  1\n"
    '     b  "1"\n'
    "   1 case undecided: conformance decide x574 --owner WHO --reason WHY\n"
    "\n"
    "3. [xqlr] null vs empty list — 1 of 2 cases\n"
    "   they differ: a empty list · b null\n"
    "   A list with nothing in it is null on one side and [] on the other.\n"
    "   for example shop/items/one-item at $.tags\n"
    "     a  []\n"
    "     b  null\n"
    "   1 case undecided: conformance decide xqlr --owner WHO --reason WHY\n"
    "\n"
    "2 cases failed because of these causes: shop/items/one-item, shop/items/an-unknown-item\n"
    "\n"
    "not checked:\n"
    "  cases in which no runtime answered 2xx or 3xx: 1 case, for example "
    "shop/items/an-unknown-item; hint: "
    "write `expect: {status: …}` where the refusal is meant\n"
    "\n"
    "warning: no fix is proposed for a, b: name the language, by --language a=LANGUAGE or by "
    "`language:` in the "
    "runtimes file\n"
    "2 cases: 2 failed\n"
    "RED: 2 failed\n"
    "reports: reports/runs/RUN/report.html, reports/runs/RUN/report.md, "
    "reports/runs/RUN/report.json\n"
)
NOT_FOUND = json_reply({"error": "no such item"}, 404)


def test_two_services_alike_are_parity(suite: Path) -> None:
    """Two services that agree give zero findings and exit 0."""
    service = shop(item={"id": 1, "tags": []}, unknown=NOT_FOUND)
    with serve(service) as a, serve(service) as b:
        done = conformance(
            "run", "shop.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=suite
        )

    assert settled(done.stdout) == (
        "run RUN · TIME · commit unknown\n"
        "  a  live, attached at http://127.0.0.1:PORT\n"
        "  b  live, attached at http://127.0.0.1:PORT\n"
        "\n"
        "2/2 status codes match · 2/2 body shapes match\n"
        "\n"
        "not checked:\n"
        "  cases in which no runtime answered 2xx or 3xx: 1 case, for example "
        "shop/items/an-unknown-item; hint: "
        "write `expect: {status: …}` where the refusal is meant\n"
        "\n"
        "2 cases: 2 passed\n"
        "PARITY\n"
        "reports: reports/runs/RUN/report.html, reports/runs/RUN/report.md, "
        "reports/runs/RUN/report.json\n"
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_two_services_that_differ_are_red(suite: Path) -> None:
    """Differences are grouped by cause, and the exit code is 1.

    Each cause has who is odd, an example and the command that decides it.
    """
    first = shop(item={"id": 1, "tags": []}, unknown=NOT_FOUND)
    second = shop(
        item={"id": "1", "tags": None}, unknown=json_reply({"error": "no such item"}, 400)
    )
    with serve(first) as a, serve(second) as b:
        done = conformance(
            "run", "shop.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=suite
        )

    assert settled(done.stdout) == DIFFERENCES
    assert done.returncode == 1


def test_what_comes_after_a_run(suite: Path) -> None:
    """A saved run is reported, explained, gated and rerun by what failed, with no service alive."""
    with serve(always({"id": 1})) as a, serve(always({"id": 1.5})) as b:
        runtimes = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        first = conformance("run", "shop.yaml", *runtimes, "--json", cwd=suite)
        again = conformance(
            "run", "shop.yaml", *runtimes, "--last-failed", "--case", "*/one-*", cwd=suite
        )
    report = json.loads(first.stdout)
    assert (report["red"], report["counts"]["failed"], len(report["groups"])) == (True, 2, 1)
    assert report["groups"][0]["signatures"] == ["type@$.id (integer | number)"]
    assert "1 case: 1 failed" in again.stdout

    saved = conformance("report", "--run", report["run"]["run_id"], "--json", cwd=suite)
    assert saved.stdout == first.stdout
    markdown = conformance("report", "--format", "markdown", cwd=suite)
    assert markdown.stdout.startswith(
        "# RED: 1 failed\n\n**1/1 status codes match · 1/1 body shapes diverge**\n"
    )
    assert conformance("gate", cwd=suite).returncode == 1

    key = report["groups"][0]["key"]
    explained = conformance("explain", key[:4], cwd=suite)
    assert f"curl --include --path-as-is --request GET {a}/items/1" in explained.stdout
    assert f"  undecided: `conformance decide {key} --owner WHO --reason WHY`\n" in explained.stdout


def test_a_row_makes_a_saved_run_green(suite: Path) -> None:
    """A difference that is written down is known, and the gate judges the saved run by it."""
    with serve(always({"id": 1})) as a, serve(always({"id": 1.5})) as b:
        conformance("run", "shop.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=suite)
    (suite / "decisions.yaml").write_text(
        """\
decisions:
  - id: D-001
    title: b answers ids as floats
    state: accepted
    kind: intentional
    where: [shop/items/*]
    cause: type
    at: ["$.id"]
    sides: {number: [b], integer: [a]}
    fix: number
    grows: true
    reason: a client reads both
    owner: shop team
    opened: "2026-11-01"
"""
    )

    done = conformance("gate", "--ledger", "decisions.yaml", cwd=suite)

    assert done.stdout == "2 cases: 2 known\nPARITY, with 2 cases that differ as decided\n"
    assert done.returncode == 0


def test_a_changed_value_is_put_into_words(suite: Path) -> None:
    """Where a suite compares values, `explain` says which value changed from what to what."""
    (suite / "shop.yaml").write_text(
        SUITE.replace("suite: shop/items", "suite: shop/items\ncompare: value")
    )
    with serve(always({"id": 1, "tags": ["a"]})) as a, serve(always({"id": 2, "tags": ["a"]})) as b:
        done = conformance(
            "run", "shop.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=suite
        )
    explained = conformance("explain", "shop/items/one-item", cwd=suite)

    assert (
        "2/2 status codes match · 2/2 body shapes match · 2/2 bodies diverge by value"
        in done.stdout
    )
    changes = "all that changes in the body from a to b, whatever a rule allows:\n  $.id: 1 → 2\n"
    assert changes in explained.stdout
