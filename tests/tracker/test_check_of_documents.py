"""`conformance tracker check` on the document itself: its claims, its regions and its evidence."""

import datetime as dt
import json

import pytest

from tests.tracker.check_verdicts import GREEN, ROW, red
from tests.tracker.days import today
from tests.tracker.shop import DOCUMENT, EVIDENCE, LEDGER_FILE, STATE, Shop


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
    """A claim that names no case, or has other cells than its header, is red at its line."""
    synced.edit(DOCUMENT, "| orders have one shape", f"{claim}\n| orders have one shape")

    at = synced.line(DOCUMENT, claim)
    assert synced.check()[0] == 1
    assert f"\n{DOCUMENT}:{at}:1: {message}" in f"\n{synced.check()[1]}"
    assert synced.refused("sync").startswith(f"error: {DOCUMENT}:{at}:1: {message}")


def test_claims_that_can_be_read(synced: Shop) -> None:
    """Bars that are escaped, several globs, and no bars at the ends are all good."""
    synced.edit(
        DOCUMENT,
        "| orders have one shape",
        "| `x\\|y` | `shop/*` | | |\nz | `shop/orders/one`, `shop/orders/t*` | - | —\n| orders "
        "have one shape",
    )
    assert synced.check()[0] == 1
    synced.sync("--run", "drops")

    assert synced.check() == (0, f"{DOCUMENT} holds: 4 rows: 4 verified; 1 decision\n")
    assert synced.claim("`x\\")[-1] == str(today())


@pytest.mark.parametrize(
    ("header", "row", "message"),
    [
        pytest.param(
            "| a | Last verified |",
            "| x | |",
            "a comparison needs a column 'Verified by'",
            id="no column",
        ),
        pytest.param(
            "| a | Last verified |",
            "",
            "a comparison needs a column 'Verified by'",
            id="no column and no row",
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
    """A table of claims that cannot be read is red at its line.

    It lacks the column that names the cases, or has days in words.
    """
    rule = "|" + "---|" * (header.count("|") - 1)
    synced.edit(DOCUMENT, "## Operations\n", f"{header}\n{rule}\n{row}\n\n## Operations\n")

    at = synced.line(DOCUMENT, row if "Fresh" in header else header)
    code, said = synced.check()
    assert (code, said.startswith(f"{DOCUMENT}:{at}:1: {message}")) == (1, True), said


def test_a_hand_edit(synced: Shop) -> None:
    """A region and a cell that somebody wrote in are red, with the diff that takes them back."""
    synced.edit(DOCUMENT, "| b leaves the address out | b |", "| b leaves it out | b |")
    text = synced.read(DOCUMENT)
    at, cell = (
        synced.line(DOCUMENT, "| b leaves it out | b |"),
        synced.line(DOCUMENT, "| the first order"),
    )
    synced.write(DOCUMENT, text.replace(f"| 30 days | {today()}", "| 30 days | 2099-01-01"))

    code, said = synced.check()
    assert code == 1
    assert said.startswith(
        f"{DOCUMENT}: is out of date: `conformance tracker sync`\n"
        f"{DOCUMENT}:{at}:1: region 'decisions' is generated, and was edited by hand\n"
        f"{DOCUMENT}:{cell}:1: the cell 'Last verified' is generated, and was edited by hand\n"
        f"--- {DOCUMENT}\n+++ {DOCUMENT} (generated)\n"
    )
    assert "\n-| D-001 | b leaves it out | b |" in said
    assert "\n+| D-001 | b leaves the address out | b |" in said
    assert len(json.loads(synced.check("--json")[1])["problems"]) == 3


def test_a_document_that_is_behind_its_ledger(synced: Shop) -> None:
    """An edit of the ledger without a sync is red, with the diff.

    A document that is not there is too.
    """
    synced.edit(LEDGER_FILE, "owner: orders team", "owner: nobody")
    code, said = synced.check()
    assert code == 1
    stale = "".join(
        f"{file}: is out of date: `conformance tracker sync`\n" for file in (EVIDENCE, DOCUMENT)
    )
    assert said.startswith(f"{stale}--- {DOCUMENT}\n")

    (synced.folder / DOCUMENT).unlink()
    code, said = synced.check()
    assert (code, f"{DOCUMENT}: is missing: `conformance tracker sync`\n" in said) == (1, True)


@pytest.mark.parametrize(("days", "old"), [(30, False), (31, True)])
def test_how_fresh_a_figure_is(synced: Shop, days: int, old: bool) -> None:
    """`--fresh` fails on a figure that is a day too old, but not on the last good day.

    Nothing else checks this.
    """
    day = today() - dt.timedelta(days=days)
    for file in (DOCUMENT, EVIDENCE, STATE):
        (synced.folder / file).unlink()
    synced.copy_run("drops", "old", started=f"{day}T10:00:00+00:00")
    synced.sync()
    synced.add_claims()
    synced.sync()
    at = synced.line(DOCUMENT, "| the first order is quick")
    old_words = f"{DOCUMENT}:{at}:1: not verified by any run; to be fresh for 30 days\n"
    assert old_words in synced.check("--fresh")[1]
    assert old_words not in synced.check()[1]

    synced.sync("--run", "old")
    at = synced.line(DOCUMENT, "| the first order is quick")
    said = red(f"{DOCUMENT}:{at}:1: last verified 31 days ago, on {day}; good for 30")
    assert synced.check("--fresh") == (said if old else GREEN)
    assert synced.check() == GREEN


def test_a_run_with_news(synced: Shop) -> None:
    """A run that shows what the document does not say is red.

    One that only has a later date is not.
    """
    synced.copy_run("drops", "later", started="2099-12-31T00:00:00+00:00")
    assert synced.check("--run", "later") == GREEN

    code, said = synced.check("--run", "drops-in-one")
    assert code == 1
    assert f"{DOCUMENT}: the run shows what is not here: D-001 narrowed\n" in said
    assert f"{ROW} is narrowed in the run of {today()}" in said
    assert (
        "the run shows what is not here: shop/orders/*: 3/3 status codes match · 1/3 body shapes "
        "diverge" in said
    )


def test_evidence_that_was_edited(synced: Shop) -> None:
    """It is drift like any other: red, with the line and what to do."""
    at = synced.line(EVIDENCE, '"found":3')
    synced.edit(EVIDENCE, '"found":3', '"found":4')
    code, said = synced.check()
    assert code == 1
    assert said.startswith(
        f"{EVIDENCE}:{at}:1: the evidence was edited by hand; it is generated: take the committed"
    )
