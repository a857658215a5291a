"""`conformance import`: makes a suite from curl commands or HAR files."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from conformance.atomic_file import replace_file
from conformance.cli.path_type import PATH
from conformance.errors import BadFileError, NothingSelectedError, Place, Problem, UsageError
from conformance.reporting import phrases
from conformance.safe_text import visible
from conformance.suites.importers.curl import read_curl
from conformance.suites.importers.har import read_har
from conformance.suites.importers.imported import Import
from conformance.suites.importers.suite_text import left_out_lines, suite_text
from conformance.suites.suite_file import SUITE_ID

# A HAR file has whole answers: tens of MB for a long session
MAX_HAR_BYTES: Final = 128 << 20
MAX_CURL_BYTES: Final = 4 << 20
_EPILOG = """\b
Examples:
  conformance import requests.har --host api.example.com --output cases/api/requests.yaml
  conformance import - < commands-copied-from-a-browser.txt
"""


@click.command("import", epilog=_EPILOG)
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option("--output", type=PATH, help="Write there. [standard output]")
@click.option("--force", is_flag=True, help="Overwrite the file that --output names.")
@click.option(
    "--suite",
    "suite_id",
    metavar="ID",
    help="The id of the suite. [imported/ and the first file's name]",
)
@click.option(
    "--host", "hosts", multiple=True, help="Only requests to this host (of a HAR file). Repeatable."
)
@click.option(
    "--static", is_flag=True, help="Also scripts, styles, images and fonts (of a HAR file)."
)
def command(
    *,
    files: tuple[Path, ...],
    output: Path | None,
    force: bool,
    suite_id: str | None,
    **reading: Any,
) -> int:
    """Make a suite of the requests in FILES: browsers' curl commands, or HAR 1.2.

    Hosts, credentials and fields that only browsers need are left out, and comments say so. The
    cases send the same targets, remaining headers and bodies, byte for byte. Equal requests are
    merged. Requests that are merged or not imported are listed with their lines.
    """
    suite = suite_id or f"imported/{_word(files[0].stem)}"
    if not re.fullmatch(SUITE_ID.pattern or "", suite):
        raise UsageError(f"--suite {suite}: wanted an id such as area/topic")
    if output is not None and output.exists() and not force:
        raise UsageError(f"{output} is there already", hint="--force overwrites it")
    found = [item for file in files for item in _read(file, **reading)]
    made = suite_text(found, suite, ", ".join(map(_shown, files)))
    for line in left_out_lines(made.left_out):
        click.echo(f"not imported: {visible(line)}", err=True)
    for item in made.merged:
        same = f"{visible(item.origin)}: the same request as {visible(item.same_as)}"
        click.echo(f"merged: {same}", err=True)
    if not made.cases:
        raise NothingSelectedError(
            "no request to import", hint="wanted curl commands or a HAR file with some"
        )
    if output is None:
        sys.stdout.buffer.write(made.text.encode())
    else:
        replace_file(output, made.text.encode("utf-8"))
    where = f" in {output}" if output else ""
    read = phrases.plural(made.read, "request")
    others = ((len(made.merged), "merged"), (len(made.left_out), "not imported"))
    counts = "".join(f", {count} {word}" for count, word in others if count)
    click.echo(f"{read} read: {phrases.plural(made.cases, 'case')}{where}{counts}", err=True)
    return 0


def _read(file: Path, *, hosts: tuple[str, ...], static: bool) -> Iterator[Import]:
    """Yield the requests of a file: JSON is read as HAR, any other text as curl commands."""
    name, raw = _named(file), _bytes_of(file)
    if raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return read_har(raw, name, hosts=hosts, static=static)
    if len(raw) > MAX_CURL_BYTES:
        raise BadFileError(
            [Problem(Place(name), f"more than {MAX_CURL_BYTES} bytes of commands; split the file")]
        )
    try:
        return read_curl(_text_of(raw), name)
    except UnicodeDecodeError as error:
        raise BadFileError(
            [Problem(Place(name), f"neither HAR nor text in UTF-8: byte {error.start}")]
        ) from error


def _text_of(raw: bytes) -> str:
    """Return the text of bytes: UTF-16 after a byte order mark of UTF-16, else UTF-8."""
    return raw.decode("utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8")


def _bytes_of(file: Path) -> bytes:
    """Return the content of a file or of standard input; raises BadFileError if it is too long."""
    if str(file) == "-":
        raw = sys.stdin.buffer.read(MAX_HAR_BYTES + 1)
    else:
        with file.open("rb") as opened:
            raw = opened.read(MAX_HAR_BYTES + 1)
    if len(raw) > MAX_HAR_BYTES:
        raise BadFileError([Problem(Place(_named(file)), f"more than {MAX_HAR_BYTES} bytes")])
    return raw


def _named(file: Path) -> str:
    """Return a file as the user named it."""
    return "standard input" if str(file) == "-" else str(file)


def _shown(file: Path) -> str:
    """Return the name of a file for a suite, which no folder of this machine belongs in."""
    return Path(_named(file)).name


def _word(stem: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", stem.lower())) or "requests"
