"""`conformance tracker check`: each error that it finds, and the nearest correct state."""

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.tracker.check_verdicts import GREEN, ROW, red
from tests.tracker.days import today
from tests.tracker.shop import DOCUMENT, LEDGER, LEDGER_FILE, SUITE, Shop, git

SUITE_FILE = Path("cases/orders.yaml")
ANOTHER = LEDGER.partition("decisions:\n")[2].replace("D-001", "D-002")


def test_what_is_true(synced: Shop) -> None:
    """A document that is up to date is said to be true, in words and in JSON, with its run too.

    Nothing is written.
    """
    before = synced.bytes()

    assert synced.check() == synced.check("--run", "drops") == synced.check("--fresh") == GREEN
    code, said = synced.check("--json")
    counts = {"verified": 2, "by report": 0, "owner's statement": 0, "to do": 0, "not verified": 0}
    assert (code, json.loads(said)) == (
        0,
        {"problems": [], "diff": "", "rows": counts, "notes": []},
    )
    assert synced.bytes() == before


def test_a_row_that_fewer_cases_show(synced: Shop) -> None:
    """It is red until its `where` holds just those (rule 7)."""
    synced.sync("--run", "drops-in-one")
    assert synced.check() == red(
        f"{ROW} is narrowed in the run of {today()}: seen in only 1 of its 3 cases; "
        "it now covers $.ship_to in shop/orders/one; then sync with the run again"
    )

    synced.edit(
        LEDGER_FILE, "[shop/orders/one, shop/orders/three, shop/orders/two]", "[shop/orders/one]"
    )
    synced.sync("--run", "drops-in-one")
    assert synced.check() == GREEN


def red_rows(shop: Shop) -> list[str]:
    """Return what is said of the two rows of the comparison where their cases are red."""
    lines = (
        shop.line(DOCUMENT, words)
        for words in ("| orders have one shape", "| the first order is quick")
    )
    what = f"its cases are red since {today()}: correct the row, or what it is about"
    return [f"{DOCUMENT}:{line}:1: {what}" for line in lines]


def test_a_row_whose_difference_has_changed(synced: Shop) -> None:
    """It is red, as one message, until the row says what the difference is now (rule 8)."""
    synced.sync("--run", "lists")
    assert synced.check() == red(
        f"{ROW} is reopened in the run of {today()}: its difference has changed and is now "
        "scalar-vs-list@$.ship_to (list | single value) in 3 cases, such as shop/orders/one: "
        "fix the row, or decide again; then sync with the run again",
        *red_rows(synced),
        rows="2 rows: 2 not verified; 1 decision",
    )

    synced.edit(LEDGER_FILE, "cause: member", "cause: scalar-vs-list")
    synced.edit(LEDGER_FILE, "{absent: [b], present: [a]}", "{list: [b], single value: [a]}")
    synced.edit(LEDGER_FILE, "fix: absent", "fix: list")
    synced.sync("--run", "lists")
    assert synced.check() == GREEN


def test_a_row_that_no_case_shows(synced: Shop) -> None:
    """It is stale and red, until it is done."""
    synced.sync("--run", "alike")
    assert synced.check() == red(
        f"{ROW} is stale in the run of {today()}: no longer seen in its 3 cases: mark it done, or "
        "fix the row; "
        "then sync with the run again"
    )

    synced.call("done", "D-001", "shop@1a2b3c4", "--run", "alike")
    synced.sync("--run", "alike")
    assert synced.check() == GREEN


def test_a_done_row_that_fails(synced: Shop) -> None:
    """It has regressed and is red; a done row that holds is not."""
    synced.call("done", "D-001", "shop@1a2b3c4", "--run", "alike")
    synced.sync("--run", "alike")
    synced.sync("--run", "drops")
    assert synced.check() == red(
        f"{ROW} is regressed in the run of {today()}: done in shop@1a2b3c4, and back in 3 cases; "
        "then sync with the run again",
        *red_rows(synced),
        rows="2 rows: 2 not verified; 1 decision",
    )

    synced.call("reopen", "D-001")
    synced.sync("--run", "drops")
    assert synced.check()[1].startswith(
        f"{LEDGER_FILE}: budget of b: at most 0 open rows, and there are 1: "
    )


@pytest.mark.parametrize(
    ("days", "state", "overdue"), [(-1, "open", True), (0, "open", False), (-1, "done", False)]
)
def test_a_review_that_is_due(synced: Shop, days: int, state: str, overdue: bool) -> None:
    """A review that was due yesterday is red.

    One due today is not, nor one of a row that is done.
    """
    day = today() + dt.timedelta(days=days)
    synced.edit(LEDGER_FILE, '"2026-11-01"\n', f'"2026-11-01"\n    review_by: "{day}"\n')
    if state == "done":
        synced.call("done", "D-001", "shop@1a2b3c4", "--run", "alike")
    synced.sync()

    said = red(f"{ROW}: its review was due by {day}, owner orders team")
    assert synced.check() == (said if overdue else GREEN)


def test_a_row_of_a_day_to_come(synced: Shop) -> None:
    """A row cannot have been opened on a future day.

    Its age would be negative.
    """
    synced.edit(LEDGER_FILE, '"2026-11-01"', '"2999-01-01"')
    synced.sync()
    what = "D-001: opened on 2999-01-01, which is not yet: write the day on which it was"
    assert synced.check() == red(f"{ROW.partition(': D-001')[0]}: {what}")


def test_ids_that_are_no_decision(synced: Shop) -> None:
    """They are found in prose, tables and inline code, and in a suite's comments and reasons."""
    synced.edit(DOCUMENT, "## Operations\n", "See D-002, and `D-0011`.\n\n## Operations\n")
    at = synced.line(DOCUMENT, "See D-002")
    rule = "rules:\n  - {path: $.placed_at, is: string, why: 'as D-003 has it'}\n"
    synced.write(SUITE_FILE, SUITE.replace("cases:", f"{rule}cases:  # D-004"))

    found = [
        line for line in synced.check()[1].splitlines() if "is no decision of the ledger" in line
    ]
    assert found == [
        f"{SUITE_FILE}:3:46: D-003 is no decision of the ledger; did you mean 'D-001'?",
        f"{SUITE_FILE}:4:11: D-004 is no decision of the ledger; did you mean 'D-001'?",
        f"{DOCUMENT}:{at}:5: D-002 is no decision of the ledger; did you mean 'D-001'?",
        f"{DOCUMENT}:{at}:17: D-0011 is no decision of the ledger; did you mean 'D-001'?",
    ]


def test_what_only_looks_like_an_id(synced: Shop) -> None:
    """Known ids, other words, examples in code blocks and what a suite sends are left alone."""
    synced.edit(
        DOCUMENT,
        "## Operations\n",
        "See D-001, SKU-D-123, D-123-4 and D-12.\n\n```\ntracker done D-007 go@1a2b3c4\n```\n\n## "
        "Operations\n",
    )
    synced.write(
        SUITE_FILE,
        SUITE.replace(
            "{GET: /orders/1}", '{GET: /orders/1, headers: {x-part: "D-404 # D-405"}} # D-001'
        ),
    )

    assert "is no decision of the ledger" not in synced.check()[1]


def test_an_id_that_was_given_before(synced: Shop) -> None:
    """A row that reuses the id of a removed row, or changes its subject, is refused and red."""
    synced.write(LEDGER_FILE, "decisions: []\n")
    assert "news: D-001 removed\n" in synced.sync()
    assert synced.check()[0] == 0
    synced.write(LEDGER_FILE, LEDGER)

    said = f"{ROW} was removed on {today()}, and ids are never reused: take the next one\n"
    assert synced.refused("sync") == f"error: {said}"
    assert said in synced.check()[1]


def test_an_id_that_means_something_else(synced: Shop) -> None:
    """Another day and another difference are another decision.

    A corrected difference or day alone is the same one.
    """
    synced.edit(LEDGER_FILE, "$.ship_to", "$.order_lines")
    assert "ids are never reused" not in synced.check()[1]
    synced.edit(LEDGER_FILE, "2026-11-01", "2026-11-02")

    said = (
        f"{ROW} was about member@$.ship_to (absent | present), opened 2026-11-01, and ids are "
        "never reused: take the"
    )
    assert synced.refused("sync").startswith(f"error: {said}")
    assert said in synced.check()[1]
    synced.write(LEDGER_FILE, LEDGER.replace("2026-11-01", "2026-11-02"))
    assert "ids are never reused" not in synced.check()[1]


def test_two_rows_for_one_finding(synced: Shop) -> None:
    """The second is red where both cover a case; disjoint rows are not."""
    synced.write(LEDGER_FILE, LEDGER.replace("{b: 1}", "{b: 2}") + ANOTHER)
    synced.sync()
    at = synced.line(LEDGER_FILE, "D-002")

    said = red(
        f"{LEDGER_FILE}:{at}:5: D-002 and D-001 claim the same finding of shop/orders/one: both "
        "are about "
        "a and b (one difference has one row: merge them, or take the case out of one)",
        rows="2 rows: 2 verified; 2 decisions",
    )
    assert synced.check() == said
    assert synced.check("--run", "drops") == said

    one = LEDGER.replace(
        "[shop/orders/one, shop/orders/three, shop/orders/two]", "[shop/orders/one]"
    )
    others = ANOTHER.replace("[shop/orders/one, ", "[")
    synced.write(LEDGER_FILE, one.replace("{b: 1}", "{b: 2}") + others)
    synced.sync("--run", "drops")
    assert synced.check()[0] == 0


def test_a_row_about_no_case(synced: Shop) -> None:
    """A `where` that no case matches is red."""
    synced.edit(
        LEDGER_FILE, "[shop/orders/one, shop/orders/three, shop/orders/two]", "[shop/order/one]"
    )
    synced.sync()

    assert synced.check() == red(
        f"{ROW}: there is no case shop/order/one (correct `where`, or remove the row)"
    )


@pytest.fixture
def fixed(synced: Shop) -> Shop:
    """Return a shop whose row was done in the second of two commits of another repository."""
    other = synced.folder.parent / "other"
    other.mkdir()
    git(other, "init", "-q", "-b", "main")
    for name in ("first", "second"):
        (other / name).write_text(name)
        git(other, "add", "-A")
        git(other, "commit", "-q", "-m", name)
    git(other.parent, "clone", "-q", "--depth", "1", other.as_uri(), "shallow")
    first = git(other, "rev-parse", "HEAD~1")
    done = synced.call("done", "D-001", f"other@{first}", "--run", "alike")
    assert done.stdout.endswith(
        "was not checked: repository 'other' is not under `repositories:`\n"
    )
    return synced


def test_a_commit_that_does_not_exist(fixed: Shop) -> None:
    """A complete clone that lacks the commit makes it red.

    It has the true one, and an abbreviated one.
    """
    true = fixed.read(LEDGER_FILE).rpartition("other@")[2].strip('"\n')
    fixed.write(LEDGER_FILE, f"repositories: {{other: ../../other}}\n{fixed.read(LEDGER_FILE)}")
    fixed.sync()
    assert fixed.check() == GREEN
    fixed.edit(LEDGER_FILE, true, true[:9])
    fixed.sync()
    assert fixed.check() == GREEN

    fixed.edit(LEDGER_FILE, true[:9], "0123456789")
    fixed.sync()
    assert fixed.check() == red(
        f"{LEDGER_FILE}:5:5: D-001: commit other@0123456789 does not exist: cases/../../other has "
        "no commit 0123456789"
    )


@pytest.mark.parametrize("clone", ["../../shallow", "../../absent", "..", None])
def test_a_commit_that_nobody_here_can_judge(fixed: Shop, clone: str | None) -> None:
    """A commit that cannot be judged here is not red.

    Examples are a shallow clone without the commit, a folder that is no clone, and a repository
    that is not configured.
    """
    if clone is not None:
        fixed.write(LEDGER_FILE, f"repositories: {{other: {clone}}}\n{fixed.read(LEDGER_FILE)}")
    fixed.sync()

    assert fixed.check() == GREEN


def test_a_budget_that_is_exceeded(synced: Shop) -> None:
    """More open rows than the budget are red; as many are not, nor are runtimes without one."""
    row = ANOTHER.replace("$.ship_to", "$.order_lines")
    synced.write(LEDGER_FILE, LEDGER + row)
    synced.sync()
    assert synced.check() == red(
        f"{LEDGER_FILE}: budget of b: at most 1 open rows, and there are 2: "
        "close one, or raise the budget in a change that says why",
        rows="2 rows: 2 verified; 2 decisions",
    )

    synced.write(LEDGER_FILE, LEDGER.replace("{b: 1}", "{b: 2}") + row)
    synced.sync()
    assert synced.check()[0] == 0
    synced.write(LEDGER_FILE, LEDGER.replace("budget: {b: 1}", "budget: {}") + row)
    synced.sync()
    assert synced.check()[0] == 0
