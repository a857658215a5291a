"""How a runtime gives the harness access: signed requests, and a login once a run.

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
    """An HMAC over a text of the request.

    In `over`, `${method}`, `${target}`, `${timestamp}` and `${body}` are those of the request.

    `headers` are sent, with `${signature}` and `${timestamp}` in them; `encoding` is that of the
    signature.
    """

    key: str
    digest: str
    encoding: str
    over: str
    headers: tuple[tuple[str, str], ...]


class CommandSigner(Struct, frozen=True, kw_only=True):
    """A command that reads a request as JSON and prints header fields as JSON."""

    argv: tuple[str, ...]
    directory: Path
    timeout_ms: int


Signer = AwsSigner | HmacSigner | CommandSigner


class Access(SecretHolder, frozen=True, kw_only=True):
    """The signers of a runtime by name, its login, and the header fields that use its captures.

    `login_headers` are sent with every request except those of the login.
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
        """Return the header fields with the values that the login captured.

        Raises UnusableValueError.
        """
        template = Template(method="GET", target=("/",), headers=self.login_headers, body=None)
        return template.filled(known).headers

    @property
    def written_headers(self) -> HeaderList:
        """Return these header fields with `${login:NAME}` in place of each value."""
        return tuple((name, "".join(map(str, parts))) for name, parts in self.login_headers)

    def signer(self, name: str) -> Signer | None:
        """Return the signer of a name, or None."""
        return dict(self.signers).get(name)


NO_ACCESS = Access()
"""The access of a runtime without signers and login."""
