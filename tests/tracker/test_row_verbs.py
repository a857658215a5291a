"""`conformance tracker open`, `accept`, `done` and `reopen`: the ledger's rows, edited in place."""

import datetime as dt

import pytest

from tests.miniatures.server import serve
from tests.tracker.shop import LEDGER, LEDGER_FILE, RUNS, SUITE, Shop, git, save_run

TODAY = dt.datetime.now(dt.UTC).date()
GIVEN = ("--owner", "me", "--reason", "so it is")
SYNC = "`conformance tracker sync` brings the document up to date\n"
OPENED = f"""\
  - id: D-002
    title: "number as string at $.order_id"
    state: open
    kind: must_match
    where: [shop/orders/one, shop/orders/three, shop/orders/two]
    signature: "number-as-string@$.order_id (number | string)"
    odd: [a]
    rest: [b]
    reason: so it is
    owner: me
    opened: "{TODAY}"
"""
DECIDED = LEDGER.replace("must_match", "intentional").replace(
    "state: open            # until", "state: accepted            # until"
)


def judged(shop: Shop, run: str) -> tuple[int, str]:
    """Return the exit code of a run that is judged by the ledger as it is now, and its last line."""
    done = shop.command("gate", run, "--ledger", str(LEDGER_FILE), cwd=shop.folder)
    return done.returncode, done.stdout.splitlines()[-1]


def test_opening_a_cause(shop: Shop) -> None:
    """The row stands at the end with the next free id, all before it byte for byte; the difference is then known."""
    assert judged(shop, "twice") == (1, "RED: 3 failed")
    done = shop.call("open", "--run", "twice", *GIVEN)

    said = f"D-002 is open in {LEDGER_FILE}: number-as-string@$.order_id (number | string)\n{SYNC}"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
    assert shop.read(LEDGER_FILE) == LEDGER + OPENED
    assert judged(shop, "twice") == (0, "PARITY, with 3 cases that differ as decided")


def test_opening_with_all_that_can_be_said(shop: Shop) -> None:
    """What is given takes the place of what the cause says; text that YAML would read otherwise is quoted."""
    words = ("--title", "ids: #1 'are' \"text\"", "--kind", "research", "--review-by", "2027-02-01", "--loc", "5")
    shop.call("open", "D-010", "--run", "twice", *GIVEN, *words)

    added = shop.read(LEDGER_FILE).removeprefix(LEDGER)
    assert added.startswith(
        '  - id: D-010\n    title: "ids: #1 \'are\' \\"text\\""\n    state: open\n    kind: research\n'
    )
    assert added.endswith(f'opened: "{TODAY}"\n    review_by: "2027-02-01"\n    loc_estimate: 5\n')
    assert judged(shop, "twice")[0] == 0


def test_opening_a_cause_of_several_signatures(shop: Shop) -> None:
    """Each is a row of its own, from the id on that was given."""
    shop.write(LEDGER_FILE, "decisions: []\n")
    done = shop.call("open", "D-005", "--cause", "1", "--run", "texts", *GIVEN)

    assert done.stdout == (
        f"D-005 is open in {LEDGER_FILE}: number-as-string@$.order_id (number | string)\n"
        f"D-006 is open in {LEDGER_FILE}: number-as-string@$.total_price (number | string)\n{SYNC}"
    )
    assert judged(shop, "texts") == (0, "PARITY, with 3 cases that differ as decided")


def test_an_id_that_was_used(synced: Shop) -> None:
    """Ids of rows that are there, and of rows that once were, are refused; the free one is named, and is the next."""
    free = "error: D-001 was used before, and ids are never reused\n  hint: D-002 is free\n"
    assert synced.refused("open", "D-001", "--run", "texts", *GIVEN) == free
    synced.write(LEDGER_FILE, "decisions: []\n")
    synced.sync()

    assert synced.refused("open", "D-001", "--run", "texts", *GIVEN) == free
    assert synced.call("open", "--run", "drops", *GIVEN).stdout.startswith("D-002 is open in ")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(
            ("open", "--cause", "2", "--run", "twice", *GIVEN),
            "--cause 2: member $.ship_to: only in a is decided in D-001\n"
            "  hint: `conformance report` shows the causes with their numbers\n",
            id="decided",
        ),
        pytest.param(
            ("open", "--cause", "2", "--run", "drops", *GIVEN),
            " has 1 cause\n  hint: `conformance report` shows the causes with their numbers\n",
            id="no such cause",
        ),
        pytest.param(("open", "7", "--run", "twice", *GIVEN), "7: wanted an id such as D-007\n", id="no id"),
        pytest.param(
            ("open", "--run", "twice", *GIVEN, "--review-by", "soon"),
            "error: wanted a date such as 2026-11-23, got 'soon'\n"
            "  hint: correct the option or argument; the ledger was not changed\n",
            id="no date",
        ),
        pytest.param(
            ("accept", "D-001", "--review-by", "2027-02-30"),
            "error: 2027-02-30 is no day of the calendar\n",
            id="no day",
        ),
        pytest.param(
            ("accept", "D-010"),
            "error: D-010: no such row in cases/decisions.yaml; did you mean 'D-001'?\n",
            id="no such row",
        ),
        pytest.param(
            ("reopen", "D-001"),
            "error: cases/decisions.yaml:4:5: D-001 is open; wanted accepted or done\n",
            id="open yet",
        ),
        pytest.param(
            ("done", "D-001", "nonsense", "--run", "alike"), "error: wanted repo@sha, got 'nonsense'\n", id="no commit"
        ),
        pytest.param(
            ("done", "D-001", "shop@1a2b3c4", "--run", "drops"),
            ": covers 3 cases\n  hint: a complete run with the odd side live must show that the difference is gone\n",
            id="not gone yet",
        ),
        pytest.param(
            ("done", "D-001", "shop@1a2b3c4", "--run", "lists"), "D-001 is reopened in run ", id="another difference"
        ),
        pytest.param(
            ("done", "D-001", "shop@1a2b3c4"), "error: no run 'latest' in reports/runs\n  hint: ", id="no run"
        ),
    ],
)
def test_what_is_refused(shop: Shop, words: tuple[str, ...], message: str) -> None:
    """The message says what is wrong and what to do, and nothing is written."""
    assert message in shop.refused(*words)


def test_accepting_and_reopening(shop: Shop) -> None:
    """Only the values change, at their place; comments, order and spaces stay."""
    said = f"D-001 is accepted in {LEDGER_FILE}; {SYNC}"
    words = ("--kind", "intentional", "--reason", "callers rely on it", "--review-by", "2027-02-01")
    assert shop.call("accept", "D-001", *words).stdout == said
    assert shop.read(LEDGER_FILE) == (
        DECIDED.replace("a port in progress", "callers rely on it") + '    review_by: "2027-02-01"\n'
    )
    assert judged(shop, "drops")[0] == 0

    assert shop.call("reopen", "D-001", "--reason", "a port in progress").returncode == 0
    expected = DECIDED.replace("state: accepted", "state: open") + '    review_by: "2027-02-01"\n'
    assert shop.read(LEDGER_FILE) == expected


def test_done_and_reopened(shop: Shop) -> None:
    """A run that shows it gone makes it done; the difference come back is a regression; reopened, it is known."""
    done = shop.call("done", "D-001", "shop@1a2b3c4", "--run", "alike")

    note = "note: whether shop@1a2b3c4 exists was not checked: repository 'shop' is not under `repositories:`\n"
    assert (done.returncode, done.stdout) == (0, f"D-001 is done in {LEDGER_FILE}; {SYNC}{note}")
    assert shop.read(LEDGER_FILE) == LEDGER.replace("state: open", "state: done") + '    commit: "shop@1a2b3c4"\n'
    assert judged(shop, "alike") == (0, "PARITY")
    assert judged(shop, "drops") == (1, "RED: 3 failed, D-001 regressed")

    shop.call("reopen", "D-001")
    assert shop.read(LEDGER_FILE) == LEDGER
    assert judged(shop, "drops")[0] == 0


def test_runs_after_the_ledger_was_edited(shop: Shop) -> None:
    """With the row done and the difference back it has regressed and exits 1; a row that is opened makes it exit 0."""
    shop.call("done", "D-001", "shop@1a2b3c4", "--run", "alike")
    with serve(RUNS["alike"]) as a, serve(RUNS["drops"]) as b, serve(RUNS["lists"]) as c:
        regressed = save_run(shop, "regressed", a, b)
        shop.call("open", "--run", "lists", *GIVEN)
        known = save_run(shop, "known", a, c)

    assert (regressed.returncode, regressed.stdout.splitlines()[-2]) == (1, "RED: 3 failed, D-001 regressed")
    assert "D-001 regressed: done in shop@1a2b3c4, and back in 3 cases\n" in regressed.stdout
    assert "D-002 covers it (open, must_match): single value vs list at $.ship_to\n" in known.stdout
    assert known.returncode == 0


def test_done_wants_a_commit_that_exists(shop: Shop) -> None:
    """A complete clone that lacks the commit refuses it; the commit it has is taken without a note."""
    other = shop.folder.parent / "other"
    other.mkdir()
    git(other, "init", "-q")
    git(other, "commit", "-q", "--allow-empty", "-m", "mended")
    head = git(other, "rev-parse", "--short=12", "HEAD")
    shop.write(LEDGER_FILE, f"repositories: {{other: ../../other}}\n{LEDGER}")

    assert shop.refused("done", "D-001", "other@0123456789", "--run", "alike") == (
        "error: other@0123456789: cases/../../other has no commit 0123456789\n  hint: fetch it, or correct the commit\n"
    )
    assert (
        shop.call("done", "D-001", f"other@{head}", "--run", "alike").stdout
        == f"D-001 is done in {LEDGER_FILE}; {SYNC}"
    )


def test_done_wants_the_odd_side_live_and_every_case(shop: Shop) -> None:
    """A recording of b, a run that was filtered and one that was killed do not show that a difference is gone."""
    shop.copy_run("alike", "recorded", recorded="b")
    assert "b is a recording in run " in shop.refused("done", "D-001", "shop@1a2b3c4", "--run", "recorded")
    shop.copy_run("alike", "baseline-recorded", recorded="a")
    assert shop.call("done", "D-001", "shop@1a2b3c4", "--run", "baseline-recorded").returncode == 0
    shop.call("reopen", "D-001")

    shop.copy_run("alike", "killed")
    record = shop.folder / "reports/runs/killed/run.ndjson"
    record.write_text("".join(record.read_text().splitlines(keepends=True)[:-1]))
    assert "no match, but the run did not finish" in shop.refused("done", "D-001", "shop@1a2b3c4", "--run", "killed")
    assert shop.read(LEDGER_FILE) == LEDGER


LAYOUTS = {
    "cr-lf": LEDGER.replace("\n", "\r\n"),
    "no line end at the end": LEDGER.rstrip("\n"),
    "a comment at the end": f"{LEDGER}  # that is all\n",
    "rows not indented": LEDGER.replace("\n  - id", "\n- id").replace("\n    ", "\n  "),
    "folded text": LEDGER.replace("reason: a port in progress", "reason: >-\n      a port\n      in progress"),
    "a list below": LEDGER.replace("where: [shop/orders/*]", "where:\n      - shop/orders/*  # all"),
    "other keys after": LEDGER.replace("budget: {b: 1}  # one, and no more\n", "") + "budget: {b: 1}\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_of_a_ledger(shop: Shop, layout: str) -> None:
    """A row is opened and taken to done and back in any block layout, and no other line changes."""
    written = LAYOUTS[layout]
    shop.write(LEDGER_FILE, written)
    assert shop.call("done", "D-001", "shop@1a2b3c4", "--run", "alike").stderr == ""
    assert "\n\n" not in shop.read(LEDGER_FILE)
    assert shop.call("reopen", "D-001").stderr == ""
    assert shop.read(LEDGER_FILE).rstrip() == written.rstrip()

    assert shop.call("open", "--run", "twice", *GIVEN).stderr == ""
    kept = set(shop.read(LEDGER_FILE).splitlines())
    assert kept >= set(written.splitlines())
    assert judged(shop, "twice")[0] == 0


def test_a_layout_that_cannot_be_edited(shop: Shop) -> None:
    """A flow-style ledger takes a change of a row, and refuses a new one with advice."""
    row = (
        LEDGER.partition("  - ")[2]
        .replace("            # until the port is done", "")
        .replace("    # Callers were asked.\n", "")
    )
    flow = "decisions: [{" + ", ".join(line.strip() for line in row.splitlines()) + "}]\n"
    shop.write(LEDGER_FILE, flow)
    assert shop.call("accept", "D-001").stderr == ""
    assert shop.read(LEDGER_FILE) == flow.replace("state: open", "state: accepted")

    assert shop.refused("open", "--run", "twice", *GIVEN) == (
        f"error: {LEDGER_FILE}: this layout cannot be edited in place; nothing was changed\n"
        "  hint: write the ledger in block style, or make this change by hand\n"
    )


def test_cases_beside_the_cause(shop: Shop) -> None:
    """A row names just the cases that show its difference."""
    shop.write(LEDGER_FILE, "decisions: []\n")
    shop.call("open", "--run", "drops-in-one", *GIVEN)

    assert "where: [shop/orders/one]\n" in shop.read(LEDGER_FILE)
    assert SUITE.count("name:") == 3
