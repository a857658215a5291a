"""What `conformance tracker check` says of the shop: the green line, and the red ones."""

from typing import Final

from tests.tracker.shop import DOCUMENT, LEDGER_FILE

GREEN: Final = (0, f"{DOCUMENT} is true: 1 decision, 2 claims\n")
ROW: Final = f"{LEDGER_FILE}:4:5: D-001"


def red(*problems: str) -> tuple[int, str]:
    """Return what a check says that finds just these."""
    return 1, "".join(f"{problem}\n" for problem in problems)
