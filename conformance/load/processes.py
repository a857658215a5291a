"""The CPU time and resident memory of a process tree, by process name.

In: root processes, sampled again and again. Out: for each name, the CPU time between the first and
the last sample, and the largest memory that its processes had together.  Without /proc there are no
figures.
"""

import os
import re
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import Struct, field

from conformance.load.figures import ProcessFigures
from conformance.runner.process.guardian import descendants

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_MIB: Final = 1 << 20
_SUBCOMMAND: Final = re.compile(r"[A-Za-z][A-Za-z_-]*")
"""A word that is the same in every run: it has no digits, as a port has, and is no path."""
_MADE_NUMBER: Final = re.compile(r"[0-9]{4,}")
_UNNAMED: Final = "a process without a name"
_INTERPRETERS: Final = ("python", "node", "bun", "ruby", "java")


class _Used(NamedTuple):
    cpu_s: float
    rss_bytes: int


class ProcessWatch(Struct):
    """Samples root processes and, if `is_deep`, all their descendants."""

    roots: tuple[int, ...]
    is_deep: bool = True
    _names: dict[int, str] = field(default_factory=dict)
    _first: dict[int, float] = field(default_factory=dict)
    _last: dict[int, float] = field(default_factory=dict)
    _most: dict[str, int] = field(default_factory=dict)

    def begin(self) -> None:
        """Start a new measurement."""
        self._first, self._last, self._most = {}, {}, {}
        self.look()
        self._first = dict(self._last)

    def look(self) -> None:
        """Take one sample."""
        now: dict[str, int] = {}
        for pid in {
            each
            for root in self.roots
            for each in (root, *(descendants(root) if self.is_deep else ()))
        }:
            used = _used(pid)
            if used is None:
                continue
            name = self._names.setdefault(pid, name_of(pid))
            self._last[pid] = used.cpu_s
            now[name] = now.get(name, 0) + used.rss_bytes
        for name, rss_bytes in now.items():
            self._most[name] = max(rss_bytes, self._most.get(name, 0))

    def figures(self) -> tuple[ProcessFigures, ...]:
        """Return the CPU time and memory by name; the name with the most CPU time is first."""
        cpu_s: dict[str, float] = {}
        for pid, last_s in self._last.items():
            name = self._names[pid]
            cpu_s[name] = cpu_s.get(name, 0.0) + last_s - self._first.get(pid, 0.0)
        found = (
            ProcessFigures(
                name=name, max_rss_mib=round(most / _MIB, 1), cpu_s=round(cpu_s.get(name, 0.0), 2)
            )
            for name, most in self._most.items()
        )
        return tuple(sorted(found, key=lambda each: (-each.cpu_s, each.name)))


def name_of(pid: int) -> str:
    """Return the name of a process from its command line, or a fixed text if it is unreadable."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return _UNNAMED
    return process_name(words)


def process_name(words: list[str]) -> str:
    """Return a name for a command line that is the same in every run.

    The name is the program (or the module or script of an interpreter), and the subcommand. Long
    numbers, such as ports, are replaced by `N`.
    """
    if Path(words[0]).name.startswith(_INTERPRETERS):
        script = next(
            (at for at, word in enumerate(words[1:], 1) if word and not word.startswith("-")), 0
        )
        words = words[script:]
    named = [_MADE_NUMBER.sub("N", Path(words[0]).name)]
    if len(words) > 1 and _SUBCOMMAND.fullmatch(words[1]):
        named.append(words[1])
    return " ".join(filter(None, named)) or _UNNAMED


def machine_cpu_s() -> float:
    """Return the busy CPU seconds of this machine since boot, over all cores; 0 if unknown."""
    try:
        fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    except OSError:
        return 0.0
    user, nice, system, _idle, _iowait, irq, softirq, *_ = map(int, fields)
    return (user + nice + system + irq + softirq) / _TICKS


def _used(pid: int) -> _Used | None:
    try:
        stat = (
            Path(f"/proc/{pid}/stat")
            .read_text(encoding="utf-8", errors="replace")
            .rpartition(")")[2]
            .split()
        )
    except OSError:
        return None
    return _Used(cpu_s=(int(stat[11]) + int(stat[12])) / _TICKS, rss_bytes=int(stat[21]) * _PAGE)
