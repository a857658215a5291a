"""`.gitattributes` next to the document: with it, git merges generated text line by line.

A merge keeps the lines of both sides.
"""

from collections.abc import Iterable
from itertools import filterfalse
from pathlib import Path
from typing import Final

ATTRIBUTES: Final = ".gitattributes"
_MERGE: Final = "merge=union"


def with_attributes(file: Path, generated: Iterable[Path]) -> bytes:
    """Return the attributes file with a line for each generated file that it does not name yet."""
    raw = file.read_bytes() if file.exists() else b""
    # The file may have any encoding: only the names of generated files matter
    lines = filter(str.strip, raw.decode("utf-8", "replace").splitlines())
    covered = {line.split()[0] for line in lines}
    names = [each.relative_to(file.parent).as_posix() for each in generated]
    missing = list(filterfalse(covered.__contains__, names))
    if not missing:
        return raw
    # The last line of a person may have no line end
    if raw and not raw.endswith(b"\n"):
        raw += b"\n"
    added = "".join(f"{name} {_MERGE}\n" for name in missing)
    return raw + added.encode()
