"""Links from a report to the files that it names: from a place to a URL, or empty."""

import re
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

_PLACE: Final = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::\d+)?\Z")
_FILES_KEPT: Final = 16
"""Many cases are in the same file, so a small cache is enough."""
_KNOWN_START: Final = re.compile(r"https?://|(?:\.\./)+\Z")
"""The prefixes that may become a link; others could be an attack, as records are not trusted."""


def link_to(place: str, files: str) -> str:
    """Return the URL of `file:line:column`; empty if the file cannot be reached.

    `files` is the prefix for the run's working folder: a URL or `../../`.
    """
    found = _PLACE.match(place)
    if not found or not _KNOWN_START.match(files):
        return ""
    address = _address_of(found["file"])
    return f"{files}{address}#L{found['line']}" if address else ""


@lru_cache(_FILES_KEPT)
def _address_of(name: str) -> str:
    """Return the relative URL of a file below the working folder; empty for any other file."""
    file = PurePosixPath(name)
    if file.is_absolute() or ".." in file.parts:
        return ""
    return quote(str(file))
