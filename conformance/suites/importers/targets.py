"""URLs for importers: separates the host, and encodes the target as a client sends it."""

import re
from typing import Final
from urllib.parse import quote, unquote

from msgspec import Struct

from conformance.suites.importers.imported import NotImportableError
from conformance.suites.scope import out_of_scope_url

_URL: Final = re.compile(
    r"(?:([A-Za-z][A-Za-z0-9+.-]*)://)?([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?", re.DOTALL
)
_AUTHORITY: Final = re.compile(r"[^\s\\\"'<>\x00-\x1f]+")
_SENDABLE: Final = "".join(map(chr, range(0x21, 0x7F)))
_NOT_OF_HTTP: Final = "its URL is not one of HTTP"


class SplitUrl(Struct, frozen=True, kw_only=True):
    """The parts of a URL; `user` is its user and password, decoded, as `NAME:PASSWORD`."""

    host: str
    path: str
    query: str
    user: str


def split_url(url: str) -> SplitUrl:
    """Return the parts of an HTTP URL, with or without a scheme.

    Raises NotImportableError for any other URL.
    """
    another = out_of_scope_url(url)
    if another:
        raise NotImportableError(another)
    parts = _URL.fullmatch(url.strip())
    if parts is None:
        raise NotImportableError(_NOT_OF_HTTP)
    scheme, authority, path, query = parts.groups(default="")
    # `example.com/items` has no scheme, as on a command line
    is_http = scheme.lower() in {"", "http", "https"}
    if not is_http or not _AUTHORITY.fullmatch(authority):
        raise NotImportableError(_NOT_OF_HTTP)
    user, _, host = authority.rpartition("@")
    return SplitUrl(host=host, path=path or "/", query=query[1:], user=unquote(user))


def sendable(text: str) -> str:
    """Return a text with characters that no request line allows percent-encoded, as browsers do."""
    return quote(text, safe=_SENDABLE, errors="surrogateescape")


def without_dot_segments(path: str) -> str:
    """Return a path with `.` and `..` resolved (RFC 3986, section 5.2.4).

    Clients do the same before they send a path.
    """
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            # The first segment is the empty text before the first slash
            kept[1:] = kept[1:-1]
        elif segment != ".":
            kept.append(segment)
    # `/a/.` and `/a/b/..` name the folder `/a/`
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)
