"""The files that were read for a command: suites, what they include and send, runtimes, the ledger.

`guard` holds them against a revision. A reader notes each file as it opens it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_NOTED: ContextVar[set[Path] | None] = ContextVar("noted", default=None)


@contextmanager
def noted_files() -> Iterator[set[Path]]:
    """Give a set that holds, at the end of the block, each file that was read in it."""
    noted: set[Path] = set()
    token = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(token)


def note(file: Path) -> None:
    """Note a file that is read."""
    noted = _NOTED.get()
    if noted is not None:
        noted.add(file)
