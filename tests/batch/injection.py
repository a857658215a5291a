"""Faults in a program's system calls, injected by strace.

The program needs no seam, so that one in any language works.

In: a command, the folder below which its calls count, and a point: which call, the how many-th of
its name, and what is to happen there.  Out: what the program said and how it ended, and whether the
fault struck.  The points come from a run that nothing disturbs: a runtime opens and writes much at
its start that is none of its files, and is left alone.
"""

import errno
import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Fault = Literal["SIGKILL", "ENOSPC", "EIO"]
FAULTS: Final[tuple[Fault, ...]] = ("SIGKILL", "ENOSPC", "EIO")
STRACE: Final = shutil.which("strace")

_WRITES: Final = (
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "pwritev2",
    "copy_file_range",
    "sendfile",
)
_SIZES: Final = ("ftruncate", "truncate", "fallocate")
_SYNCS: Final = ("fsync", "fdatasync", "sync_file_range")
_NAMES: Final = (
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "mkdir",
    "mkdirat",
    "open",
    "openat",
    "creat",
)
CALLS: Final = (*_WRITES, *_SIZES, *_SYNCS, *_NAMES)

_CALL: Final = re.compile(r"(?P<thread>\d+) +(?P<name>\w+)\((?P<rest>.*)")
_READS_ONLY: Final = re.compile(r"\bO_RDONLY\b(?!.*\bO_CREAT\b)")
_STRUCK: Final = re.compile(r"\(INJECTED\)$| = \?$")
_TIMEOUT_S: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where a fault is to strike: at the `ordinal`-th call of a name in a thread."""

    call: str
    ordinal: int
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a run ended: the exit code, or less a signal's number.

    None where it had to be stopped.
    """

    code: int | None
    errors: str
    struck: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A command, its environment, and the folder below which its files are."""

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path

    def run(self) -> Ending:
        """Run it with nothing in its way."""
        code, errors = _ended(self.command, self.environment)
        return Ending(code=code, errors=errors, struck=False)

    def points(self) -> tuple[list[Point], bool]:
        """Run it under observation.

        Give each fault at each call that changes something below the folder.

        The second value tells whether one thread made all those calls, and none has the number of
        another.
        """
        log = self._traced(
            "--seccomp-bpf", "-e", f"trace={','.join(f'?{call}' for call in CALLS)}"
        )[1]
        changes = list(self._changes(log))
        numbered = dict.fromkeys((call, ordinal) for _, call, ordinal in changes)
        points = [
            Point(call=call, ordinal=ordinal, fault=fault)
            for fault in FAULTS
            for call, ordinal in numbered
        ]
        return points, len({thread for thread, _, _ in changes}) == 1

    def _changes(self, log: str) -> Iterator[tuple[str, str, int]]:
        seen: Counter[tuple[str, str]] = Counter()
        for call in filter(None, map(_CALL.match, log.splitlines())):
            seen[call["thread"], call["name"]] += 1
            if str(self.folder) in call["rest"] and not _READS_ONLY.search(call["rest"]):
                yield call["thread"], call["name"], seen[call["thread"], call["name"]]

    def disturbed(self, point: Point) -> Ending:
        """Run it once with a fault."""
        # With --seccomp-bpf, which is faster, strace 6.1 never delivers the signal.
        kind, speed = ("signal", ()) if point.fault == "SIGKILL" else ("error", ("--seccomp-bpf",))
        inject = f"inject={point.call}:{kind}={point.fault}:when={point.ordinal}"
        (code, errors), log = self._traced(*speed, "-e", f"trace={point.call}", "-e", inject)
        struck = [line for line in log.splitlines() if _STRUCK.search(line)]
        is_ours = bool(struck) and all(str(self.folder) in line for line in struck)
        return Ending(code=code, errors=errors, struck=is_ours)

    def _traced(self, *options: str) -> tuple[tuple[int | None, str], str]:
        assert STRACE is not None
        log = self.folder.with_suffix(".strace")
        traced = [STRACE, "-f", "-y", "-qq", "-e", "signal=none", *options, "-o", str(log)]
        ended = _ended([*traced, *self.command], self.environment)
        return ended, log.read_text(errors="replace") if log.exists() else ""


def _ended(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int | None, str]:
    with subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            _, errors = process.communicate(timeout=_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            _, errors = process.communicate()
            return None, errors.decode(errors="replace")
        return process.returncode, errors.decode(errors="replace")


def reasons(fault: Fault) -> tuple[str, str]:
    """Give the words that a message about a fault may use, in small letters."""
    return fault.lower(), os.strerror(getattr(errno, fault)).lower()
