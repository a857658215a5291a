"""Links from a report to the files that it names: a place in, an address or nothing out."""

import re
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

_PLACE: Final = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::\d+)?\Z")
_KNOWN_START: Final = re.compile(r"https?://|(?:\.\./)+\Z")
"""A record is a file that anybody may have written: no other kind of address becomes a link."""


def link_to(place: str, files: str) -> str:
    """Return the address of `file:line:column`, or nothing where the file cannot be reached.

    `files` is where the run's working folder is, seen from the report: a URL or `../../`.
    """
    found = _PLACE.match(place)
    if not found or not _KNOWN_START.match(files):
        return ""
    file = PurePosixPath(found["file"])
    if file.is_absolute() or ".." in file.parts:
        return ""
    return f"{files}{quote(str(file))}#L{found['line']}"
