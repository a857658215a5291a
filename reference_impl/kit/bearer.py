"""The optional bearer token: only requests with it are answered.

In: a token from a file or an environment variable, and the requests. Out: the requests that have
it, or 401 as a problem document. Tokens are compared in constant time and are never logged or
echoed. A daemon without a token serves every caller that can reach it, so it refuses to listen to
other hosts.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from reference_impl.kit.operation import PREFIXES
from reference_impl.kit.problem import ProblemError
from reference_impl.kit.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from reference_impl.kit.operation import Operation
    from reference_impl.kit.settings import Settings

_OTHERS_MAY_READ = 0o077
_ASCII_WORD = re.compile("[!-~]+")


class BearerGate:
    """ASGI layer that only passes on requests with the token, and requests to open operations."""

    def __init__(self, inner: ASGIApp, token: str, operations: Iterable[Operation]) -> None:
        self._inner = inner
        self._token = token.encode("ascii")
        open_paths = [row.path for row in operations if row.is_open]
        self._open_paths = {prefix + path for path in open_paths for prefix in PREFIXES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["path"] not in self._open_paths and not self._is_authorized(scope):
            raise ProblemError(
                401, "a valid bearer token is required", headers={"www-authenticate": "Bearer"}
            )
        await self._inner(scope, receive, send)

    def _is_authorized(self, scope: Scope) -> bool:
        sent = [value for name, value in scope["headers"] if name == b"authorization"]
        if len(sent) != 1:
            return False
        scheme, _, credentials = sent[0].partition(b" ")
        return hmac.compare_digest(credentials.strip(), self._token) and scheme.lower() == b"bearer"


def read_token(settings: Settings) -> str | None:
    """Return the configured token, or None.

    Raises SettingsError when the configured token cannot be used, and when a daemon without one
    would listen to other hosts.
    """
    if settings.token_file is not None and settings.token_env is not None:
        raise SettingsError("token_file and token_env exclude each other")
    token = read_secret(settings.token_file, settings.token_env)
    if token is None and not is_loopback(settings.host):
        raise SettingsError(f"host {settings.host} is not loopback: set token_file or token_env")
    return token


def read_secret(file: str | None, variable: str | None) -> str | None:
    """Return one word from an owner-only file or an environment variable, if either is named.

    Raises SettingsError, which never contains the secret.
    """
    if file is not None:
        return _usable(_token_in_file(Path(file)), file)
    if variable is not None:
        return _usable(os.environ.get(variable, ""), f"environment variable {variable}")
    return None


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach `host`.

    A name other than localhost counts as reachable.
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token_in_file(path: Path) -> str:
    try:
        if path.stat().st_mode & _OTHERS_MAY_READ:
            raise SettingsError(f"{path}: others may read this token (chmod 600 it)")
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: a token is ASCII text") from None


def _usable(raw: str, origin: str) -> str:
    token = raw.strip()
    if not _ASCII_WORD.fullmatch(token):
        raise SettingsError(f"{origin}: no usable token (one ASCII word is wanted)")
    return token
