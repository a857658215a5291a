"""`conformance tracker sync`: what it writes, what it leaves alone, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracker.days import today
from tests.tracker.shop import (
    ATTRIBUTES,
    CHART,
    DOCUMENT,
    EVIDENCE,
    LEDGER,
    LEDGER_FILE,
    STATE,
    SUITE,
    Shop,
)

RUN_ID = "20991231T000000Z-0001"


def later(shop: Shop, name: str) -> str:
    """Save a run again as one of a day that has not come yet."""
    shop.copy_run(name, "later", started="2099-12-31T00:00:00+00:00", run_id=RUN_ID)
    return "later"


def test_the_first_sync_writes_all_files(shop: Shop) -> None:
    """Where there is no document, the template becomes one, with its evidence and chart."""
    said = shop.sync("--run", "drops")

    assert said == (
        "news: D-001 open: b leaves the address out\n"
        "news: budget of b: none → 1\n"
        f"wrote {EVIDENCE}\n"
        f"wrote {CHART}\n"
        f"wrote {ATTRIBUTES}\n"
        f"wrote {DOCUMENT}\n"
        f"wrote {STATE}\n"
    )
    document = shop.read(DOCUMENT)
    assert document.startswith("# Architecture comparison\n\n<!-- conformance:begin status -->\n")
    assert (
        "**3/3 status codes match · 3/3 body shapes diverge**; PARITY, with 3 cases that differ "
        "as decided" in document
    )
    assert (
        "| D-001 | b leaves the address out | b | must\\_match | unknown | orders team | "
        "2026-11-01 |" in document
    )
    assert f"| matched in 3 cases, {today()} |" in document
    assert "| open rows from | b |\n|---|---|\n" in document
    assert shop.changes() == [
        f"- {today()}: D-001 open: b leaves the address out; budget of b: none → 1"
    ]
    (refresh,) = [
        line for line in shop.read(EVIDENCE).splitlines() if line.startswith('{"item":"refresh"')
    ]
    assert json.loads(refresh)["outcome"] == "PARITY, with 3 cases that differ as decided"
    assert shop.read(CHART).startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "b 1</text>" in shop.read(CHART)
    assert shop.read(LEDGER_FILE) == LEDGER


def test_an_empty_ledger_and_no_run_yet(shop: Shop) -> None:
    """A team that starts has a document that is true, and no day before its time in it."""
    shop.write(LEDGER_FILE, "decisions: []\n")
    shop.sync()

    assert shop.check() == (0, f"{DOCUMENT} holds: 0 rows; 0 decisions\n")
    assert "0001-01-01" not in shop.read(CHART) + shop.read(DOCUMENT)
    assert "no run yet" in shop.read(DOCUMENT)


def test_a_second_sync_writes_nothing(synced: Shop) -> None:
    """Neither a byte nor a date of a file changes, with the run and without."""
    before = synced.bytes()

    assert synced.sync("--run", "drops") == f"{DOCUMENT} is up to date\n"
    assert synced.sync() == f"{DOCUMENT} is up to date\n"
    assert synced.bytes() == before


def test_news_is_one_line_of_the_change_log(synced: Shop) -> None:
    """A row and a figure that changed in one run are one line, the newest first."""
    before = synced.changes()
    said = synced.sync("--run", "drops-in-one")

    assert "news: D-001 narrowed\n" in said
    first, *others = synced.changes()
    assert others == before
    assert first == (
        f"- {today()}: D-001 narrowed; shop/orders/\\*: 3/3 status codes match · 1/3 body shapes "
        "diverge "
        "(was: 3/3 status codes match · 3/3 body shapes diverge)"
    )


def test_a_later_run_without_news_moves_dates_only(synced: Shop) -> None:
    """The dates and the run are the later ones, and the change log is as it was."""
    before = synced.changes()
    said = synced.sync("--run", later(synced, "drops"))

    assert said == f"wrote {EVIDENCE}\nwrote {CHART}\nwrote {DOCUMENT}\nwrote {STATE}\n"
    assert synced.changes() == before
    assert synced.claim("orders have one shape")[2:] == [
        "3/3 status codes match · 3/3 body shapes diverge",
        "2099-12-31",
    ]
    assert f"2099-12-31, from run `{RUN_ID}`" in synced.read(DOCUMENT)


def _older(shop: Shop) -> str:
    shop.copy_run(
        "drops", "refused", started="2026-11-01T10:00:00+00:00", run_id="20261101T100000Z-0001"
    )
    return "run 20261101T100000Z-0001 is older than run"


def _killed(shop: Shop) -> str:
    shop.copy_run("drops", "refused", run_id=RUN_ID)
    record = Path("reports/runs/refused/run.ndjson")
    shop.write(record, "".join(shop.read(record).splitlines(keepends=True)[:-1]))
    return f"run {RUN_ID} is not complete: it did not finish\n"


def _with_a_case_less(shop: Shop) -> str:
    shop.copy_run("drops", "refused", run_id=RUN_ID)
    shop.write(Path("cases/orders.yaml"), SUITE + "  - name: four\n    request: {GET: /orders/4}\n")
    return f"run {RUN_ID} is not complete: 1 case not in it, such as shop/orders/four\n"


def _filtered(shop: Shop) -> str:
    record = Path("reports/runs/refused/run.ndjson")
    shop.copy_run("drops", "refused", run_id=RUN_ID)
    lines = shop.read(record).splitlines(keepends=True)
    shop.write(record, "".join(line for line in lines if '"case": "shop/orders/two"' not in line))
    return f"run {RUN_ID} is not complete: 1 case not in it, such as shop/orders/two\n"


@pytest.mark.parametrize("refuse", [_older, _killed, _with_a_case_less, _filtered])
def test_a_run_that_proves_too_little(synced: Shop, refuse: Callable[[Shop], str]) -> None:
    """An older, killed or incomplete run is refused, with the reason and what to do.

    An incomplete run lacks a case.
    """
    reason = refuse(synced)

    message = synced.refused("sync", "--run", "refused")
    assert message.startswith(f"error: {reason}")
    assert "\n  hint: " in message
    assert synced.refused("check", "--run", "refused") == message


def test_a_recorded_runtime_verifies_nothing(synced: Shop) -> None:
    """A run in which b is a recording leaves the figure and the claim's date as they were.

    The date is the day on which the claim was verified.
    """
    synced.copy_run(
        "drops-in-one", "later", recorded="b", started="2099-12-31T00:00:00+00:00", run_id=RUN_ID
    )
    before = synced.claim("orders have one shape"), synced.claim("the first order is quick")
    synced.sync("--run", "later")

    assert (
        synced.claim("orders have one shape"),
        synced.claim("the first order is quick"),
    ) == before
    assert "2099-12-31, from run" in synced.read(DOCUMENT)


def test_a_red_run_takes_a_claim_back(synced: Shop) -> None:
    """A red case marks the claim with the day, and a run that holds clears the mark.

    A later red run keeps that day.
    """
    synced.sync("--run", "twice")
    assert synced.claim("orders have one shape")[3] == f"{today()}, red since {today()}"
    assert synced.changes()[0].endswith("; shop/orders/one: red")

    synced.sync("--run", later(synced, "twice"))
    assert synced.claim("orders have one shape")[3] == f"{today()}, red since {today()}"

    synced.copy_run("drops", "green", started="2099-12-31T12:00:00+00:00", run_id=RUN_ID)
    synced.sync("--run", "green")
    assert synced.claim("orders have one shape")[3] == "2099-12-31"
    assert "shop/orders/\\*: holds again; shop/orders/one: holds again" in synced.changes()[0]


ODD_PROSE = """\
Prose that ends in two spaces \u0020
\tand a tab; bytes that are no UTF-8 stay.

```
<!-- conformance:begin status -->
| what | Last verified |
|---|---|
| `a|b` | by hand |
```

what | who
:-|-:
a \\| b | `c`

> <!-- conformance:begin changes -->

"""


def test_what_a_person_wrote_keeps_every_byte(synced: Shop) -> None:
    """What a person wrote keeps every byte in a sync, with CR LF throughout.

    It includes odd tables, markers in code and quotes, and bytes of another encoding.
    """
    written = synced.read(DOCUMENT).replace("## Operations\n", f"{ODD_PROSE}## Operations\n")
    raw = written.replace("\n", "\r\n").encode().replace(b"UTF-8 stay", b"UTF-8 \xff\xfe stay")
    (synced.folder / DOCUMENT).write_bytes(raw)
    synced.sync("--run", "drops-in-one")

    after = (synced.folder / DOCUMENT).read_bytes()
    begin, end = raw.index(b"Prose that ends"), raw.index(b"## Operations")
    assert raw[begin:end] in after
    assert b"\n" not in after.replace(b"\r\n", b"")
    assert _outside(after) == _outside(raw)
    assert synced.check()[1].startswith(f"{LEDGER_FILE}:4:5: D-001 is narrowed")


def _outside(raw: bytes) -> list[bytes]:
    """Return the lines outside regions and claims, which no run rewrites."""
    kept, inside, code = [], False, False
    for line in raw.splitlines(keepends=True):
        code ^= line.startswith(b"```")
        inside = inside or (not code and line.startswith(b"<!-- conformance:begin"))
        if not inside and b"`shop/orders/" not in line:
            kept.append(line)
        inside = inside and not line.startswith(b"<!-- conformance:end")
    return kept


def test_rows_that_are_new_since_the_base_branch(synced: Shop) -> None:
    """Rows new since the base branch are marked, and the base commit is named.

    That stays true after more commits and rows.
    """
    synced.git("init", "-q", "-b", "main")
    synced.git("add", "-A")
    synced.git("commit", "-q", "-m", "before")
    parting = synced.git("rev-parse", "HEAD")[:12]
    synced.git("checkout", "-q", "-b", "work")
    words = ("--all", "--run", "twice", "--owner", "me", "--reason", "so it is")
    assert synced.decide(*words).stdout.startswith("D-002 is open in ")
    synced.sync("--base", "main")

    assert f"New since `{parting}`: D-002.\n" in synced.read(DOCUMENT)
    assert "| number as string at $.order\\_id **(new)** |" in synced.read(DOCUMENT)
    assert "b leaves the address out **(new)**" not in synced.read(DOCUMENT)
    synced.git("commit", "-q", "-am", "after")
    assert synced.sync() == f"{DOCUMENT} is up to date\n"

    synced.edit(LEDGER_FILE, "{b: 1}", "{b: 2}")
    synced.write(LEDGER_FILE, synced.read(LEDGER_FILE) + _another_row("D-003"))
    synced.sync()
    assert f"New since `{parting}`: D-002, D-003.\n" in synced.read(DOCUMENT)
    assert "error: --base nowhere: no such revision" in synced.refused("sync", "--base", "nowhere")


def _another_row(row_id: str) -> str:
    """Return a row about a place that no case has."""
    row = LEDGER.partition("decisions:\n")[2].replace("D-001", row_id)
    return row.replace("$.ship_to", f"$.{row_id.replace('-', '')}")


def test_a_budget_follows_the_open_rows_down(synced: Shop) -> None:
    """`sync` lowers it in the ledger, comments kept, with a line in the change log.

    `check` asks for that first.
    """
    synced.edit(LEDGER_FILE, "{b: 1}", "{b: 4}")
    code, said = synced.check()
    assert code == 1
    assert (
        f"{LEDGER_FILE}: budget of b: 4, and only 1 open: `conformance tracker sync` lowers it\n"
        in said
    )

    assert synced.sync() == f"wrote {LEDGER_FILE}\n"
    assert synced.read(LEDGER_FILE) == LEDGER
    assert synced.check()[0] == 0


def test_the_trend_has_a_step_for_every_change(synced: Shop) -> None:
    """A row that is no longer open is a step in table and chart.

    The budget shrinks with it.
    """
    synced.call("accept", "D-001")
    synced.sync()

    assert "budget: {b: 0}  # one, and no more" in synced.read(LEDGER_FILE)
    assert f"| {today()} | 0 |\n| budget | 0 |\n" in synced.read(DOCUMENT)
    assert synced.changes()[0] == f"- {today()}: D-001 open → accepted; budget of b: 1 → 0"


def test_json_output(synced: Shop) -> None:
    """`--json` says what was written and what is news."""
    said = json.loads(synced.sync("--run", "lists", "--json"))

    assert said["written"] == [str(EVIDENCE), str(DOCUMENT), str(STATE)]
    assert said["news"][0] == "D-001 reopened"
    assert json.loads(synced.sync("--json")) == {"written": [], "news": []}
