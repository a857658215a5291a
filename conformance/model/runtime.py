"""The runtimes under test as they are declared: who they are and how each is reached."""

from dataclasses import dataclass, field
from pathlib import Path

from conformance.errors import Place
from conformance.model.request import HeaderList


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedRuntime:
    """Already running: its base URL, `http://host[:port][/base]`."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRuntime:
    """Started by the harness: an argument vector in which `${port}` and `${python}` are replaced.

    `ready` is the path that answers 2xx once the runtime can serve; without one, an open port is enough.
    """

    argv: tuple[str, ...]
    directory: Path
    environment: tuple[tuple[str, str], ...] = ()
    ready: str | None = None
    start_timeout_ms: int
    stop_timeout_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRuntime:
    """An ASGI application called in process, `module:attribute`, found from a folder."""

    target: str
    directory: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRuntime:
    """Answers captured earlier, in one file."""

    file: Path


Reach = AttachedRuntime | CommandRuntime | AppRuntime | RecordedRuntime


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """One implementation of the service: its name is its identity, how it is reached is not.

    `supports` is None when nothing is declared: such a runtime is held to every case.  `fallback` is the recording that
    stands in when the program of a command is not on this machine.  `toolchain` is the command whose first line of
    output names what built it.
    """

    name: str
    reach: Reach
    place: Place
    labels: frozenset[str] = frozenset()
    language: str | None = None
    supports: frozenset[str] | None = None
    headers: HeaderList = field(default=(), repr=False)
    fallback: Path | None = None
    toolchain: tuple[str, ...] = ()

    def lacks(self, requires: frozenset[str]) -> frozenset[str]:
        """Return what is required of a runtime and not declared as supported by this one."""
        return frozenset() if self.supports is None else requires - self.supports
