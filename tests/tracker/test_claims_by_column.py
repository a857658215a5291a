"""What a row says of each runtime is what its evidence shows of just this one."""

import pytest

from tests.tracker.claim_tables import (
    A_CELL,
    B_CELL,
    EXCHANGEABLE,
    ORDERS,
    TYPED,
    UNBOUND,
    check_of,
    row,
    table,
)
from tests.tracker.shop import DOCUMENT, LEDGER, LEDGER_FILE, Shop


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
        f"{DOCUMENT} does not hold: 6 rows: 5 verified, 1 not verified; 1 decision",
    ]
    assert check_of(synced, "| the address") == [
        f"{DOCUMENT} does not hold: 6 rows: 5 verified, 1 not verified; 1 decision"
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

    last = f"{DOCUMENT} does not hold: 3 rows: 2 verified, 1 not verified; 1 decision"
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
        f"{DOCUMENT} holds: 3 rows: 2 verified, 1 owner's statement; 1 decision\n",
    )
    assert synced.read(DOCUMENT).count("| port |") == 1

    synced.edit(DOCUMENT, "| platform team | 2026-11-24 |", "| — | last week |")
    assert check_of(synced, "| port")[:2] == [
        "the source of an owner's statement is missing: who said it, and where",
        "wanted the day of an owner's statement, such as 2026-11-24; got last week",
    ]


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
    assert synced.check()[1] == f"{DOCUMENT} holds: 3 rows: 2 verified, 1 to do; 2 decisions\n"

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
        f"{DOCUMENT} does not hold: 3 rows: 2 verified, 1 not verified; "
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
