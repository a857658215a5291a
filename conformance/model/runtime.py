"""The declared runtimes under test: their names, and how each is reached."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from conformance.errors import Place
from conformance.model.access import Access
from conformance.model.request import HeaderList, Request
from conformance.model.secret import SecretHolder

FIXED_LANGUAGES: Final = ("go", "rust", "python", "typescript", "java", "csharp")
"""The languages for which fixes are known."""
LANGUAGES: Final = (*FIXED_LANGUAGES, "other")
"""The languages in which a runtime can be declared to be written."""


class TlsSettings(Struct, frozen=True, kw_only=True):
    """The TLS settings of an `https` runtime; the files are PEM.

    `authority` is trusted in addition to the authorities of this machine; `server_name` is the name
    in the server's certificate if that is not the host of the URL; with `insecure` no certificate
    is checked.  `certificate` and `key` are those of the harness.
    """

    authority: Path | None = None
    server_name: str | None = None
    certificate: Path | None = None
    key: Path | None = None
    insecure: bool = False


class AttachedRuntime(Struct, frozen=True, kw_only=True):
    """A runtime that is already running: its base URL, and its TLS settings.

    The URL has the form `http://host[:port][/base]`.
    """

    url: str
    tls: TlsSettings = field(default_factory=TlsSettings)


class CommandRuntime(Struct, frozen=True, kw_only=True):
    """A runtime that the harness starts: an argument vector with `${port}` and `${python}`.

    `ready` is the path that answers 2xx once the runtime can serve; without one, an open port is
    enough.  `port` is the fixed port of a runtime that takes no other; None: a free one is used.
    """

    argv: tuple[str, ...]
    directory: Path
    environment: tuple[tuple[str, str], ...] = ()
    ready: str | None = None
    port: int | None = None
    start_timeout_ms: int
    stop_timeout_ms: int


class BatchRuntime(Struct, frozen=True, kw_only=True):
    """A command that runs once for each step, in its own folder; its output is compared.

    The output is its exit code, its streams, and the files that it leaves in that folder.

    `${python}` stands for the interpreter of the harness, and `${directory}` for the absolute path
    of `directory`.
    """

    argv: tuple[str, ...]
    directory: Path
    environment: tuple[tuple[str, str], ...] = ()


class AppRuntime(Struct, frozen=True, kw_only=True):
    """An ASGI application that is called in process: `module:attribute`, imported from a folder."""

    target: str
    directory: Path


class RecordedRuntime(Struct, frozen=True, kw_only=True):
    """A file of answers that were captured earlier."""

    file: Path


Reach = AttachedRuntime | CommandRuntime | BatchRuntime | AppRuntime | RecordedRuntime


class Reset(Struct, frozen=True, kw_only=True):
    """How a runtime forgets earlier requests: by a request or by a command.

    If neither is given, it is sent fresh names.
    """

    request: Request | None = None
    argv: tuple[str, ...] = ()
    directory: Path = Path()


class Runtime(SecretHolder, frozen=True, kw_only=True):
    """One implementation of the service; its name identifies it, not how it is reached.

    `supports` is None if nothing is declared: such a runtime is tested with every case.  `secrets`
    are the variables in its headers, as pairs of name and value; `secret_hosts` are further hosts
    to which they may be sent.  `fallback` is the recording that stands in if the program of a
    command is not on this machine.  `toolchain` is the command whose first line of output names the
    tool that built the runtime.  `source` are the files and folders of its code; `source_digest` is
    their digest when the run was planned.  `access` says how requests are signed, and how to log
    in. `disposable` says that its data may be changed and lost; `reset` says how that is undone.
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
        """Return its header fields, with `${env:NAME}` or `${login:NAME}` in place of secrets."""
        secrets = sorted(self.secrets, key=lambda secret: -len(secret[1]))
        fields = (*self.headers, *self.access.written_headers)
        return tuple((name, _without(value, secrets)) for name, value in fields)

    def lacks(self, requires: frozenset[str]) -> frozenset[str]:
        """Return the requirements that this runtime lacks; none if it declares nothing."""
        return frozenset() if self.supports is None else requires - self.supports


def _without(value: str, secrets: Iterable[tuple[str, str]]) -> str:
    for name, secret in secrets:
        value = value.replace(secret, f"${{env:{name}}}")
    return value
