"""Tables of the document with a column for each runtime, and reports with figures for them."""

import json
from pathlib import Path

from tests.tracker.shop import DOCUMENT, Shop

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
    "as <!-- shows: passes -->"
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


def commit(shop: Shop, record: object) -> None:
    """Commit a report's record."""
    shop.write(REPORT, json.dumps(record))
    shop.git("init", "-q")
    shop.git("add", str(REPORT))
    shop.git("commit", "-q", "-m", "a report")
