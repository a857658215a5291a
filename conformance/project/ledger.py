"""The ledger that a command means."""

from collections.abc import Sequence
from pathlib import Path

from conformance.model.decision import Ledger
from conformance.project.files import LEDGER_NAME, find_above


def load_ledger(file: Path | None, suite_paths: Sequence[Path]) -> Ledger:
    """Return the ledger that was named, or the nearest one; an empty one where there is none."""
    found = ledger_path(file, suite_paths)
    if not found:
        return Ledger()
    from conformance.ledger.file import read_ledger  # noqa: PLC0415 - it knows every cause, which takes a while

    return read_ledger(found)


def ledger_path(file: Path | None, suite_paths: Sequence[Path]) -> Path | None:
    """Return the decisions file that was named, or the nearest one."""
    return file or find_above(LEDGER_NAME, suite_paths)
