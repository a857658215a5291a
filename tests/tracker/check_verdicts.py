"""What `conformance tracker check` says of the shop: the green line, and the red ones."""

from typing import Final

from tests.tracker.shop import DOCUMENT, LEDGER_FILE

GREEN: Final = (0, f"{DOCUMENT} holds: 2 rows: 2 verified; 1 decision\n")
ROW: Final = f"{LEDGER_FILE}:4:5: D-001"


def red(*problems: str, rows: str = "2 rows: 2 verified; 1 decision") -> tuple[int, str]:
    """Return what a check says that finds just these, in a comparison of such rows."""
    return 1, "".join(f"{line}\n" for line in (*problems, f"{DOCUMENT} does not hold: {rows}"))
