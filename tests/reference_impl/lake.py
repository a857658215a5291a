"""The daemons of the lake in the tests: each with a data directory of its own, and all of them together."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.reference_impl.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon


@contextmanager
def running_room(name: str, folder: Path, *arguments: str) -> Iterator[LiveDaemon]:
    """Run one daemon over the state in a folder until the block ends."""
    program = ("-m", f"reference_impl.{name}")
    with running(folder / f"{name}.log", "--data-dir", str(folder / "data"), *arguments, program=program) as daemon:
        yield daemon
