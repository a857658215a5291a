"""Edits of the ledger that several verbs share: checked as a whole, then written."""

import os
from pathlib import Path
from typing import Final

from conformance.atomic_file import replace_file
from conformance.errors import BadFileError, TrackerError
from conformance.ledger.edited_fields import CORRECT, what_is_wrong
from conformance.ledger.file import parse_ledger
from conformance.model.decision import Ledger

SYNC_HINT: Final = "`conformance tracker sync` brings the document up to date"
_UNWRITABLE: Final = "make the file and its folder writable; the ledger was not changed"


def parsed(raw: bytes, name: str) -> Ledger:
    """Return an edited ledger, parsed; raises TrackerError if a row is invalid."""
    try:
        return parse_ledger(raw, name)
    except BadFileError as error:
        raise TrackerError(what_is_wrong(error, raw), hint=CORRECT) from error


def refuse_unwritable(file: Path) -> None:
    """Raise TrackerError if the ledger cannot be written."""
    if not (os.access(file, os.W_OK) and os.access(file.resolve().parent, os.W_OK)):
        raise TrackerError(f"{file} cannot be written: permission denied", hint=_UNWRITABLE)


def replace_ledger(file: Path, raw: bytes, before: bytes) -> None:
    """Replace the ledger file with an edited ledger, if it is valid.

    Raises TrackerError if the file no longer equals `before`, the content that was edited.
    """
    parsed(raw, str(file))
    refuse_unwritable(file)
    if not file.is_file() or file.read_bytes() != before:
        raise TrackerError(
            f"{file} was changed by something else since it was read; it was left as it is",
            hint="give the command again",
        )
    try:
        replace_file(file, raw)
    except OSError as error:
        raise TrackerError(
            f"{file} cannot be written: {error.strerror}", hint=_UNWRITABLE
        ) from error
