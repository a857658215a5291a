"""A process's open descriptors by what they lead to: what was opened is closed on every path."""

import asyncio
import contextlib
import os
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

_PATIENCE_S: Final = 10.0
_LOOK_S: Final = 0.01
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="needs /proc to see what is open"
)


def open_in(pid: int | str = "self") -> Counter[str]:
    """Count what the descriptors of a process lead to.

    That of the look itself is gone before it is asked.
    """
    found: Counter[str] = Counter()
    for name in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208 - a generator would keep its own descriptor open
        with contextlib.suppress(OSError):
            found[os.readlink(f"/proc/{pid}/fd/{name}")] += 1  # noqa: PTH115 - what it leads to need not be a path
    return found


@contextlib.contextmanager
def nothing_left_open() -> Iterator[None]:
    """Hold a block to closing all that it opens by its end.

    What it keeps in variables does not close by itself.
    """
    before = open_in()
    yield
    left = open_in() - before
    assert not left, f"left open: {left}"


async def wait_until_closed(before: Counter[str], lasting: int = 0) -> None:
    """Wait until no more is open than before and what lasts.

    To close takes rounds of the loop and the other side.
    """
    end = time.monotonic() + _PATIENCE_S
    while (left := open_in() - before).total() > lasting:
        if time.monotonic() > end:
            _shut(left)
            pytest.fail(f"left open: {left}")
        await asyncio.sleep(_LOOK_S)


def _shut(left: Counter[str]) -> None:
    """Shut connections down that were left open.

    A loop that is closed may wait for ever for one that goes on.
    """
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - as above
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/self/fd/{name}") in left:  # noqa: PTH115 - as above
                with socket.socket(fileno=os.dup(int(name))) as connection:
                    connection.shutdown(socket.SHUT_RDWR)


def wait_until_closed_in(pid: int, before: Counter[str], lasting: int = 0) -> None:
    """Wait until another process has closed what it opened.

    As many files as `lasting` says may have taken the place of others.
    """
    end = time.monotonic() + _PATIENCE_S
    while (left := open_in(pid) - before).total() > lasting:
        assert time.monotonic() < end, f"left open: {left}"
        time.sleep(_LOOK_S)
