"""`.gitattributes` beside the document: git merges generated text by line.

It keeps the lines of both sides.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

ATTRIBUTES: Final = ".gitattributes"
_MERGE: Final = "merge=union"


def with_attributes(file: Path, generated: Iterable[Path]) -> bytes:
    """Return the attributes file with a line for each generated file that it does not cover yet."""
    raw = file.read_bytes() if file.exists() else b""
    lines = filter(str.strip, raw.decode("utf-8", "replace").splitlines())
    covered = {line.split()[0] for line in lines}
    names = [each.relative_to(file.parent).as_posix() for each in generated]
    new = [f"{name} {_MERGE}\n".encode() for name in names if name not in covered]
    if raw and new and not raw.endswith(b"\n"):
        raw += b"\n"
    return raw + b"".join(new)
