"""The ledger that a command uses."""

from collections.abc import Sequence
from pathlib import Path

from conformance.model.decision import Ledger
from conformance.project.files import LEDGER_NAME, find_above


def load_ledger(file: Path | None, suite_paths: Sequence[Path]) -> Ledger:
    """Return the given ledger, or the nearest one; an empty ledger if there is none."""
    found = ledger_path(file, suite_paths)
    if not found:
        return Ledger()
    from conformance.ledger.file import read_ledger  # noqa: PLC0415 - it knows every cause, which takes a while

    return read_ledger(found)


def ledger_path(file: Path | None, suite_paths: Sequence[Path]) -> Path | None:
    """Return the given decisions file, or the nearest one, or None."""
    return file or find_above(LEDGER_NAME, suite_paths)
