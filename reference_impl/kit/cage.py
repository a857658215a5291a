"""The inside of a worker: a process for untrusted data, limited by the kernel.

In: frames on standard input, each the length of its content (4 bytes, big-endian) and the content.
Out: a frame for each on standard output. A worker begins with `limit_resources`, before it reads
anything, and sets an alarm for each task: so the kernel ends it in time even when the daemon was
killed. It ends when its input ends. The daemon's side is `worker_pool`.
"""

from __future__ import annotations

import resource
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Frames of up to 4 GiB, more than any body limit.
LENGTH_BYTES = 4

# Enough for the objects of a worker's tables and the engine's own files.
_OPEN_FILES = 256


def limit_resources(*, space_mb: int, file_bytes: int) -> None:
    """Limit this process for good: its address space, and the size of any file that it writes."""
    limits = {
        resource.RLIMIT_AS: space_mb * 2**20,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
    }
    for number, value in limits.items():
        resource.setrlimit(number, (value, value))


def end_after(seconds: float) -> None:
    """Let the kernel end this process after some seconds, unless its work is done earlier."""
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))


def serve_frames(work: Callable[[bytes], bytes]) -> None:
    """Answer frames until the input ends."""
    while length := sys.stdin.buffer.read(LENGTH_BYTES):
        done = work(sys.stdin.buffer.read(int.from_bytes(length, "big")))
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.buffer.write(frame(done))
        sys.stdout.buffer.flush()


def frame(content: bytes) -> bytes:
    """Return a content with its length before it."""
    return len(content).to_bytes(LENGTH_BYTES, "big") + content
