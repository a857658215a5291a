"""What a command left, as one JSON body: its streams, and every file that is new, changed or gone.

JSON and JSON Lines stay as they are written, so that number spellings and duplicate keys can be
compared.  A line that is no JSON is kept as text, and so is a last line without an end.  Any other
file is shown by its digest and length.

    {"stdout": …, "stderr": "…", "files": {"a.jsonl": [{…}, {"unreadable": "…"}], "b.bin":
    {"sha256": "…", "bytes": 9}},
     "deleted": ["c.json"]}

Sizes are checked before anything is read, and digests are computed in pieces within a time limit.
The work runs in a thread: a signal that ends the run sets `ReadingBudget.is_over`, and the next
piece ends the work.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import PurePosixPath
from threading import Event
from typing import Final

import jiter
from msgspec import Struct, field

from conformance.runner.lanes.batch_folder import (
    FolderEntry,
    HeldFolder,
    OutcomeTooLargeError,
    UnreadableOutcomeError,
    open_regular,
)

MAX_STREAM_BYTES: Final = 16 << 20
MAX_READ_BYTES: Final = 4 << 20
"""A longer file is shown by its digest, whatever is in it."""
MAX_BODY_BYTES: Final = 32 << 20
MAX_FILES: Final = 10_000
"""Files and folders that a command was not given."""
_LINES: Final = frozenset({".jsonl", ".ndjson"})
_PIECE_BYTES: Final = 1 << 20
Before = dict[str, bytes]
"""The files that a command was given, by path."""


class ReadingBudget(Struct, kw_only=True):
    """A time limit for reading; `is_over` is set to end the reading early."""

    timeout_ms: int
    is_over: Event = field(default_factory=Event)
    _until_s: float = 0.0

    def begin(self) -> None:
        """Start the time limit."""
        self._until_s = time.monotonic() + self.timeout_ms / 1000

    def check(self) -> None:
        """Raise OutcomeTooLargeError when the time is up, or `is_over` is set."""
        if self.is_over.is_set() or time.monotonic() > self._until_s:
            raise OutcomeTooLargeError(f"to read what it left took more than {self.timeout_ms} ms")


def outcome(
    streams: HeldFolder, work: HeldFolder, before: Mapping[str, bytes], budget: ReadingBudget
) -> bytes:
    """Return the JSON of what a command left in its folder and in its streams.

    Raises OutcomeTooLargeError and UnreadableOutcomeError.
    """
    budget.begin()
    try:
        return _body(streams, work, before, budget)
    except OSError as error:
        raise UnreadableOutcomeError(f"what it left cannot be read: {error.strerror}") from error


def _body(
    streams: HeldFolder, work: HeldFolder, before: Mapping[str, bytes], budget: ReadingBudget
) -> bytes:
    files, present = _files(work, before, budget)
    deleted = sorted(before.keys() - present)
    errors = _stream(streams, "stderr")
    members = [
        b'"stdout":' + _as_json(_stream(streams, "stdout")),
        b'"stderr":' + _text(errors.decode("utf-8", "backslashreplace")),
        b'"files":{' + b",".join(files) + b"}",
    ]
    if deleted:
        members.append(b'"deleted":' + json.dumps(deleted).encode())
    return b"{" + b",".join(members) + b"}"


def last_words(streams: HeldFolder, most_bytes: int) -> bytes:
    """Return the last bytes of a command's standard error; empty if it cannot be read."""
    try:
        with open_regular("stderr", streams.descriptor, "stderr") as descriptor:
            return os.pread(
                descriptor, most_bytes, max(0, os.fstat(descriptor).st_size - most_bytes)
            )
    except Exception:  # noqa: BLE001 - the words only help, the fault is reported already
        return b""


def _files(
    work: HeldFolder, before: Mapping[str, bytes], budget: ReadingBudget
) -> tuple[list[bytes], set[str]]:
    """Return the JSON members of `files`, and the paths of all files in the folder."""
    given = {parent.as_posix() for path in before for parent in PurePosixPath(path).parents}
    files: list[bytes] = []
    present = set()
    size = new = 0
    for entry in work.entries():
        budget.check()
        new += entry.path not in before and entry.path not in given
        if new > MAX_FILES:
            raise _too_much()
        if entry.is_folder:
            continue
        present.add(entry.path)
        if entry.path in before and _is_unchanged(entry, before[entry.path]):
            continue
        files.append(_text(entry.path) + b":" + _content(entry, MAX_BODY_BYTES - size, budget))
        size += len(files[-1])
        if size > MAX_BODY_BYTES:
            raise _too_much()
    return files, present


def _too_much() -> OutcomeTooLargeError:
    return OutcomeTooLargeError(
        f"it left more than {MAX_FILES} files or {MAX_BODY_BYTES} bytes to compare"
    )


def _is_unchanged(entry: FolderEntry, content: bytes) -> bool:
    if not entry.is_regular or entry.status.st_size != len(content):
        return False
    with entry.opened() as descriptor:
        return _read(descriptor, len(content)) == content


def _content(entry: FolderEntry, left_bytes: int, budget: ReadingBudget) -> bytes:
    """Return the JSON that stands for a file; `left_bytes` is how much of the body is free."""
    target = entry.link_target()
    if target is not None:
        return b'{"link":' + _text(target) + b"}"
    if not entry.is_regular:
        return b'{"special":true}'
    suffix = PurePosixPath(entry.name).suffix
    with entry.opened() as descriptor:
        if entry.status.st_size > MAX_READ_BYTES or suffix not in {".json", *_LINES}:
            return _digest(descriptor, budget)
        if entry.status.st_size > left_bytes:
            raise _too_much()
        raw = _read(descriptor, MAX_READ_BYTES)
        if suffix in _LINES:
            return b"[" + b",".join(_lines(raw, budget)) + b"]"
        return raw.strip() if _is_json(raw) else _digest(descriptor, budget)


def _lines(raw: bytes, budget: ReadingBudget) -> Iterator[bytes]:
    """Yield each line of JSON Lines as JSON: as it is, or as an object that says what is wrong."""
    for line in BytesIO(raw):
        budget.check()
        if not line.strip():
            continue
        if not line.endswith(b"\n"):
            yield b'{"unterminated":' + _text(line.decode("utf-8", "backslashreplace")) + b"}"
        elif not _is_json(line):
            yield (
                b'{"unreadable":'
                + _text(line.decode("utf-8", "backslashreplace").rstrip("\r\n"))
                + b"}"
            )
        else:
            yield line.strip()


def _is_json(raw: bytes) -> bool:
    try:
        jiter.from_json(raw)
    except ValueError:
        return False
    return True


def _digest(descriptor: int, budget: ReadingBudget) -> bytes:
    hasher = hashlib.sha256()
    size = 0
    while piece := os.pread(descriptor, _PIECE_BYTES, size):
        budget.check()
        hasher.update(piece)
        size += len(piece)
    return json.dumps({"sha256": hasher.hexdigest(), "bytes": size}).encode()


def _stream(streams: HeldFolder, name: str) -> bytes:
    """Return the bytes of a stream; raise OutcomeTooLargeError if they are too many."""
    with open_regular(name, streams.descriptor, name) as descriptor:
        raw = _read(descriptor, MAX_STREAM_BYTES + 1)
    if len(raw) > MAX_STREAM_BYTES:
        raise OutcomeTooLargeError(f"it printed more than {MAX_STREAM_BYTES} bytes")
    return raw


def _as_json(raw: bytes) -> bytes:
    """Return what was printed as JSON if it is a JSON value, else as a JSON text."""
    return (
        raw.strip()
        if raw.strip() and _is_json(raw)
        else _text(raw.decode("utf-8", "backslashreplace"))
    )


def _read(descriptor: int, most_bytes: int) -> bytes:
    """Return the beginning of a file, at most `most_bytes` bytes."""
    pieces = []
    size = 0
    while size < most_bytes and (
        piece := os.pread(descriptor, min(_PIECE_BYTES, most_bytes - size), size)
    ):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _text(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=True).encode()
