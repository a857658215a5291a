"""`conformance tracker snapshot` and `pointer`."""

from pathlib import Path
from typing import Any, Final

import click

from conformance.cli.path_type import PATH
from conformance.cli.tracker import options as tracker_options
from conformance.cli.tracker.options import found_document, today
from conformance.errors import TrackerError
from conformance.tracker.copies import forget_pointer, write_pointer, write_snapshot
from conformance.tracker.living_document import hand_edits, out_of_date, with_evidence

_FOLDER: Final = Path("reports/cutover")
_SNAPSHOT_EPILOG = """\b
Example:
  conformance tracker snapshot
"""
_POINTER_EPILOG = """\b
Example:
  conformance tracker pointer ../go-stack/docs/ARCHITECTURE_COMPARISON.md
"""


@click.command("snapshot", epilog=_SNAPSHOT_EPILOG)
@click.option(
    "--folder",
    type=PATH,
    default=_FOLDER,
    show_default=True,
    help="Where snapshots are kept.",
)
@tracker_options.files
def snapshot_command(*, folder: Path, **files: Any) -> int:
    """Write a dated copy of the document, with a header that names its source."""
    document = found_document(**files)
    now = with_evidence(document, None, today())
    if document.problems or any(hand_edits(document)) or out_of_date(now):
        raise TrackerError(
            f"{document.file} is not up to date", hint="`conformance tracker check` says why"
        )
    click.echo(f"wrote {write_snapshot(document, folder)}")
    return 0


@click.command("pointer", epilog=_POINTER_EPILOG)
@click.argument("path", type=PATH)
@click.option(
    "--source", help="How the other repository names the document. [the remote, or the way there]"
)
@click.option("--forget", is_flag=True, help="Stop checking the file instead.")
@tracker_options.files
def pointer_command(*, path: Path, source: str | None, forget: bool, **files: Any) -> int:
    """Write a file for another repository that points to the document.

    The file has no content of its own, and `check` refuses any.
    """
    document = found_document(**files)
    if forget:
        forget_pointer(document, path)
        click.echo(f"{path} is no longer checked")
        return 0
    pointer = write_pointer(document, path, source)
    click.echo(f"wrote {path}, which points to {pointer.source}")
    return 0
