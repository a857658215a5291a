"""The files of a root: sources read by line, day files and skips replaced whole, a receipt last.

Invariants: a file is replaced only by one that is completely on the disk; day files without new
records are not touched; memory has at most one line and the identities of one source at a time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from reference_impl.kit.atomic_file import is_abandoned, replacing
from reference_impl.materializer.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SKIPS = "data/_kb/distillation_skips.jsonl"
RECEIPTS = "reports/distillation"
WRITTEN_TO = ("data", RECEIPTS)
# Large enough for few calls, and small compared with the identities of a source.
_PIECE_BYTES = 1 << 20
# A source may have hundreds of days, each with this much in memory.
_SPOOL_BYTES = 64 << 10


class _Signed(msgspec.Struct):
    sig_hash: str


class _Line(msgspec.Struct):
    """The members of an existing record that are read."""

    provenance: _Signed


class _KnownSkip(msgspec.Struct):
    source: str
    line_hash: str


@contextlib.contextmanager
def telling_which_file(file: Path | None = None) -> Iterator[None]:
    """Raise StorageError for an OSError in the block, with the name of the file.

    `file` is used if the error has no name.
    """
    try:
        yield
    except OSError as error:
        raise StorageError(f"{error.filename or file or 'a file'}: {error.strerror}") from error


def is_there(file: Path) -> bool:
    """Return whether a file with this name exists.

    A name that cannot be checked raises OSError in every version of Python.
    """
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def source_file(source: str) -> str:
    """Return the path of a source, relative to its root."""
    return f"data/_kb/{source}.jsonl"


@dataclass(slots=True)
class SourceReader:
    """A source being read: iterate over its whole lines; then digest, size and `torn` are set."""

    path: Path
    torn: bool = False
    size_bytes: int = 0
    _hasher: hashlib._Hash = field(default_factory=hashlib.sha256)

    def __iter__(self) -> Iterator[bytes]:
        """Yield every line without its end; a last line without an end is left for later."""
        with self.path.open("rb", buffering=_PIECE_BYTES) as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    self.torn = True
                    return
                self.size_bytes += len(line)
                self._hasher.update(line)
                yield line[:-1]

    @property
    def sha256(self) -> str:
        """Return the digest of the lines that were read."""
        return self._hasher.hexdigest()


@dataclass(slots=True)
class DayFile:
    """The records of one source on one day: the existing ones, and the new ones."""

    path: Path
    known: set[bytes]
    before: int
    size_bytes: int
    written: int = 0
    _chunks: list[bytes] = field(default_factory=list)
    _held: int = 0
    _spool: IO[bytes] | None = None

    def add(self, sig_hash: str, line: bytes) -> None:
        """Add a new record."""
        self.known.add(bytes.fromhex(sig_hash))
        self.written += 1
        self._chunks.append(line)
        self._held += len(line)
        if self._held > _SPOOL_BYTES:
            self._spill()

    def _spill(self) -> None:
        with telling_which_file(Path(tempfile.gettempdir())):
            if self._spool is None:
                self._spool = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `replace`
            self._spool.write(b"".join(self._chunks))
        self._chunks, self._held = [], 0

    def replace(self) -> str:
        """Write the existing and the new records; return the digest of the whole file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with telling_which_file(self.path), replacing(self.path) as out:
            return self._digest(out)

    def digest(self) -> str:
        """Return the digest that the file would have."""
        return self._digest(None)

    def _digest(self, out: IO[bytes] | None) -> str:
        hasher = hashlib.sha256()
        for piece in self._pieces():
            hasher.update(piece)
            if out is not None:
                out.write(piece)
        if self._spool is not None:
            self._spool.close()
        return hasher.hexdigest()

    def _pieces(self) -> Iterator[bytes]:
        last = b"\n"
        if (
            left := self.size_bytes
        ):  # lines that another run has added since are unknown, and not copied
            with self.path.open("rb") as there:
                while last_piece := there.read(min(left, _PIECE_BYTES)):
                    yield last_piece
                    last = last_piece[-1:]
                    left -= len(last_piece)
        if last != b"\n":
            yield b"\n"
        if self._spool is not None:
            self._spool.seek(0)
            while piece := self._spool.read(_PIECE_BYTES):
                yield piece
        yield b"".join(self._chunks)


def open_day(path: Path) -> DayFile:
    """Return a day's file with the records that it has.

    A line that is no record stays, but is not counted as known.
    """
    known: set[bytes] = set()
    before = size_bytes = 0
    decoder = msgspec.json.Decoder(_Line)
    if is_there(path):
        with path.open("rb") as lines:
            for line in lines:
                before += bool(line.strip())
                size_bytes += len(line)
                with contextlib.suppress(msgspec.MsgspecError, ValueError):
                    known.add(bytes.fromhex(decoder.decode(line).provenance.sig_hash))
    return DayFile(path=path, known=known, before=before, size_bytes=size_bytes)


def known_skips(root: Path) -> tuple[set[tuple[str, str]], bytes]:
    """Return the `(source, digest)` of the lines skipped before, and the content of that file."""
    known = set()
    decoder = msgspec.json.Decoder(_KnownSkip)
    path = root / SKIPS
    there = path.read_bytes() if is_there(path) else b""
    for line in there.splitlines():
        with contextlib.suppress(msgspec.MsgspecError):
            skip = decoder.decode(line)
            known.add((skip.source, skip.line_hash))
    return known, there


def append_skips(root: Path, there: bytes, lines: Iterable[bytes]) -> None:
    """Replace the file of skips by its old content and some more lines."""
    path = root / SKIPS
    path.parent.mkdir(parents=True, exist_ok=True)
    if there and not there.endswith(b"\n"):
        there += b"\n"
    with telling_which_file(path), replacing(path) as out:
        out.write(there)
        out.writelines(lines)


def write_receipt(root: Path, run_id: str, line: bytes) -> None:
    """Write the receipt of a run to its file."""
    path = root / RECEIPTS / run_id / "receipt.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    with telling_which_file(path), replacing(path) as out:
        out.write(line)


def remove_unfinished(folder: Path) -> None:
    """Remove unfinished files of runs that died."""
    for parent, _, names in os.walk(folder):
        for name in names:
            if is_abandoned(name):
                (Path(parent) / name).unlink(missing_ok=True)
