"""Removes from a request what no suite may hold.

These are secrets, hosts, and fields that only a browser sends; a field that a person wrote stays.

Header fields and query parameters that look like credentials are never written, not even in part;
only their names are reported.  Text that looks like a credential in a path or a body is part of the
request, so it stays, and a note names its place.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import filterfalse
from operator import itemgetter, methodcaller
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from msgspec import Struct
from msgspec.structs import replace

from conformance.model.credential_forms import holds_credential
from conformance.model.request import HeaderList
from conformance.suites.importers.imported import ImportedRequest, NotImportableError

_SECRET_NAME: Final = re.compile(
    r"auth|cookie|token|secret|passw|session|credential|signature|csrf|xsrf|jwt|saml|bearer"
    r"|(?:api|access|private|shared|subscription)[-_]?key",
    re.IGNORECASE,
)
_PASSWORD_NAME: Final = re.compile(r"passw|passphrase|secret", re.IGNORECASE)
"""Names of members whose value is a credential, even a short one."""
_SECRET_VALUE: Final = re.compile(
    r"(?:Bearer|Basic|Digest|Token|Negotiate|AWS4-\S+)\s+\S", re.IGNORECASE
)
_MAYBE_SECRET: Final = frozenset({"key", "sig", "code", "jwt", "pwd"})
_SECRET_WORD: Final = re.compile(r"[0-9a-fA-F]{32,}\Z|[A-Za-z0-9_+/-]{24,}={0,2}\Z")
"""The value of a member with the name of a secret: long hexadecimal digits, or base64."""
_LONG_WORD: Final = re.compile(r"[A-Za-z0-9_.~%+/=-]{16,}\Z")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OF_THE_BROWSER: Final = _words(
    """
    host connection keep-alive proxy-connection te trailer transfer-encoding upgrade content-length
    expect http2-settings alt-used

    user-agent accept-language accept-encoding referer origin dnt upgrade-insecure-requests pragma
    cache-control priority x-client-data
    """
)
"""Header fields of the connection, and then those by which a browser describes itself."""
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_VALUE: Final = re.compile(r"[\t -~\x80-\xff]*\Z")
REDACTED: Final = "REDACTED"
_LONGEST_FORM: Final = 1 << 20
"""A longer text is not parsed as a form: neither a person nor a page fills in so much."""


class Cleaned(Struct, frozen=True, kw_only=True):
    """A request that a suite may hold, and what was removed from it.

    `credential` has the names and values of secrets; it is only used to distinguish requests.
    `noise` has the names of fields about the client.
    """

    request: ImportedRequest
    credential: HeaderList
    noise: tuple[str, ...]

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return the names of the header fields that were removed as secrets."""
        is_parameter = methodcaller("startswith", "?")
        names = map(itemgetter(0), self.credential)
        return _once(filterfalse(is_parameter, names))


def cleaned(request: ImportedRequest) -> Cleaned:
    """Return a request without secrets and noise.

    Raises NotImportableError if no suite can describe how its body is sent.
    """
    kept: list[tuple[str, str]] = []
    credential: list[tuple[str, str]] = []
    noise: list[str] = []
    for name, value in request.headers:
        # What may be a secret is never written
        if _is_secret(name, value):
            credential.append((name.lower(), value))
        elif _is_noise(name, value, request):
            noise.append(name.lower())
        else:
            kept.append((name, value))
    target, parameters = _without_secret_parameters(request.target)
    notes = list(request.notes)
    for name, value in parameters:
        notes.append(f"the value of {name} in the query is left out for secrecy")
        # The `?` distinguishes a parameter from a field of the same name
        credential.append((f"?{name}", value))
    notes += (f"what looks like a credential is in {place}" for place in _places(request))
    clean = replace(request, headers=tuple(kept), target=target, notes=tuple(notes))
    return Cleaned(request=clean, credential=tuple(credential), noise=_once(noise))


def _is_secret(name: str, value: str) -> bool:
    """Return whether a header field is a credential, or a `referer` with a query."""
    # The query of a page may hold a token
    is_page_with_query = name.lower() == "referer" and "?" in value
    if is_page_with_query:
        return True
    if _SECRET_NAME.search(name) or _SECRET_VALUE.match(value):
        return True
    return holds_credential(unquote(value))


def _is_noise(name: str, value: str, request: ImportedRequest) -> bool:
    """Return whether a field is sent anyway, cannot be sent, or is only about a browser.

    Raises NotImportableError for a body in chunks.
    """
    lower = name.lower()
    is_pseudo = lower.startswith(":")
    can_be_sent = _NAME.match(name) and _VALUE.match(value)
    if is_pseudo or not can_be_sent:
        return True
    if request.of_browser:
        return _is_of_browser(lower, value)
    if lower == "transfer-encoding":
        raise NotImportableError("its body is sent in chunks, which a suite cannot say")
    # A field that is sent anyway would only be noise
    length = len(request.body or b"")
    sent_anyway = {"host": request.host, "content-length": str(length)}
    return sent_anyway.get(lower) == value.strip()


def _is_of_browser(lower: str, value: str) -> bool:
    """Return whether a field is only about a browser; `lower` is its name in lower case."""
    if (lower, value) == ("accept", "*/*"):
        return True
    return lower in _OF_THE_BROWSER or lower.startswith("sec-")


def _without_secret_parameters(target: str) -> tuple[str, HeaderList]:
    """Replace the values of query parameters that look like credentials.

    Return the new target, and the names and values of these parameters.
    """
    path, mark, query = target.partition("?")
    secret: list[tuple[str, str]] = []
    kept: list[str] = []
    for parameter in query.split("&"):
        name, equals, value = parameter.partition("=")
        if _is_secret_parameter(name, value):
            secret.append((name, value))
            kept.append(f"{name}{equals}{REDACTED}")
        else:
            kept.append(parameter)
    return path + mark + "&".join(kept), tuple(dict.fromkeys(secret))


def _is_secret_parameter(name: str, value: str) -> bool:
    if not value:
        return False
    # A short word under such a name is a parameter like any other: `key=name`
    may_be_secret = name.lower() in _MAYBE_SECRET and _LONG_WORD.match(value)
    if may_be_secret or _SECRET_NAME.search(name):
        return True
    return holds_credential(unquote(value))


def _places(request: ImportedRequest) -> Iterator[str]:
    """Yield the places in the path and the body where something looks like a credential."""
    path = request.target.partition("?")[0]
    if holds_credential(unquote(path)):
        yield "the path"
    text = (request.body or b"").decode("utf-8", "replace")
    in_members = [place for place, value in _members(text) if _looks_secret(place, value)]
    for place in _once(in_members):
        yield f"the body, at {place}"
    # A form holds its values percent-encoded
    spellings = (text, unquote(text))
    if not in_members and any(map(holds_credential, spellings)):
        yield "the body"


def _looks_secret(place: str, value: str) -> bool:
    name = re.split(r"[.\[]", place)[-1]
    if value and _PASSWORD_NAME.search(name):
        return True
    has_secret_name = _SECRET_NAME.search(name) or name.lower() in _MAYBE_SECRET
    if has_secret_name and _SECRET_WORD.match(value):
        return True
    return holds_credential(value)


def _members(text: str) -> Iterator[tuple[str, str]]:
    """Yield the place and value of each text in a JSON document or a form."""
    # A stack: the last entry is taken next, so entries are added in reverse order
    waiting = list(_roots(text))
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str):
            yield place, value
        else:
            waiting += reversed(list(_inner(place, value)))


def _inner(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the members of an object, or the elements of an array, each with its place."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield f"{place}.{name}", member
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield f"{place}[{index}]", element


def _roots(text: str) -> Iterable[tuple[str, Any]]:
    """Return the place and value of a whole JSON document (`$`), or of each field of a form."""
    try:
        return [("$", json.loads(text))]
    except (ValueError, RecursionError):
        if len(text) >= _LONGEST_FORM:
            return ()
        return parse_qsl(text)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
