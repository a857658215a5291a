"""What a command left, as one JSON body: its streams, and every file that is new, changed or gone.

JSON and JSON Lines are put in as they are written, so that number spellings and duplicate keys stay to be compared; a
line that is no JSON is kept as text, and so is a last line without an end. Any other file is its digest and length.

    {"stdout": …, "stderr": "…", "files": {"a.jsonl": [{…}, {"unreadable": "…"}], "b.bin": {"sha256": "…", "bytes": 9}},
     "deleted": ["c.json"]}
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import jiter

MAX_STREAM_BYTES: Final = 16 << 20
MAX_READ_BYTES: Final = 4 << 20
"""A file that is longer is its digest, whatever is in it."""
MAX_BODY_BYTES: Final = 32 << 20
MAX_FILES: Final = 10_000
_LINES: Final = frozenset({".jsonl", ".ndjson"})
_PIECE_BYTES: Final = 1 << 20
Before = dict[str, bytes]
"""The files that a command was given, by path."""


class OutcomeTooLargeError(Exception):
    """A command left more than is looked at."""


def outcome(root: Path, before: Mapping[str, bytes]) -> bytes:
    """Return what a command left below `root/work` and in its streams; raises OutcomeTooLargeError."""
    files: list[bytes] = []
    size = 0
    present = set()
    for path, file in _files(root / "work"):
        present.add(path)
        if not file.is_symlink() and before.get(path) is not None and file.read_bytes() == before[path]:
            continue
        files.append(_text(path) + b":" + _content(file))
        size += len(files[-1])
        if len(files) > MAX_FILES or size > MAX_BODY_BYTES:
            raise OutcomeTooLargeError(f"it left more than {MAX_FILES} files or {MAX_BODY_BYTES} bytes to compare")
    deleted = sorted(before.keys() - present)
    members = [
        b'"stdout":' + _stream(root / "stdout"),
        b'"stderr":' + _text(_read(root / "stderr").decode("utf-8", "backslashreplace")),
        b'"files":{' + b",".join(files) + b"}",
    ]
    if deleted:
        members.append(b'"deleted":' + json.dumps(deleted).encode())
    return b"{" + b",".join(members) + b"}"


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file and link below a folder, sorted; folders themselves say nothing."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        linked = [name for name in folders if (Path(parent) / name).is_symlink()]
        for name in sorted((*names, *linked)):
            file = Path(parent) / name
            yield file.relative_to(folder).as_posix(), file


def _content(file: Path) -> bytes:
    if file.is_symlink():
        return b'{"link":' + _text(os.readlink(file)) + b"}"  # noqa: PTH115 - a string is wanted
    if not file.is_file():
        return b'{"special":true}'
    if file.stat().st_size <= MAX_READ_BYTES:
        raw = file.read_bytes()
        if file.suffix in _LINES:
            return b"[" + b",".join(_line(line) for line in raw.splitlines(keepends=True) if line.strip()) + b"]"
        if file.suffix == ".json" and _is_json(raw):
            return raw.strip()
    return _digest(file)


def _line(line: bytes) -> bytes:
    """Return a line of JSON Lines as it is, or what is wrong with it."""
    if not line.endswith(b"\n"):
        return b'{"unterminated":' + _text(line.decode("utf-8", "backslashreplace")) + b"}"
    if not _is_json(line):
        return b'{"unreadable":' + _text(line.decode("utf-8", "backslashreplace").rstrip("\r\n")) + b"}"
    return line.strip()


def _is_json(raw: bytes) -> bool:
    try:
        jiter.from_json(raw)
    except ValueError:
        return False
    return True


def _digest(file: Path) -> bytes:
    hasher = hashlib.sha256()
    size = 0
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE_BYTES):
            hasher.update(piece)
            size += len(piece)
    return json.dumps({"sha256": hasher.hexdigest(), "bytes": size}).encode()


def _stream(file: Path) -> bytes:
    """Return what was printed: as JSON where it is a JSON value, else as text."""
    raw = _read(file)
    return raw.strip() if raw.strip() and _is_json(raw) else _text(raw.decode("utf-8", "backslashreplace"))


def _read(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""


def _text(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=True).encode()
