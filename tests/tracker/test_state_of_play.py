"""`STATE_OF_PLAY.md` has a row for each component.

A row holds what runs showed of the component and a sentence that a person wrote.
"""

import json
import shutil
from pathlib import Path

from tests.tracker.days import today
from tests.tracker.shop import DOCUMENT, LEDGER_FILE, STATE, SUITE, Shop

BASELINE = Path("reports/gauntlet/baseline.json")


def components(shop: Shop) -> list[list[str]]:
    """Return the rows of the table of components, cell by cell."""
    table = shop.read(STATE).partition("## Components\n")[2].strip().splitlines()[2:]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table]


def test_a_row_for_every_area_of_cases(synced: Shop) -> None:
    """A row says who answered, how many cases were compared, and when it was verified.

    It also says which rows are open.
    """
    row = [
        "shop",
        "",
        "`shop/*`",
        "a, b",
        "3 of 3 cases, each by both runtimes",
        "D-001",
        str(today()),
    ]

    assert components(synced) == [row]
    assert "3/3 status codes match" in synced.read(STATE)


def test_what_a_person_writes_stays(synced: Shop) -> None:
    """The name, the cases and the sentence are kept.

    Cases that no row names get a row of their own.
    """
    synced.edit(STATE, "| shop |  | `shop/*` |", "| orders | Goes well. | `shop/orders/*` |")
    synced.write(Path("cases/carts.yaml"), SUITE.replace("shop/orders", "carts/read"))
    synced.sync()

    first, second = components(synced)
    assert first[:3] == ["orders", "Goes well.", "`shop/orders/*`"]
    assert second == ["carts", "", "`carts/*`", "—", "—", "none", "not verified"]
    assert synced.sync() == f"{DOCUMENT} is up to date\n"


def test_output_that_was_edited(synced: Shop) -> None:
    """It is refused, as in the comparison; a page without its table is, too."""
    synced.edit(STATE, "| D-001 |", "| none at all |")
    assert "the cell 'Open rows' is generated, and was edited by hand" in synced.refused("sync")
    synced.edit(STATE, "| Component |", "| Part |")
    assert "a table with the columns 'Component' and 'Verified by' is missing" in synced.refused(
        "sync"
    )


def test_the_verdict_of_the_accepted_gauntlet(synced: Shop) -> None:
    """Its baseline is committed.

    The status names verdict, day and commit, and what changed since.
    """
    synced.git("init", "-q")
    synced.edit(LEDGER_FILE, "state: open ", "state: accepted ")
    synced.sync()
    assert "| Latest changes |" in synced.read(DOCUMENT)

    accepted = {"verdict": "ship", "commit": "1a2b3c4d5e6f7a8b", "day": str(today())}
    synced.write(BASELINE, json.dumps({"format": 1, "accepted": accepted}))
    assert synced.check()[0] == 1
    synced.sync()
    for page in (DOCUMENT, STATE):
        assert (
            f"| Accepted gauntlet | **ship**, {today()}, at commit `1a2b3c4d5e6f` |\n"
            in synced.read(page)
        )
        changed = (
            f"| Changed since | {today()}: D-001 open → accepted · {today()}: budget of b: 1 → 0 ·"
        )
        assert changed in synced.read(page)

    synced.write(BASELINE, json.dumps({"format": 1, "accepted": accepted | {"day": "2999-01-01"}}))
    synced.sync()
    assert "| Changed since | nothing |" in synced.read(DOCUMENT)


def test_what_the_accepted_commit_already_had(synced: Shop) -> None:
    """It has not changed since, though it is of the same day.

    And the page needs no history to say so.
    """
    synced.git("init", "-q")
    synced.git("add", "-A")
    synced.git("commit", "-q", "-m", "what was accepted")
    accepted = {"verdict": "ship", "commit": synced.git("rev-parse", "HEAD"), "day": str(today())}
    synced.write(BASELINE, json.dumps({"format": 1, "accepted": accepted}))
    synced.sync()
    for page in (DOCUMENT, STATE):
        assert "| Changed since | nothing |" in synced.read(page)

    synced.edit(LEDGER_FILE, "state: open ", "state: accepted ")
    shutil.rmtree(synced.folder / ".git")
    synced.git("init", "-q")
    synced.sync()
    changed = (
        f"| Changed since | {today()}: D-001 open → accepted · {today()}: budget of b: 1 → 0 |\n"
    )
    assert changed in synced.read(DOCUMENT)
    assert synced.check()[0] == 0


def test_how_many_cases_were_answered(synced: Shop) -> None:
    """The status counts cases by how many runtimes, and how many languages, answered them."""
    said = "3 cases answered: 3 by runtimes of no declared language (3 by 2 runtimes)"
    assert f"| Answered | {said} |\n" in synced.read(DOCUMENT)


def test_work_that_a_component_needs(synced: Shop) -> None:
    """Work is open for a component if all its cases are among those that must show it.

    It is open for no other component.
    """
    work = (
        "  - id: D-002\n    title: a second runtime\n    state: open\n    kind: work\n"
        "    evidence: [{cases: [shop/orders/t*]}]\n    reason: the cut-over needs it\n    owner: "
        "orders team\n"
        '    opened: "2026-11-02"\n    loc_estimate: 40\n'
    )
    synced.write(LEDGER_FILE, synced.read(LEDGER_FILE) + work)
    synced.edit(
        STATE,
        "| shop |  |",
        "| two | | `shop/orders/two` | | | | |\n| one | | `shop/orders/one` | | | | |\n| shop |  |",
    )
    synced.sync()
    assert {row[0]: row[5] for row in components(synced)} == {
        "two": "D-001, D-002",
        "one": "D-001",
        "shop": "D-001",
    }
