"""`conformance tracker check` on the document itself: its claims, its regions and its evidence."""

import datetime as dt
import json

import pytest

from tests.tracker.check_verdicts import GREEN, ROW, red
from tests.tracker.days import today
from tests.tracker.shop import DOCUMENT, EVIDENCE, LEDGER_FILE, Shop


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        pytest.param(
            "| x | `shop/order/*` | | |",
            "no case matches shop/order/*",
            id="a glob that no case matches",
        ),
        pytest.param(
            "| x | `shop/orders/*` | |",
            "wanted 4 cells, as the header has; got 3: write a bar in a cell as \\|, in code too",
            id="too few cells",
        ),
        pytest.param(
            "| `x|y` | `shop/orders/*` | | |",
            "wanted 4 cells, as the header has; got 5: write a bar in a cell as \\|, in code too",
            id="too many cells",
        ),
    ],
)
def test_claims_that_cannot_be_read(synced: Shop, claim: str, message: str) -> None:
    """A claim that names no case, or whose row has other cells than its header, is red at its line."""
    synced.edit(DOCUMENT, "| orders have one shape", f"{claim}\n| orders have one shape")

    at = synced.line(DOCUMENT, claim)
    assert synced.check()[0] == 1
    assert f"\n{DOCUMENT}:{at}:1: {message}" in f"\n{synced.check()[1]}"
    assert synced.refused("sync").startswith(f"error: {DOCUMENT}:{at}:1: {message}")


def test_claims_that_can_be_read(synced: Shop) -> None:
    """Bars that are escaped, no globs, more than one, and no bars at the ends are all good."""
    synced.edit(
        DOCUMENT,
        "| orders have one shape",
        "| `x\\|y` | | | |\nz | `shop/orders/one`, `shop/orders/t*` | - | —\n| orders have one shape",
    )
    assert synced.check()[0] == 1
    synced.sync("--run", "drops")

    assert synced.check() == (0, f"{DOCUMENT} is true: 1 decision, 4 claims\n")
    assert synced.claim("`x\\")[-1] == "not verified"


@pytest.mark.parametrize(
    ("header", "row", "message"),
    [
        pytest.param("| a | Last verified |", "| x | |", "a table with a column 'Last verified' needs", id="no column"),
        pytest.param(
            "| a | Last verified |", "", "a table with a column 'Last verified' needs", id="no column and no row"
        ),
        pytest.param(
            "| Verified by | Fresh for | last verified |",
            "| | a month | |",
            "wanted days such as '30 days' in 'Fresh for', got 'a month'",
            id="days in words",
        ),
    ],
)
def test_tables_that_cannot_be_read(synced: Shop, header: str, row: str, message: str) -> None:
    """A table of claims without the column that names the cases, or with days in words, is red at its line."""
    rule = "|" + "---|" * (header.count("|") - 1)
    synced.edit(DOCUMENT, "## Operations\n", f"{header}\n{rule}\n{row}\n\n## Operations\n")

    at = synced.line(DOCUMENT, row if "Fresh" in header else header)
    code, said = synced.check()
    assert (code, said.startswith(f"{DOCUMENT}:{at}:1: {message}")) == (1, True), said


def test_a_hand_edit(synced: Shop) -> None:
    """A region and a cell that somebody wrote in are red, with the diff that takes them back."""
    synced.edit(DOCUMENT, "| b leaves the address out | b |", "| b leaves it out | b |")
    text = synced.read(DOCUMENT)
    at, cell = synced.line(DOCUMENT, "conformance:begin decisions"), synced.line(DOCUMENT, "| the first order")
    synced.write(DOCUMENT, text.replace(f"| 30 days | {today()}", "| 30 days | 2099-01-01"))

    code, said = synced.check()
    assert code == 1
    assert said.startswith(
        f"{DOCUMENT}: is out of date: `conformance tracker sync`\n"
        f"{DOCUMENT}:{at}:1: region 'decisions' is generated, and somebody has written in it\n"
        f"{DOCUMENT}:{cell}:1: the cell 'Last verified' is generated, and somebody has written in it\n"
        f"--- {DOCUMENT}\n+++ {DOCUMENT} (generated)\n"
    )
    assert "\n-| D-001 | b leaves it out | b |" in said
    assert "\n+| D-001 | b leaves the address out | b |" in said
    assert len(json.loads(synced.check("--json")[1])["problems"]) == 3


def test_a_document_that_is_behind_its_ledger(synced: Shop) -> None:
    """An edit of the ledger without a sync is red, with the diff; a document that is not there is too."""
    synced.edit(LEDGER_FILE, "owner: orders team", "owner: nobody")
    code, said = synced.check()
    assert code == 1
    assert said.startswith(f"{DOCUMENT}: is out of date: `conformance tracker sync`\n--- {DOCUMENT}\n")

    (synced.folder / DOCUMENT).unlink()
    code, said = synced.check()
    assert (code, f"{DOCUMENT}: is out of date: `conformance tracker sync`\n" in said) == (1, True)


@pytest.mark.parametrize(("days", "old"), [(30, False), (31, True)])
def test_how_fresh_a_figure_is(synced: Shop, days: int, old: bool) -> None:
    """`--fresh` fails on a figure that is a day too old, not on the last good day, and nothing else asks."""
    day = today() - dt.timedelta(days=days)
    for file in ("", ".evidence"):
        (synced.folder / f"docs/ARCHITECTURE_COMPARISON{file or ''}.{'json' if file else 'md'}").unlink()
    synced.copy_run("drops", "old", started=f"{day}T10:00:00+00:00")
    synced.sync()
    synced.add_claims()
    at = synced.line(DOCUMENT, "| the first order is quick")
    synced.sync()
    assert synced.check() == GREEN
    at = synced.line(DOCUMENT, "| the first order is quick")
    assert synced.check("--fresh") == red(f"{DOCUMENT}:{at}:1: not verified by any run; to be fresh for 30 days")

    synced.sync("--run", "old")
    at = synced.line(DOCUMENT, "| the first order is quick")
    said = red(f"{DOCUMENT}:{at}:1: last verified 31 days ago, on {day}; good for 30")
    assert synced.check("--fresh") == (said if old else GREEN)
    assert synced.check() == GREEN


def test_a_run_with_news(synced: Shop) -> None:
    """A run that shows what the document does not say is red; one that only has a later date is not."""
    synced.copy_run("drops", "later", started="2099-12-31T00:00:00+00:00")
    assert synced.check("--run", "later") == GREEN

    code, said = synced.check("--run", "drops-in-one")
    assert code == 1
    assert f"{DOCUMENT}: the run shows what is not here: D-001 narrowed\n" in said
    assert f"{ROW} is narrowed in the run of {today()}" in said
    assert "the run shows what is not here: shop/orders/*: 3/3 status codes match · 1/3 body shapes diverge" in said


def test_evidence_that_was_edited(synced: Shop) -> None:
    """It is drift like any other: red, with the file and what to do."""
    synced.edit(EVIDENCE, '"found": 3', '"found": 4')
    code, said = synced.check()
    assert code == 1
    assert said.startswith(f"{EVIDENCE}: the evidence was edited by hand; it is generated: take the committed file")
