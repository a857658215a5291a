"""Removal from a request of what no suite may hold.

This is secrets, hosts, and what is only about the client that sent it.

Header fields and query parameters that look like credentials are never written, nor is any part of
them; that something was dropped is said by its name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from conformance.suites.importers.imported import ImportedRequest

_SECRET_NAME: Final = re.compile(
    r"auth|cookie|token|secret|passw|session|credential|signature"
    r"|(?:api|access|private|shared|subscription)[-_]?key",
    re.IGNORECASE,
)
_SECRET_VALUE: Final = re.compile(
    r"(?:Bearer|Basic|Digest|Token|Negotiate|AWS4-\S+)\s+\S", re.IGNORECASE
)
_MAYBE_SECRET: Final = frozenset({"key", "sig", "code", "jwt", "pwd"})
_LONG_WORD: Final = re.compile(r"[A-Za-z0-9_.~%+/=-]{16,}\Z")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OF_THE_CONNECTION: Final = _words(
    """
    host connection keep-alive proxy-connection te trailer transfer-encoding upgrade content-length
    expect http2-settings alt-used
    """
)
_OF_THE_CLIENT: Final = _words(
    """
    user-agent accept-language accept-encoding referer origin dnt upgrade-insecure-requests pragma
    cache-control priority x-client-data
    """
)
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_VALUE: Final = re.compile(r"[\t -~\x80-\xff]*\Z")
REDACTED: Final = "REDACTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A request that a suite may hold, and the names of what was dropped from it."""

    request: ImportedRequest
    secrets: tuple[str, ...]
    noise: tuple[str, ...]


def cleaned(request: ImportedRequest) -> Cleaned:
    """Drop secrets and noise from a request."""
    kept: list[tuple[str, str]] = []
    dropped: dict[str, list[str]] = {"secret": [], "noise": []}
    for name, value in request.headers:
        why = _why_dropped(name, value)
        if why is None:
            kept.append((name, value))
        else:
            dropped[why].append(name.lower())
    target, parameters = _without_secret_parameters(request.target)
    notes = [f"the value of {name} in the query is left out for secrecy" for name in parameters]
    clean = replace(request, headers=tuple(kept), target=target, notes=(*request.notes, *notes))
    return Cleaned(request=clean, secrets=_once(dropped["secret"]), noise=_once(dropped["noise"]))


def _why_dropped(name: str, value: str) -> str | None:
    lower = name.lower()
    if _SECRET_NAME.search(name) or _SECRET_VALUE.match(value):
        return "secret"
    own = lower in _OF_THE_CONNECTION or lower in _OF_THE_CLIENT or lower.startswith(("sec-", ":"))
    unsendable = not _NAME.match(name) or not _VALUE.match(value)
    return "noise" if own or unsendable or (lower, value) == ("accept", "*/*") else None


def _without_secret_parameters(target: str) -> tuple[str, tuple[str, ...]]:
    """Replace the values of query parameters that look like credentials.

    Returns the names of those.
    """
    path, mark, query = target.partition("?")
    secret: list[str] = []
    kept: list[str] = []
    for parameter in query.split("&"):
        name, equals, value = parameter.partition("=")
        if value and (
            _SECRET_NAME.search(name) or (name.lower() in _MAYBE_SECRET and _LONG_WORD.match(value))
        ):
            secret.append(name)
            kept.append(f"{name}{equals}{REDACTED}")
        else:
            kept.append(parameter)
    return path + mark + "&".join(kept), _once(secret)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
