"""The files that a command has read: suites, files that they include or send, runtimes, the ledger.

`guard` compares them with a revision. A reader notes each file as it opens it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_NOTED: ContextVar[set[Path] | None] = ContextVar("noted", default=None)


@contextmanager
def noted_files() -> Iterator[set[Path]]:
    """Yield a set to which each file that is read in the block is added."""
    noted: set[Path] = set()
    token = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(token)


def note(file: Path) -> None:
    """Note that a file is read."""
    noted = _NOTED.get()
    if noted is not None:
        noted.add(file)
