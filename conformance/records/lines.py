"""A file of JSON lines that is written while a process runs.

If the process dies, all lines written before stay.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from conformance.atomic_file import naming
from conformance.errors import RunRecordError
from conformance.model.large_texts import pieces
from conformance.outgoing import cleaned_pieces


class RecordLines:
    """Writes the lines; use as a context manager.

    `follower` is called with each line after it was written.
    """

    def __init__(
        self,
        file: Path,
        mode: Literal["wb", "xb"] = "wb",
        follower: Callable[[bytes], None] | None = None,
    ) -> None:
        self._file = file
        self._follower = follower
        file.parent.mkdir(parents=True, exist_ok=True)
        self._out = file.open(mode)
        self._written = hashlib.sha256()

    def row(self, row: dict[str, Any]) -> None:
        """Write an object as one line."""
        self.line(pieces(row))

    def line(self, pieces: Iterable[bytes]) -> None:
        """Write the pieces of a line without secrets; raises OSError with the path of the file."""
        written = cleaned_pieces(pieces)
        if self._follower is not None:
            whole = b"".join(written)
            self._write((whole,))
            self._follower(whole)
        else:
            self._write(written)

    def _write(self, pieces: Iterable[bytes]) -> None:
        with naming(self._file):
            self._out.writelines(self._digested(pieces))
            self._out.flush()

    def refuse_others(self) -> None:
        """Raise RunRecordError if the file differs from what this object wrote.

        The file is renamed first, so that it cannot be judged by mistake.
        """
        with naming(self._file), self._file.open("rb") as file:
            found = hashlib.file_digest(file, "sha256")
        if found.digest() != self._written.digest():
            kept = self._file.replace(self._file.with_name(f"changed-{self._file.name}"))
            raise RunRecordError(
                f"{self._file} was changed by somebody else while the run was made; it is {kept} "
                "now",
                hint="a runtime may have done it: start it as a user who cannot write there",
            )

    def _digested(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._written.update(piece)
            yield piece

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with naming(self._file):  # buffered bytes for which the disk had no room are tried again
            self._out.close()
