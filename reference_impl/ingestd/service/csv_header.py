"""The first line of a CSV file: the names of its columns.

In: a file (RFC 4180: commas, double quotes, UTF-8). Out: the names, or `FileError`. The first line
is always the header, even if it does not look like one.
"""

from __future__ import annotations

import csv
from pathlib import Path

from reference_impl.ingestd.errors import FileError


def read_header(source: str) -> tuple[str, ...]:
    """Return the names of the columns.

    Raises FileError.
    """
    try:
        with Path(source).open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            names = tuple(next(csv.reader(text, strict=True), ()))
            "".join(names).encode()  # other lines have errors of their own
    except (csv.Error, UnicodeEncodeError):
        raise FileError("the header is no CSV in UTF-8", 1) from None
    if not names:
        raise FileError("there is no header", 1)
    if not all(names):
        raise FileError("a column has no name", 1)
    if len({name.casefold() for name in names}) < len(names):
        raise FileError("two columns have one name, whatever their case", 1)
    return names
