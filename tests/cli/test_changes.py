"""`conformance changes`: two saved runs of the same suite, word for word."""

import json
from pathlib import Path

import pytest

from tests.cli.command import conformance, settled
from tests.miniatures.server import Received, Reply, json_reply, serve

NAMES = ("alike", "breaks", "fixed", "moved", "known")
SUITE = "suite: shop/items\ncases:\n" + "".join(
    f"  - {{name: {name}, request: {{GET: /{name}}}}}\n" for name in NAMES
)
ROW = """\
decisions:
  - id: D-001
    title: b leaves the price of moved out
    state: accepted
    kind: intentional
    where: [shop/items/moved]
    cause: member
    at: ["$.price"]
    sides: {absent: [b], present: [a]}
    fix: absent
    reason: nobody reads it
    owner: shop team
    opened: "2026-11-01"
  - id: D-002
    title: b has no tags
    state: accepted
    kind: intentional
    where: [shop/items/known]
    cause: null-vs-empty-list
    at: ["$.tags"]
    sides: {"null": [b], empty list: [a]}
    fix: "null"
    reason: both are read
    owner: shop team
    opened: "2026-11-01"
"""
PLAIN = {"price": 1, "tags": []}
BEFORE = {
    "fixed": {"price": "1", "tags": []},
    "moved": {"tags": []},
    "known": {"price": 1, "tags": None},
}
AFTER = {
    "breaks": {"price": 1, "tags": ["`|<b>\x1b[31m"], "`|<b>\x1b[31m": 1},
    "moved": {"price": True, "tags": []},
    "known": BEFORE["known"],
}
CONSOLE = """\
from RUN · commit unknown
to   RUN · commit unknown
the newer run: RED: 2 failed, D-001 reopened

regressed: 1 case
  member $['`|<b>\\u001b[31m']: only in b — in 1 case
    they differ: a absent · b present
    at $['`|<b>\\u001b[31m']
    for example shop/items/breaks
      a  absent
      b  1

reopened: 1 case
  boolean as number — in 1 case: it reopens D-001
    they differ: a integer · b boolean
    at $.price
    for example shop/items/moved
      a  1
      b  true

new: 1 case
  shop/items/later  not there → passed

fixed: 1 case
  number as string — in 1 case
    they differ: a number · b string
    at $.price
    for example shop/items/fixed
      a  1
      b  "1"

gone: 1 case
  shop/items/alike  passed → not there

1 regressed · 1 reopened · 1 new · 1 fixed · 1 gone · 1 case unchanged
WORSE: 1 regressed, 1 reopened
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Make a run, change what b answers and which cases there are, and make another."""
    folder = tmp_path_factory.mktemp("changes")
    (folder / "decisions.yaml").write_text(ROW)
    answers = dict(BEFORE)

    def b(request: Received) -> Reply:
        return json_reply(answers.get(request.target.strip("/"), PLAIN))

    ids = []
    with serve(lambda _: json_reply(PLAIN)) as first, serve(b) as second:
        (folder / "runtimes.yaml").write_text(
            f"runtimes:\n  a: {{url: '{first}'}}\n  b: {{url: '{second}'}}\n"
        )
        for written, answered in ((SUITE, BEFORE), (SUITE.replace("alike", "later"), AFTER)):
            (folder / "shop.yaml").write_text(written)
            answers.clear()
            answers.update(answered)
            done = conformance("run", "shop.yaml", "--json", cwd=folder)
            ids.append(json.loads(done.stdout)["run"]["run_id"])
    return folder, ids[0], ids[1]


def test_what_changed(runs: tuple[Path, str, str]) -> None:
    """Every kind of change, grouped by cause; exit 1 because something is worse."""
    folder, base, head = runs
    done = conformance("changes", base, head, cwd=folder)

    assert settled(done.stdout) == CONSOLE
    assert (done.stderr, done.returncode) == ("", 1)


def test_what_changed_for_scripts_and_pull_requests(runs: tuple[Path, str, str]) -> None:
    """JSON holds every change with its verdicts and signatures.

    Markdown shows names from runtimes as data.
    """
    folder, base, head = runs
    report = json.loads(conformance("changes", base, "--json", cwd=folder).stdout)
    markdown = conformance("changes", base, head, "--format", "markdown", cwd=folder).stdout

    assert report["counts"] == {"regressed": 1, "reopened": 1, "new": 1, "fixed": 1, "gone": 1}
    assert [(row["kind"], row["case"], row["was"], row["now"]) for row in report["cases"]] == [
        ("new", "shop/items/later", None, "passed"),
        ("regressed", "shop/items/breaks", "passed", "failed"),
        ("fixed", "shop/items/fixed", "failed", "passed"),
        ("reopened", "shop/items/moved", "known", "failed"),
        ("gone", "shop/items/alike", "passed", None),
    ]
    assert (report["red"], report["unchanged"], report["cases"][3]["decisions"]) == (
        True,
        1,
        ["D-001"],
    )
    assert markdown.startswith(
        "# RED: 2 failed, D-001 reopened\n\n**WORSE: 1 regressed, 1 reopened** — 1 regressed ·"
    )
    assert (
        "- **member $\\['\\`\\|\\<b\\>\\\\u001b\\[31m'\\]: only in b** — in 1 case.\n" in markdown
    )
    assert "- shop/items/alike: passed → not there\n" in markdown
    assert "\x1b" not in markdown


def test_nothing_changed(runs: tuple[Path, str, str]) -> None:
    """A run against itself is no change; a newer run that did not finish never is."""
    folder, _, head = runs
    same = conformance("changes", head, head, cwd=folder)
    lines = (folder / "reports/runs" / head / "run.ndjson").read_text().splitlines(keepends=True)
    (folder / "torn").mkdir()
    (folder / "torn/run.ndjson").write_text("".join(lines[:-1]))
    torn = conformance("changes", head, "torn", cwd=folder)
    missing = conformance("changes", "no-such-run", cwd=folder)

    assert settled(same.stdout).endswith("\n\n5 cases unchanged\nNOTHING REGRESSED\n")
    assert same.returncode == 0
    assert torn.stdout.endswith("5 cases unchanged\nWORSE: the newer run did not finish\n")
    assert "warning: the head did not finish: its record is incomplete\n" in torn.stdout
    assert (torn.returncode, missing.returncode) == (1, 2)
    assert missing.stderr.startswith("error: no run 'no-such-run' in reports/runs\n  hint: ")
