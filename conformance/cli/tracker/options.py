"""The options that the verbs of the tracker share."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from conformance.cli.path_type import PATH
from conformance.errors import UsageError
from conformance.project.files import LEDGER_NAME, find_above
from conformance.tracker.living_document import DEFAULT_DOCUMENT, LivingDocument, open_document

_CASES: Final = Path("cases")
_Command = Callable[..., Any]

ledger_file = click.option(
    "--ledger",
    "ledger_file",
    type=PATH,
    help="The decisions file. [nearest to cases/]",
)
document_file = click.option(
    "--document",
    "document_file",
    type=PATH,
    default=DEFAULT_DOCUMENT,
    show_default=True,
    help="The living document.",
)


def files(command: _Command) -> _Command:
    """Add the options that name the document and the ledger."""
    return document_file(ledger_file(command))


def found_document(*, document_file: Path, ledger_file: Path | None) -> LivingDocument:
    """Return the living document that the options name."""
    return open_document(document_file, found_ledger(ledger_file))


def found_ledger(file: Path | None) -> Path:
    """Return the given ledger file, or the nearest one; raises UsageError if there is none."""
    found = file or find_above(LEDGER_NAME, [_CASES])
    if file is not None and file.is_dir():
        raise UsageError(
            f"{file} is a folder: wanted a ledger", hint=f"--ledger {file / LEDGER_NAME}"
        )
    if found is None or not found.is_file():
        start = file or _CASES / LEDGER_NAME
        folder = "" if start.parent.is_dir() else f"mkdir -p {start.parent} && "
        wanted = file or f"{LEDGER_NAME} in or above {_CASES}/"
        raise UsageError(
            f"no ledger: {wanted} is not there",
            hint=f"`{folder}echo 'decisions: []' > {start}` makes one; or name it with --ledger",
        )
    return found


def today() -> dt.date:
    """Return the current date in UTC, as runs have it."""
    return dt.datetime.now(dt.UTC).date()
