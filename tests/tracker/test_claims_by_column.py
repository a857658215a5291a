"""What a row says of each runtime is what its evidence shows of just this one.

Figures are from committed reports.
"""

import json
from pathlib import Path

import pytest

from tests.tracker.shop import DOCUMENT, LEDGER, LEDGER_FILE, STATE, Shop

HEADER = "| what | a | b | Verified by | Last verified |\n|---|---|---|---|---|\n"
A_CELL = "it is present <!-- shows: present -->"
B_CELL = "absent <!-- shows: absent -->"
ORDERS = "`shop/orders/*`"
REPORT = Path("reports/load.json")
RECORD = {
    "runtime": "b",
    "scenarios_per_s": 453.08,
    "classes": [{"name": "search", "p50_ms": 42.37}],
    "run": {"commit": "43aec9f2a5d3", "started": "2026-11-26T08:07:02"},
}
BOUND = "`reports/load.json scenarios_per_s >= 438`"
UNBOUND = (
    "the cell of a does not say what its evidence must show: end it with <!-- shows: … -->, such "
    "as "
    "<!-- shows: passes -->"
)
EXCHANGEABLE = (
    "the cells of a and b say different things, and exchanged they would pass too: add "
    "to `shows` what tells them apart"
)
TYPED = (
    "the cell of a: '3 ms' is typed: end the cell with <!-- from: FILE FIELD UNIT -->, and "
    "`sync` writes the figure"
)
FIGURE = "<!-- from: reports/load.json scenarios_per_s per second -->"


def table(shop: Shop, *rows: str, header: str = HEADER, heading: str = "## Columns") -> None:
    """Write a table at the end of the document's tables."""
    lines = "".join(f"{row}\n" for row in rows)
    shop.edit(DOCUMENT, "## Operations\n", f"{heading}\n\n{header}{lines}\n## Operations\n")


def row(a: str, b: str, proof: str = ORDERS) -> str:
    """Return a row of the table."""
    return f"| the address | {a} | {b} | {proof} | |"


def check_of(shop: Shop, words: str = "| the address") -> list[str]:
    """Return what a check says of the line that starts with some words, without the place.

    The last line at the end.
    """
    code, said = shop.check()
    place = f"{DOCUMENT}:{shop.line(DOCUMENT, words)}:1: "
    lines = said.splitlines()
    assert code == int(len(lines) > 1), said
    return [*(line.removeprefix(place) for line in lines[:-1] if line.startswith(place)), lines[-1]]


def test_cells_that_their_evidence_shows(synced: Shop) -> None:
    """Facts, statuses, and who differs from whom; a cell that says nothing needs nothing."""
    table(
        synced,
        row(A_CELL, B_CELL),
        "| both | answer <!-- shows: passes; every case; status 200 --> | answer <!-- shows: "
        "passes; status 200 --> "
        f"| {ORDERS} | |",
        f"| apart | <!-- shows: differs from b --> one | — | {ORDERS} | |",
        f"| further | one <!-- shows: differs from b --> | — | {ORDERS} | |",
    )
    synced.sync("--run", "drops")

    assert check_of(synced, "| apart") == [
        UNBOUND,
        f"{DOCUMENT} is not true: 6 rows: 5 verified, 1 not verified; 1 decision",
    ]
    assert check_of(synced, "| the address") == [
        f"{DOCUMENT} is not true: 6 rows: 5 verified, 1 not verified; 1 decision"
    ]


@pytest.mark.parametrize(
    ("a", "b", "problems"),
    [
        pytest.param(
            B_CELL,
            A_CELL,
            [
                (
                    "the cell of a says 'absent': a showed 'present'; b showed it: are the cells "
                    "exchanged?"
                ),
                (
                    "the cell of b says 'present': b showed 'absent'; a showed it: are the cells "
                    "exchanged?"
                ),
            ],
            id="exchanged",
        ),
        pytest.param(
            "absent <!-- shows: present -->",
            "it is present <!-- shows: absent -->",
            [
                "the cell of a shows 'present', and its words do not: write 'present' there, too",
                "the cell of b shows 'absent', and its words do not: write 'absent' there, too",
            ],
            id="only the words exchanged",
        ),
        pytest.param(
            "present, not implemented <!-- shows: present -->",
            B_CELL,
            [
                (
                    "this row says 'not implemented', and its evidence shows that it is there: "
                    "write what is"
                )
            ],
            id="said to be not implemented",
        ),
        pytest.param(
            "present in 3 ms <!-- shows: present; status 200 -->",
            "absent with 200 <!-- shows: absent; status 200 -->",
            [TYPED],
            id="a typed figure",
        ),
        pytest.param(
            "has it <!-- shows: passes -->",
            "leaves it out <!-- shows: passes -->",
            [EXCHANGEABLE],
            id="not told apart",
        ),
        pytest.param(
            "—",
            "has it <!-- shows: passes -->",
            [EXCHANGEABLE],
            id="an empty cell that is not told apart",
        ),
        pytest.param(
            "has it",
            B_CELL,
            [UNBOUND],
            id="no evidence",
        ),
        pytest.param(
            A_CELL,
            "absent, refused <!-- shows: absent; status 404 -->",
            ["the cell of b says 'status 404': b answered 200"],
            id="another status",
        ),
        pytest.param(
            "as b <!-- shows: same as b -->",
            B_CELL,
            ["the cell of a says 'same as b': a differs from b, or was not compared with it"],
            id="not the same",
        ),
        pytest.param(
            "other <!-- shows: differs from a -->",
            B_CELL,
            [
                (
                    "the cell of a says 'differs from a': a was compared with no other runtime of "
                    "that name"
                )
            ],
            id="from itself",
        ),
        pytest.param(
            "present, not built yet <!-- shows: present -->",
            B_CELL,
            ["this row says 'not built', and its evidence shows that it is there: write what is"],
            id="said to be missing",
        ),
    ],
)
def test_cells_that_their_evidence_does_not_show(
    synced: Shop, a: str, b: str, problems: list[str]
) -> None:
    """The row is red, with the reason, and counts as not verified."""
    table(synced, row(a, b))
    synced.sync("--run", "drops")

    last = f"{DOCUMENT} is not true: 3 rows: 2 verified, 1 not verified; 1 decision"
    assert check_of(synced) == [*problems, last]


def test_a_row_without_evidence(synced: Shop) -> None:
    """It is refused, unless it is an owner's statement.

    A decision about a difference verifies nothing.
    """
    table(
        synced,
        row("—", "—", "our word"),
        "| other | — | — | `D-001` | |",
        "| load | — | — | `load.json >= 4` | |",
    )
    said = synced.refused("sync")

    assert (
        "nothing verifies this row: name cases, a row of work or a bound of a report in code, or "
        "move it below" in said
    )
    assert "D-001 is about a difference and verifies nothing: name its cases" in said
    assert (
        "wanted a report's record with a bound, such as `reports/load.json scenarios_per_s >= 438`"
        in said
    )


def test_what_only_an_owner_says(synced: Shop) -> None:
    """It stands in a table of its own, with source and day, and counts apart."""
    header = "| what | a | b | Source | Date |\n|---|---|---|---|---|\n"
    table(
        synced,
        "| port | 3100 | 4110 | platform team | 2026-11-24 |",
        "| port | 3100 | 4110 | platform team | 2026-11-24 |",
        header=header,
        heading="## Owner's statement, not verified here",
    )
    assert synced.check()[0] == 1
    synced.sync()
    assert synced.check() == (
        0,
        f"{DOCUMENT} is true: 3 rows: 2 verified, 1 owner's statement; 1 decision\n",
    )
    assert synced.read(DOCUMENT).count("| port |") == 1

    synced.edit(DOCUMENT, "| platform team | 2026-11-24 |", "| — | last week |")
    assert check_of(synced, "| port")[:2] == [
        "the source of an owner's statement is missing: who said it, and where",
        "wanted the day of an owner's statement, such as 2026-11-24; got last week",
    ]


def commit(shop: Shop, record: object) -> None:
    """Commit a report's record."""
    shop.write(REPORT, json.dumps(record))
    shop.git("init", "-q")
    shop.git("add", str(REPORT))
    shop.git("commit", "-q", "-m", "a report")


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
        f"{DOCUMENT} is true: 4 rows: 2 verified, 2 by report; 1 decision\n",
    )
    assert f"| the address | — | 453.1 per second {FIGURE} | {BOUND} | 2026-11-26 |" in synced.read(
        DOCUMENT
    )
    assert f"| 42.37 ms {p50} |" in synced.read(DOCUMENT)

    synced.edit(DOCUMENT, "| 453.1 per second", "| 500 per second")
    assert (
        "the cell 'reports/load.json scenarios_per_s' is generated, and somebody has written in it"
        in check_of(synced)[0]
    )
    assert "somebody has written in it" in synced.refused("sync")


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
    assert found[-1] == f"{DOCUMENT} is not true: 3 rows: 2 verified, 1 not verified; 1 decision"


WORK = """\
  - id: D-002
    title: orders on b
    state: {state}
    kind: work
    evidence:
      - cases: [shop/orders/*]
    reason: the cut-over needs it
    owner: orders team
    opened: "2026-11-02"
    loc_estimate: 40
"""


def test_a_row_that_rests_on_work(synced: Shop) -> None:
    """Open work is to do, whatever the row says.

    Done work verifies it, by the cases of its evidence.
    """
    synced.write(LEDGER_FILE, LEDGER + WORK.format(state="open"))
    table(synced, row("not built yet", "—", "`D-002`"))
    synced.sync()
    assert synced.claim("the address")[-1] == "not yet: D-002"
    assert synced.check()[1] == f"{DOCUMENT} is true: 3 rows: 2 verified, 1 to do; 2 decisions\n"

    synced.write(
        LEDGER_FILE, LEDGER.replace("state: open ", "state: accepted ") + WORK.format(state="done")
    )
    synced.edit(
        DOCUMENT,
        "| not built yet | — |",
        "| as b <!-- shows: same as b --> | as a <!-- shows: same as a --> |",
    )
    synced.sync("--run", "alike")
    assert check_of(synced)[:-1] == []
    synced.sync("--run", "drops")
    assert check_of(synced)[-1].startswith(
        f"{DOCUMENT} is not true: 3 rows: 2 verified, 1 not verified; "
    )


def test_a_table_that_speaks_of_runtimes(synced: Shop) -> None:
    """Without *Verified by* it is refused.

    One that speaks of something else is nobody's business.
    """
    synced.edit(
        DOCUMENT, "## Operations\n", "| who | where |\n|---|---|\n| x | y |\n\n## Operations\n"
    )
    assert synced.check()[0] == 0
    synced.edit(
        DOCUMENT, "## Operations\n", "| what | a |\n|---|---|\n| x | y |\n\n## Operations\n"
    )
    assert (
        "a comparison needs a column 'Verified by'; what only an owner says stands below"
        in synced.check()[1]
    )


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


def test_words_that_say_the_opposite(synced: Shop) -> None:
    """A cell that shows `same as` does not say that something is different."""
    table(synced, row("not the same <!-- shows: same as b -->", "—"))
    synced.sync()
    assert "the cell of a shows 'same as b', and its words say 'not'" in check_of(synced)


@pytest.mark.parametrize("typed", ["200 ms", "v12"])
def test_a_figure_whose_number_the_comment_has(synced: Shop, typed: str) -> None:
    """A status is no time, and a version is a number, too."""
    table(synced, row(f"{typed} <!-- shows: status 200 -->", "—"))
    synced.sync()
    assert f"the cell of a: {typed!r} is typed: end" in "\n".join(check_of(synced))


def test_a_statement_of_a_day_to_come(synced: Shop) -> None:
    """Nobody can have made it yet."""
    owners = "## Owner's statement, not verified here"
    statement = "| it is quick | me | 2099-01-01 |"
    table(synced, statement, header="| what | Source | Date |\n|---|---|---|\n", heading=owners)
    assert "an owner's statement of 2099-01-01: not yet" in synced.check()[1]


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
