"""`.gitattributes` beside the document: git merges generated text by line.

It keeps the lines of both sides.
"""

from collections.abc import Iterable
from itertools import filterfalse
from pathlib import Path
from typing import Final

ATTRIBUTES: Final = ".gitattributes"
_MERGE: Final = "merge=union"


def with_attributes(file: Path, generated: Iterable[Path]) -> bytes:
    """Return the attributes file with a line for each generated file that it does not cover yet."""
    raw = file.read_bytes() if file.exists() else b""
    # An attributes file may be in any encoding: only its names of generated files matter
    lines = filter(str.strip, raw.decode("utf-8", "replace").splitlines())
    covered = {line.split()[0] for line in lines}
    names = [each.relative_to(file.parent).as_posix() for each in generated]
    missing = list(filterfalse(covered.__contains__, names))
    if not missing:
        return raw
    # The last line that a person wrote may have no end
    if raw and not raw.endswith(b"\n"):
        raw += b"\n"
    added = "".join(f"{name} {_MERGE}\n" for name in missing)
    return raw + added.encode()
