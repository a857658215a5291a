"""How a runtime gives the harness access: request signing, and a login once a run.

The login consists of steps.
"""

from collections.abc import Mapping
from itertools import chain
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from conformance.model.case import LOGIN, Step
from conformance.model.request import HeaderList
from conformance.model.secret import SecretHolder
from conformance.model.template import KnownName, Parts, Template


class AwsSigner(SecretHolder, frozen=True, kw_only=True):
    """AWS Signature Version 4, for a service in a region."""

    region: str
    service: str
    access_key: str
    secret_key: str
    session_token: str = ""


class HmacSigner(SecretHolder, frozen=True, kw_only=True):
    """An HMAC of what `over` says.

    In it, `${method}`, `${target}`, `${timestamp}` and `${body}` are those of the request.

    `headers` are sent, with `${signature}` and `${timestamp}` in them; `encoding` is how the
    signature is written.
    """

    key: str
    digest: str
    encoding: str
    over: str
    headers: tuple[tuple[str, str], ...]


class CommandSigner(Struct, frozen=True, kw_only=True):
    """A command that is given a request as JSON and answers with header fields as JSON."""

    argv: tuple[str, ...]
    directory: Path
    timeout_ms: int


Signer = AwsSigner | HmacSigner | CommandSigner


class Access(SecretHolder, frozen=True, kw_only=True):
    """The signers of a runtime by name, its login, and the fields that hold what that captures.

    `login_headers` are sent with every request but those of the login.
    """

    signers: tuple[tuple[str, Signer], ...] = ()
    login: tuple[Step, ...] = ()
    login_headers: tuple[tuple[str, Parts], ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Return the names that its login captures, as suites write them."""
        captures = chain.from_iterable(map(attrgetter("captures"), self.login))
        return frozenset(LOGIN + capture.name for capture in captures)

    def headers(self, known: Mapping[str, KnownName]) -> HeaderList:
        """Return the fields that hold what the login has captured; raises UnusableValueError."""
        template = Template(method="GET", target=("/",), headers=self.login_headers, body=None)
        return template.filled(known).headers

    @property
    def written_headers(self) -> HeaderList:
        """Return these fields with `${login:NAME}` where a value is."""
        return tuple((name, "".join(map(str, parts))) for name, parts in self.login_headers)

    def signer(self, name: str) -> Signer | None:
        """Return a signer by its name."""
        return dict(self.signers).get(name)


NO_ACCESS = Access()
"""A runtime that anybody may ask."""
