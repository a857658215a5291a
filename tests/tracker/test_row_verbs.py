"""`conformance tracker accept`, `done`, `reopen` and `migrate` edit ledger rows in place."""

from pathlib import Path

import pytest

from tests.miniatures.server import serve
from tests.tracker.shop import LEDGER, LEDGER_FILE, RUNS, Shop, git, save_run

GIVEN = ("--owner", "me", "--reason", "so it is")
SYNC = "`conformance tracker sync` brings the document up to date\n"
DECIDED = LEDGER.replace("must_match", "intentional").replace(
    "state: open            # until", "state: accepted            # until"
)


def judged(shop: Shop, run: str) -> tuple[int, str]:
    """Return the exit code and the last line of a run judged by the current ledger."""
    done = shop.command("gate", run, "--ledger", str(LEDGER_FILE), cwd=shop.folder)
    return done.returncode, done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(
            ("accept", "D-001", "--review-by", "2027-02-30"),
            "error: review_by: 2027-02-30 is no day of the calendar\n",
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
            ("done", "D-001", "nonsense", "--run", "alike"),
            "error: commit: wanted repo@sha, got 'nonsense'\n",
            id="no commit",
        ),
        pytest.param(
            ("done", "D-001", "shop@1a2b3c4", "--run", "drops"),
            ": covers 3 cases\n  hint: a complete run with the fixed side live must show that the "
            "difference is gone\n",
            id="not gone yet",
        ),
        pytest.param(
            ("done", "D-001", "shop@1a2b3c4", "--run", "lists"),
            "D-001 is reopened in run ",
            id="another difference",
        ),
        pytest.param(
            ("done", "D-001", "shop@1a2b3c4"),
            "error: no run 'latest' in reports/runs\n  hint: ",
            id="no run",
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
        DECIDED.replace("a port in progress", "callers rely on it")
        + '    review_by: "2027-02-01"\n'
    )
    assert judged(shop, "drops")[0] == 0

    assert shop.call("reopen", "D-001", "--reason", "a port in progress").returncode == 0
    expected = DECIDED.replace("state: accepted", "state: open") + '    review_by: "2027-02-01"\n'
    assert shop.read(LEDGER_FILE) == expected


def test_done_and_reopened(shop: Shop) -> None:
    """A run that shows it gone makes it done; the difference come back is a regression.

    Reopened, it is known.
    """
    done = shop.call("done", "D-001", "shop@1a2b3c4", "--run", "alike")

    note = (
        "note: whether shop@1a2b3c4 exists was not checked: repository 'shop' is not under "
        "`repositories:`\n"
    )
    assert (done.returncode, done.stdout) == (0, f"D-001 is done in {LEDGER_FILE}; {SYNC}{note}")
    assert (
        shop.read(LEDGER_FILE)
        == LEDGER.replace("state: open", "state: done") + '    commit: "shop@1a2b3c4"\n'
    )
    assert judged(shop, "alike") == (0, "PARITY")
    assert judged(shop, "drops") == (1, "RED: 3 failed, D-001 regressed")

    shop.call("reopen", "D-001")
    assert shop.read(LEDGER_FILE) == LEDGER
    assert judged(shop, "drops")[0] == 0


def test_runs_after_the_ledger_was_edited(shop: Shop) -> None:
    """With the row done and the difference back it has regressed and exits 1.

    A row that decides it makes it exit 0.
    """
    shop.call("done", "D-001", "shop@1a2b3c4", "--run", "alike")
    with serve(RUNS["alike"]) as a, serve(RUNS["drops"]) as b, serve(RUNS["lists"]) as c:
        regressed = save_run(shop, "regressed", a, b)
        shop.decide("--all", "--run", "lists", *GIVEN)
        known = save_run(shop, "known", a, c)

    assert (regressed.returncode, regressed.stdout.splitlines()[-2]) == (
        1,
        "RED: 3 failed, D-001 regressed",
    )
    assert "D-001 regressed: done in shop@1a2b3c4, and back in 3 cases\n" in regressed.stdout
    assert "D-002 covers it (open, must_match): single value vs list at $.ship_to\n" in known.stdout
    assert known.returncode == 0


def test_done_wants_a_commit_that_exists(shop: Shop) -> None:
    """A complete clone that lacks the commit refuses it.

    The commit it has is taken without a note.
    """
    other = shop.folder.parent / "other"
    other.mkdir()
    git(other, "init", "-q")
    git(other, "commit", "-q", "--allow-empty", "-m", "fixed")
    head = git(other, "rev-parse", "--short=12", "HEAD")
    shop.write(LEDGER_FILE, f"repositories: {{other: ../../other}}\n{LEDGER}")

    assert shop.refused("done", "D-001", "other@0123456789", "--run", "alike") == (
        "error: other@0123456789: cases/../../other has no commit 0123456789\n  hint: fetch it, "
        "or correct the commit\n"
    )
    assert (
        shop.call("done", "D-001", f"other@{head}", "--run", "alike").stdout
        == f"D-001 is done in {LEDGER_FILE}; {SYNC}"
    )


def test_done_wants_the_odd_side_live_and_every_case(shop: Shop) -> None:
    """A recording of b and a run that is not whole do not show that a difference is gone.

    A run that was filtered and one that was killed are not whole.
    """
    shop.copy_run("alike", "recorded", recorded="b")
    assert "b is a recording in run " in shop.refused(
        "done", "D-001", "shop@1a2b3c4", "--run", "recorded"
    )
    shop.copy_run("alike", "baseline-recorded", recorded="a")
    assert shop.call("done", "D-001", "shop@1a2b3c4", "--run", "baseline-recorded").returncode == 0
    shop.call("reopen", "D-001")

    shop.copy_run("alike", "killed")
    record = shop.folder / "reports/runs/killed/run.ndjson"
    record.write_text("".join(record.read_text().splitlines(keepends=True)[:-1]))
    assert "no match, but the run did not finish" in shop.refused(
        "done", "D-001", "shop@1a2b3c4", "--run", "killed"
    )
    assert shop.read(LEDGER_FILE) == LEDGER


LAYOUTS = {
    "cr-lf": LEDGER.replace("\n", "\r\n"),
    "no line end at the end": LEDGER.rstrip("\n"),
    "a comment at the end": f"{LEDGER}  # that is all\n",
    "rows not indented": LEDGER.replace("\n  - id", "\n- id").replace("\n    ", "\n  "),
    "folded text": LEDGER.replace(
        "reason: a port in progress", "reason: >-\n      a port\n      in progress"
    ),
    "a list below": LEDGER.replace(
        "where: [shop/orders/one, shop/orders/three, shop/orders/two]",
        "where:\n      - shop/orders/one  # all\n      - shop/orders/three\n      - "
        "shop/orders/two",
    ),
    "other keys after": LEDGER.replace("budget: {b: 1}  # one, and no more\n", "")
    + "budget: {b: 1}\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_of_a_ledger(shop: Shop, layout: str) -> None:
    """Adding a row, or taking one to done and back, changes no other line.

    This holds in any block layout.
    """
    written = LAYOUTS[layout]
    shop.write(LEDGER_FILE, written)
    assert shop.call("done", "D-001", "shop@1a2b3c4", "--run", "alike").stderr == ""
    assert "\n\n" not in shop.read(LEDGER_FILE)
    assert shop.call("reopen", "D-001").stderr == ""
    assert shop.read(LEDGER_FILE).rstrip() == written.rstrip()

    assert shop.decide("--all", "--run", "twice", *GIVEN).stderr == ""
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

    assert shop.decide("--all", "--run", "twice", *GIVEN).stderr == (
        f"error: {LEDGER_FILE}: this layout cannot be edited in place; nothing was changed\n"
        "  hint: write the ledger in block style, or make this change by hand\n"
    )


OLD_ROW = """\
    signature: "member@$.ship_to (absent | present)"
    odd: [b]
    rest: [a]
"""
NEW_ROW = """\
    cause: member
    at: ["$.ship_to"]
    where: [shop/orders/one, shop/orders/three, shop/orders/two]
    sides: {absent: [b], present: [a]}
    fix: absent
"""
WHERE = "[shop/orders/one, shop/orders/three, shop/orders/two]"
OLD = LEDGER.replace(NEW_ROW, f"    where: {WHERE}\n{OLD_ROW}")


def test_migrating_an_old_ledger(shop: Shop) -> None:
    """Every verb refuses rows of an earlier version with the command that rewrites them.

    The command rewrites them in place.
    """
    assert OLD != LEDGER
    shop.write(LEDGER_FILE, OLD)
    advice = (
        "`conformance tracker migrate --ledger cases/decisions.yaml` rewrites the file in place"
    )
    refused = shop.command("gate", "drops", "--ledger", str(LEDGER_FILE), cwd=shop.folder)
    assert (refused.returncode, refused.stderr.partition(": this row")[0]) == (
        2,
        "error: cases/decisions.yaml:4:5",
    )
    assert advice in refused.stderr
    assert advice in shop.refused("accept", "D-001")

    done = shop.call("migrate")
    assert done.stdout == "D-001 is rewritten\n"
    assert shop.read(LEDGER_FILE) == LEDGER
    assert shop.call("migrate").stdout == "cases/decisions.yaml has no row of an earlier version\n"
    assert judged(shop, "drops") == (0, "PARITY, with 3 cases that differ as decided")


@pytest.mark.parametrize(
    ("signature", "lines"),
    [
        pytest.param(
            "value@$.total_price (differs | differs)",
            '    cause: value\n    at: ["$.total_price"]\n'
            "    sides: {v1: [b], v2: [a]}\n    fix: v1\n    pin: {any: true}\n",
            id="values",
        ),
        pytest.param(
            "header@etag (present | absent)",
            "    cause: header\n    at: [header etag]\n    sides: {present: [b], absent: [a]}\n   "
            " fix: present\n",
            id="header",
        ),
        pytest.param(
            "note@bom (present | absent)",
            "    cause: note\n    at: [note bom]\n    sides: {present: [b], absent: [a]}\n    "
            "fix: present\n",
            id="note",
        ),
        pytest.param(
            "text-vs-json-error@$ (text | JSON)",
            "    cause: text-vs-json-error\n    at: [kind]\n    sides: {text: [b], JSON: [a]}\n   "
            " fix: text\n",
            id="kind",
        ),
        pytest.param(
            "status@status (404 | 200)",
            '    cause: status\n    at: [status]\n    sides: {"404": [b], "200": [a]}\n    fix: '
            '"404"\n',
            id="status",
        ),
    ],
)
def test_what_a_migrated_row_says(shop: Shop, signature: str, lines: str) -> None:
    """Places have their words, values their letters, and a status is a text."""
    old = OLD.replace("member@$.ship_to (absent | present)", signature).replace(
        WHERE, "[shop/orders/one]"
    )
    shop.write(LEDGER_FILE, old)
    assert shop.call("migrate").stdout.startswith("D-001 is rewritten")
    written = shop.read(LEDGER_FILE).replace("    where: [shop/orders/one]\n", "")
    assert lines in written
    assert "# Callers were asked.\n" in written


def test_a_migrated_row_that_is_wide_says_so(shop: Shop) -> None:
    """A row that covered what a new row would not still does, and the command says what that is."""
    wide = OLD.replace("member@$.ship_to (absent | present)", "value@$.x (differs | differs)")
    shop.write(LEDGER_FILE, wide.replace(WHERE, "[shop/orders/*]"))
    said = "D-001 is rewritten, and covers any value and cases that are written later: narrow it\n"
    assert shop.call("migrate").stdout == said
    assert "    pin: {any: true}\n    grows: true\n" in shop.read(LEDGER_FILE)


def test_a_migrated_row_has_the_steps_of_its_cases(shop: Shop) -> None:
    """A row was about every step of a case; the places of today say which."""
    suite = (
        "suite: shop/orders\ncases:\n  - name: one\n    steps: [{request: {GET: /a}}, "
        "{request: {GET: /b}}]\n"
    )
    shop.write(Path("cases/orders.yaml"), suite)
    shop.write(LEDGER_FILE, OLD)
    shop.call("migrate")
    assert '    at: ["step 1: $.ship_to", "step 2: $.ship_to"]\n' in shop.read(LEDGER_FILE)
