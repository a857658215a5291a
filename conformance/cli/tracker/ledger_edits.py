"""Edits of the ledger that verbs share: checked as a whole, then put in the place of the file."""

from pathlib import Path
from typing import Final

from conformance.atomic_file import replace_file
from conformance.errors import BadFileError, TrackerError
from conformance.ledger.file import parse_ledger
from conformance.model.decision import Ledger

SYNC_HINT: Final = "`conformance tracker sync` brings the document up to date"


def parsed(raw: bytes, name: str) -> Ledger:
    """Return an edited ledger; raises TrackerError if what was given makes no good row."""
    try:
        return parse_ledger(raw, name)
    except BadFileError as error:
        wrong = "; ".join(problem.message for problem in error.problems)
        raise TrackerError(
            wrong, hint="correct the option or argument; the ledger was not changed"
        ) from error


def replace_ledger(file: Path, raw: bytes) -> None:
    """Put an edited ledger in the place of the file, if it is a good one."""
    parsed(raw, str(file))
    replace_file(file, raw)
