"""Figures of a page are those of committed reports, and nobody types one."""

import json

import pytest

from tests.tracker.claim_tables import BOUND, FIGURE, RECORD, REPORT, check_of, commit, row, table
from tests.tracker.shop import DOCUMENT, STATE, Shop


def test_figures_of_a_committed_report(synced: Shop) -> None:
    """They are written by `sync`, with their unit.

    The row counts as by report, of the report's day.
    """
    commit(synced, RECORD)
    p50 = "<!-- from: reports/load.json classes.search.p50_ms ms -->"
    table(
        synced,
        row("—", FIGURE, BOUND),
        f"| p50 | — | {p50} | `reports/load.json classes.search.p50_ms < 50` | |",
    )
    synced.sync()

    assert synced.check() == (
        0,
        f"{DOCUMENT} holds: 4 rows: 2 verified, 2 by report; 1 decision\n",
    )
    assert f"| the address | — | 453.1 per second {FIGURE} | {BOUND} | 2026-11-26 |" in synced.read(
        DOCUMENT
    )
    assert f"| 42.37 ms {p50} |" in synced.read(DOCUMENT)

    synced.edit(DOCUMENT, "| 453.1 per second", "| 500 per second")
    assert (
        "the cell 'reports/load.json scenarios_per_s' is generated, and was edited by hand"
        in check_of(synced)[0]
    )
    assert "was edited by hand" in synced.refused("sync")


@pytest.mark.parametrize(
    ("record", "b", "problem"),
    [
        pytest.param(
            RECORD | {"scenarios_per_s": 437.9},
            FIGURE,
            "load.json: wanted scenarios_per_s >= 438, got 437.9",
            id="out of bounds",
        ),
        pytest.param(
            RECORD | {"run": {}},
            FIGURE,
            "load.json does not name the commit and the day of its run (run.commit, run.started)",
            id="no day",
        ),
        pytest.param(
            RECORD | {"counted_s": 300.0, "scenarios": 149040, "scenarios_per_s": 912.4},
            FIGURE,
            "load.json: scenarios_per_s is 912.4, and scenarios by counted_s is 496.8",
            id="a rate that the record itself contradicts",
        ),
        pytest.param(
            RECORD | {"runtime": "a"},
            FIGURE,
            "the cell of b: reports/load.json: scenarios_per_s is a figure of a, not of b",
            id="another runtime's",
        ),
        pytest.param(
            RECORD,
            "fast <!-- shows: scenarios_per_s >= 500 -->",
            "the cell of b: load.json: wanted scenarios_per_s >= 500, got 453.08",
            id="a cell's own bound",
        ),
        pytest.param(
            RECORD,
            "<!-- from: reports/load.json exchanges -->",
            "reports/load.json has no figure 'exchanges'",
            id="no such figure",
        ),
        pytest.param(
            RECORD,
            "as a does it <!-- shows: same as a -->",
            "the cell of b says 'same as a': that is shown by cases, and 'Verified by' names none",
            id="a comparison that no case made",
        ),
        pytest.param(
            RECORD,
            "all of it <!-- shows: passes -->",
            "the cell of b says 'passes': that is shown by cases, and 'Verified by' names none",
            id="a run that nobody made",
        ),
        pytest.param(None, FIGURE, "report reports/load.json is not committed", id="not committed"),
    ],
)
def test_reports_that_show_nothing(
    synced: Shop, record: dict[str, object] | None, b: str, problem: str
) -> None:
    """A figure out of its bounds, of another runtime or of an unknown run verifies nothing."""
    commit(synced, record or RECORD)
    if record is None:
        synced.git("rm", "-q", "--cached", str(REPORT))
        synced.git("commit", "-q", "-m", "without the record")
    table(synced, row("—", b, BOUND))
    synced.sync()

    found = check_of(synced)
    assert problem in found
    assert found[-1] == f"{DOCUMENT} does not hold: 3 rows: 2 verified, 1 not verified; 1 decision"


@pytest.mark.parametrize(
    "typed", ["99,999 scenarios per second", "3 ms", "12.5 %", "400 MiB", "80 requests/s"]
)
def test_a_figure_in_prose(synced: Shop, typed: str) -> None:
    """It is refused on either page, unless it stands in a command or is an owner's statement."""
    own = "## Owner's statement, not verified here\n\nWe saw 80 requests/s.\n\n## Operations\n"
    synced.edit(
        DOCUMENT, "## Operations\n", f"Say `--rate {typed}`, on 2 cores, for 30 days.\n\n{own}"
    )
    synced.sync()
    assert synced.check()[0] == 0

    for page in (DOCUMENT, STATE):
        synced.write(page, synced.read(page).replace("\n\n", f"\n\nIt does {typed}.\n\n", 1))
    said = synced.check()[1]
    for page in (DOCUMENT, STATE):
        assert f"{page}:3:1: {typed!r} is typed, and nothing verifies it: put it into a row" in said


@pytest.mark.parametrize("hidden", ["", "--assume-unchanged", "--skip-worktree"])
def test_a_report_that_was_edited(synced: Shop, hidden: str) -> None:
    """A record that is not as it was committed shows nothing, whatever was synced from it.

    What git has been set to overlook does not matter.
    """
    commit(synced, RECORD)
    if hidden:
        synced.git("update-index", hidden, str(REPORT))
    table(synced, row("—", FIGURE, BOUND))
    synced.sync()
    assert synced.check()[0] == 0

    synced.write(REPORT, json.dumps(RECORD | {"scenarios_per_s": 912.4}))
    synced.sync()
    assert check_of(synced)[0] == "report reports/load.json was edited since it was committed"
