"""Links from a report to the files that it names: a place in, an address or nothing out."""

import re
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

_PLACE: Final = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::\d+)?\Z")
_FILES_KEPT: Final = 16
"""Many cases stand in one file."""
_KNOWN_START: Final = re.compile(r"https?://|(?:\.\./)+\Z")
"""A record is a file that anybody may have written: no other kind of address becomes a link."""


def link_to(place: str, files: str) -> str:
    """Return the address of `file:line:column`, or nothing where the file cannot be reached.

    `files` is where the run's working folder is, seen from the report: a URL or `../../`.
    """
    found = _PLACE.match(place)
    if not found or not _KNOWN_START.match(files):
        return ""
    address = _address_of(found["file"])
    return f"{files}{address}#L{found['line']}" if address else ""


@lru_cache(_FILES_KEPT)
def _address_of(name: str) -> str:
    """Return the address of a file below the working folder, or nothing for any other."""
    file = PurePosixPath(name)
    if file.is_absolute() or ".." in file.parts:
        return ""
    return quote(str(file))
