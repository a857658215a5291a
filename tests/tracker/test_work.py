"""Rows that are work: what shows them, and what `check`, `sync` and `done` make of it."""

import json
from pathlib import Path

import pytest

from tests.tracker.shop import DOCUMENT, LEDGER, LEDGER_FILE, Shop, git

WORK = """\
  - id: D-002
    title: orders on b
    state: {state}
    kind: work
    evidence:
      - {evidence}
    reason: the cut-over needs it
    owner: orders team
    opened: "2026-11-02"
    loc_estimate: 40
"""
OF_CASES = "{cases: [shop/orders/*], runtimes: [a, b]}"
OF_REPORT = '{report: reports/load.md, claims: {scenarios_per_s: ">= 438", failed: "== 0"}}'
RECORD = {
    "scenarios_per_s": 453.1,
    "failed": 0,
    "run": {"commit": "43aec9f2a5d3", "started": "2026-11-26T08:07:02"},
}


def write(shop: Shop, evidence: str, state: str = "done") -> None:
    """Add a row of work to the ledger."""
    shop.write(LEDGER_FILE, LEDGER + WORK.format(state=state, evidence=evidence))


def commit_report(shop: Shop, record: object) -> None:
    """Commit a report with its record."""
    shop.write(Path("reports/load.md"), "# Load\n")
    shop.write(Path("reports/load.json"), json.dumps(record))
    git(shop.folder, "init", "-q")
    git(shop.folder, "add", "reports/load.md", "reports/load.json")
    git(shop.folder, "commit", "-q", "-m", "a report")


def test_work_that_its_cases_show(shop: Shop) -> None:
    """A complete run in which they pass shows it.

    One in which they do not makes it regressed, and red.
    """
    write(shop, OF_CASES)
    shop.edit(LEDGER_FILE, "state: open            # until the port is done", "state: accepted")
    shop.sync("--run", "drops")
    said = shop.read(DOCUMENT)
    assert "### Work\n" in said
    assert "| D-002 | orders on b | done | `shop/orders/*` | about 40 lines |" in said
    code, problems = shop.check()
    assert (code, "D-002 is regressed in the run of " in problems) == (1, True)
    assert "done, and shop/orders/one no longer passes" in problems

    shop.sync("--run", "alike")
    assert "D-002 is regressed" not in shop.check()[1]
    assert "holds in 3 cases" in shop.read(DOCUMENT)


def test_a_part_of_its_cases_says_nothing(shop: Shop) -> None:
    """A run of one case does not show it, and says so."""
    write(shop, OF_CASES)
    shop.copy_run("alike", "part")
    record = shop.folder / "reports/runs/part/run.ndjson"
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    lines[0]["run"]["unselected"] = ["shop/orders/three"]
    record.write_text(
        "".join(
            f"{json.dumps(line)}\n" for line in lines if line.get("case") != "shop/orders/three"
        )
    )
    done = shop.command("gate", "part", "--ledger", str(LEDGER_FILE), "--json", cwd=shop.folder)
    rows = {row["decision_id"]: row for row in json.loads(done.stdout)["ledger"]}
    assert rows["D-002"]["reason"] == "not shown by this run"


def test_a_report_whose_claims_hold(shop: Shop) -> None:
    """The report is committed, its record names commit and day, and the figures are as claimed."""
    shop.edit(LEDGER_FILE, "state: open            # until the port is done", "state: accepted")
    write(shop, OF_REPORT)
    commit_report(shop, RECORD)
    shop.sync("--run", "drops")
    assert shop.check()[0] == 0
    assert "| by its report |" in shop.read(DOCUMENT)


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        pytest.param(
            RECORD | {"failed": 3}, "load.json: wanted failed == 0, got 3", id="another figure"
        ),
        pytest.param(
            RECORD | {"scenarios_per_s": 437.9},
            "wanted scenarios_per_s >= 438, got 437.9",
            id="too few",
        ),
        pytest.param(
            {"run": RECORD["run"], "failed": 0},
            "wanted scenarios_per_s >= 438, got nothing",
            id="no figure",
        ),
        pytest.param(
            RECORD | {"run": {}},
            "load.json does not name the commit and the day of its run (run.commit, run.started)",
            id="no commit",
        ),
    ],
)
def test_a_report_whose_claims_do_not_hold(shop: Shop, record: object, problem: str) -> None:
    """The row is regressed, with what its record says instead."""
    write(shop, OF_REPORT)
    commit_report(shop, record)
    shop.sync("--run", "drops")
    code, problems = shop.check()
    assert code == 1
    assert (
        f"cases/decisions.yaml:{shop.line(LEDGER_FILE, 'D-002')}:5: D-002 is regressed: "
        in problems
    )
    assert problem in problems


def test_a_report_that_nobody_committed(shop: Shop) -> None:
    """A file that is only here shows nothing."""
    write(shop, OF_REPORT)
    shop.write(Path("reports/load.md"), "# Load\n")
    git(shop.folder, "init", "-q")
    shop.sync("--run", "drops")
    assert "D-002 is regressed: report reports/load.md is not committed" in shop.check()[1]


def test_work_is_done_when_it_is_shown(shop: Shop) -> None:
    """`done` wants evidence that holds, and no commit; open work counts in no budget."""
    write(shop, OF_CASES, state="open")
    shop.sync("--run", "drops")
    assert "budget" not in shop.check()[1]
    refused = shop.refused("done", "D-002", "--run", "drops")
    assert "work in progress: shop/orders/one does not pass yet\n" in refused
    done = shop.call("done", "D-002", "--run", "alike")
    assert (done.returncode, done.stderr) == (0, "")
    assert "    state: done\n" in shop.read(LEDGER_FILE)
