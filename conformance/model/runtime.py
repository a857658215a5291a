"""The runtimes under test as they are declared: who they are and how each is reached."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from conformance.errors import Place
from conformance.model.access import Access
from conformance.model.request import HeaderList, Request
from conformance.model.secret import SecretHolder

FIXED_LANGUAGES: Final = ("go", "rust", "python", "typescript", "java", "csharp")
"""The languages that fixes are known for."""
LANGUAGES: Final = (*FIXED_LANGUAGES, "other")
"""What a runtime can be declared to be written in."""


class TlsSettings(Struct, frozen=True, kw_only=True):
    """What an `https` runtime is trusted by and shown: PEM files.

    `authority` is trusted besides what this machine trusts; `server_name` is the name that the
    certificate must carry where it is not the host of the URL; `insecure` looks at no certificate.
    """

    authority: Path | None = None
    server_name: str | None = None
    certificate: Path | None = None
    key: Path | None = None
    insecure: bool = False


class AttachedRuntime(Struct, frozen=True, kw_only=True):
    """A runtime that already runs: its base URL, and how it is trusted for `https`.

    The URL has the form `http://host[:port][/base]`.
    """

    url: str
    tls: TlsSettings = field(default_factory=TlsSettings)


class CommandRuntime(Struct, frozen=True, kw_only=True):
    """Started by the harness: an argument vector in which `${port}` and `${python}` are replaced.

    `ready` is the path that answers 2xx once the runtime can serve; without one, an open port is
    enough.  `port` is the one it serves on where it cannot be told one.
    """

    argv: tuple[str, ...]
    directory: Path
    environment: tuple[tuple[str, str], ...] = ()
    ready: str | None = None
    port: int | None = None
    start_timeout_ms: int
    stop_timeout_ms: int


class BatchRuntime(Struct, frozen=True, kw_only=True):
    """A command run once for each step, in its own folder, and judged by its output.

    The output is what it leaves in that folder.

    `${python}` stands for our interpreter and `${directory}` for the absolute path of its own
    folder.
    """

    argv: tuple[str, ...]
    directory: Path
    environment: tuple[tuple[str, str], ...] = ()


class AppRuntime(Struct, frozen=True, kw_only=True):
    """An ASGI application called in process, `module:attribute`, found from a folder."""

    target: str
    directory: Path


class RecordedRuntime(Struct, frozen=True, kw_only=True):
    """Answers captured earlier, in one file."""

    file: Path


Reach = AttachedRuntime | CommandRuntime | BatchRuntime | AppRuntime | RecordedRuntime


class Reset(Struct, frozen=True, kw_only=True):
    """How a runtime forgets what it was asked: by a request or by a command.

    By neither, it is sent fresh names.
    """

    request: Request | None = None
    argv: tuple[str, ...] = ()
    directory: Path = Path()


class Runtime(SecretHolder, frozen=True, kw_only=True):
    """One implementation of the service: its name is its identity, how it is reached is not.

    `supports` is None when nothing is declared: such a runtime is held to every case.  `secrets`
    are the variables that its headers hold, by name, and `secret_hosts` further hosts that they may
    be sent to.  `fallback` is the recording that stands in when the program of a command is not on
    this machine.  `toolchain` is the command whose first line of output names what built it.
    `source` are the files and folders of its code; `source_digest` is their digest when a run was
    planned.  `access` is how requests are signed, and how it is logged in to.  `disposable` says
    that its data may be changed and lost, `reset` how that is undone.
    """

    name: str
    reach: Reach
    place: Place
    labels: frozenset[str] = frozenset()
    language: str | None = None
    supports: frozenset[str] | None = None
    headers: HeaderList = ()
    secrets: tuple[tuple[str, str], ...] = ()
    secret_hosts: tuple[str, ...] = ()
    fallback: Path | None = None
    toolchain: tuple[str, ...] = ()
    source: tuple[Path, ...] = ()
    source_digest: str = ""
    access: Access = field(default_factory=Access)
    disposable: bool = False
    reset: Reset | None = None

    @property
    def written_headers(self) -> HeaderList:
        """Return what it alone is sent, with `${env:NAME}` and `${login:NAME}` for secrets."""
        secrets = sorted(self.secrets, key=lambda secret: -len(secret[1]))
        fields = (*self.headers, *self.access.written_headers)
        return tuple((name, _without(value, secrets)) for name, value in fields)

    def lacks(self, requires: frozenset[str]) -> frozenset[str]:
        """Return what is required of a runtime and not declared as supported by this one."""
        return frozenset() if self.supports is None else requires - self.supports


def _without(value: str, secrets: Iterable[tuple[str, str]]) -> str:
    for name, secret in secrets:
        value = value.replace(secret, f"${{env:{name}}}")
    return value
