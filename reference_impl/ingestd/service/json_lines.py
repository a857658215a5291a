"""Checks JSON Lines before the engine reads them: each line is strict JSON, an object.

In: a file. Out: nothing, or `FileError` at the first bad line. The engine accepts what two parsers
could read differently (a repeated member, NaN); this is refused, as in every body. Lines of white
space are no rows.
"""

from __future__ import annotations

from pathlib import Path

from reference_impl.ingestd.errors import FileError
from reference_impl.kit.strict_json import JsonError, parse

# A line is parsed whole, in memory.
LONGEST_LINE_BYTES = 8 * 1024 * 1024


def require_json_lines(source: str) -> None:
    """Raise FileError for a file that is not JSON Lines of objects."""
    rows = 0
    with Path(source).open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                _require_object(line, number)
                rows += 1
    if not rows:
        raise FileError("it holds no rows, so that its columns are not known")


def _require_object(line: bytes, number: int) -> None:
    if len(line) > LONGEST_LINE_BYTES:
        raise FileError(f"it is over {LONGEST_LINE_BYTES} bytes", number)
    try:
        value = parse(line.strip())
    except JsonError as error:
        raise FileError(str(error).replace("at line 1 column", "at column"), number) from None
    if not isinstance(value, dict):
        raise FileError("it is no JSON object", number)
