"""Spells the URLs and addresses of two runtimes alike in their bodies.

Services send their own address: in links to the next page, in `self`, in echoes of a request. Host,
port and base path of the runtimes differ, which is no difference of the answers. They are
recognised as a URL, as host and port, and as a host alone; also percent-encoded once or twice, or
with escaped slashes. The base path is removed from paths below it. A text or line that is equal in
both bodies stays unchanged, so that equal texts never become different.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.events import EVENTS
from conformance.comparison.bodies.json_lines import JSON_LINES
from conformance.comparison.bodies.kind_names import JSON, TABLE
from conformance.comparison.bodies.token import may_hold_tokens
from conformance.comparison.values.lossless_json import Json, all_strings
from conformance.comparison.values.mapping import mapped
from conformance.model.json_path import JsonPath
from conformance.model.own_url import DEFAULT_PORTS, LOOPBACK, SPELLING

_ADDRESS: Final = "[own address]"
_HOST: Final = "[own host]"
_IN_A_URL: Final = {"::1": "[::1]"}
"""Hosts that a URL writes in another way."""
_COLON: Final = "(?::|%(?:25)?3A)"
"""A colon, as it is or percent-encoded once or twice, as in a URL within a query."""
_SLASH: Final = r"(?:\\*/|%(?:25)?2F)"
"""A slash, as it is, escaped or percent-encoded."""
_BEHIND_SLASHES: Final = "(?:(?<=/)|(?<=%2F)|(?<=%252F))"
"""The position after a slash."""
_BEFORE_A_NAME: Final = r"(?:(?<![\w-])(?<!\w\.)|(?<=%[0-9A-F]{2})|(?<=%25[0-9A-F]{2}))"
"""The position before an address that is not the end of a longer name."""
_AFTER_A_NAME: Final = r"(?![\w-]|[.:]\w)"
"""The position after an address that is not the start of a longer name or port."""
_ALONE: Final = (r"""(?<![^\s,;="'<(])""", r"""(?![^\s,;"'>).]|\.\w)""")
"""The positions around a host that is not part of a URL, e-mail address or longer name."""
_END_OF_A_PATH: Final = r"""(?=[\s,;"'>)?#]|\Z)"""
"""The position after the last segment of a path."""
_BASE_PATH: Final = re.compile("(?<=[^/:])/.*")
"""The path of a base URL."""
_OF_ORIGINS: Final = frozenset({"access-control-allow-origin", "timing-allow-origin"})
"""Header fields that contain origins, which have no path (Fetch, Resource Timing)."""
_PIECE_BYTES: Final = 1 << 20
"""The size of the pieces that are lowercased, so that a large body is not copied whole."""
_WIDE: Final = b"\0"
"""A byte of every body in UTF-16, where a search for the bytes of a name fails."""
_AS_WRITTEN: Final = frozenset({JSON, JSON_LINES, EVENTS, TABLE})
"""Kinds of bodies whose bytes contain their texts, except for escaped characters."""
_ESCAPE: Final = b"\\u"
"""The start of an escaped character in JSON (RFC 8259, section 7)."""


class _Own(Struct, frozen=True):
    """The ways in which a runtime may name itself.

    - `names`: its hosts and the end of its base path, one of which is in every match.
    - `pattern`: matches a URL or address of the runtime; the group is the form.
    - `has_port`: whether the base URL has a port, or is unknown.
    """

    names: tuple[str, ...]
    pattern: re.Pattern[str]
    has_port: bool


def with_own_addresses_replaced(
    a: Body, b: Body, base_urls: tuple[str, str], *, joined: bool = False
) -> tuple[Body, Body]:
    """Return two bodies of one kind, with placeholders for each runtime's own addresses.

    `[own URL]` replaces a base URL, `[own address]` host and port, `[own host]` the host alone; if
    a base URL has no port, its host is the address.  If a base URL is unknown, every loopback host
    counts as its own.

    `joined` says that texts were joined from pieces, so that the bytes do not contain them.
    """
    try:
        own_a, own_b = map(_own, base_urls)
    except ValueError:
        return a, b
    # Most bodies contain no address: searching their bytes is faster than reading all texts
    if not joined and all(map(_cannot_name_runtime, (a, b), (own_a, own_b))):
        return a, b
    texts_a, texts_b = _texts(a), _texts(b)
    if not any(map(_mention, (texts_a, texts_b), (own_a.names, own_b.names))):
        return a, b
    shared = set(texts_a) & set(texts_b)
    spellings = _spellings(have_ports=own_a.has_port and own_b.has_port)
    spelled_a = _spelled(a, own_a.pattern, shared, spellings)
    spelled_b = _spelled(b, own_b.pattern, shared, spellings)
    return spelled_a, spelled_b


def _spellings(*, have_ports: bool) -> Mapping[str, str]:
    """Return the replacement for each form of a runtime's address, by group of the pattern."""
    host = _HOST if have_ports else _ADDRESS
    return {"url": SPELLING, "address": _ADDRESS, "host": host, "below": "", "root": "/"}


def own_spelled(text: str, base_url: str) -> str:
    """Return a text with placeholders for a runtime's own URLs and addresses."""
    try:
        own = _own(base_url)
    except ValueError:
        return text
    spellings = _spellings(have_ports=own.has_port)
    return own.pattern.sub(lambda match: spellings[match.lastgroup or "url"], text)


def base_in_field(name: str, base_url: str) -> str:
    """Return the base URL as a header field writes it: without its path in fields of origins."""
    return _BASE_PATH.sub("", base_url) if name in _OF_ORIGINS else base_url


def names_itself(raw: bytes, base_url: str) -> bool:
    """Return whether a body may contain its runtime's address, also within a token (JWT)."""
    try:
        own = _own(base_url)
    except ValueError:
        return True
    return _may_name(raw, own)


def _may_name(raw: bytes, own: _Own) -> bool:
    """Return whether the bytes of a body may contain a name of a runtime."""
    if _WIDE in raw or may_hold_tokens(raw):
        return True
    names = list(map(str.encode, own.names))
    # Pieces overlap, so that no name is split
    size = _PIECE_BYTES + max(map(len, names), default=0)
    for start in range(0, len(raw), _PIECE_BYTES):
        piece = raw[start : start + size].lower()
        if any(map(piece.__contains__, names)):
            return True
    return False


def _cannot_name_runtime(body: Body, own: _Own) -> bool:
    """Return whether the bytes of a body prove that no text in it names the runtime."""
    has_texts_in_bytes = body.kind in _AS_WRITTEN and _ESCAPE not in body.raw
    return has_texts_in_bytes and not _may_name(body.raw, own)


@lru_cache(maxsize=256)
def _own(base_url: str) -> _Own:
    """Return the ways in which a runtime may name itself, from its base URL.

    Raise ValueError if the base URL is invalid.
    """
    base = urlsplit(base_url)
    host = (base.hostname or "").rstrip(".")
    is_loopback = host in LOOPBACK or not base_url
    hosts = sorted(LOOPBACK) if is_loopback else [host]
    names = list(map(_IN_A_URL.get, hosts, hosts))
    port = base.port or DEFAULT_PORTS.get(base.scheme)
    path = _SLASH.join(map(re.escape, base.path.rstrip("/").split("/")))
    origins = "|".join(_origins(names, port, base.scheme))
    url = f"(?:{origins}){path}"
    address = _address(names, port, base.scheme)
    if path:
        # `//host:port/base` and `ws://host:port/base` are URLs with the base path, too
        behind = f"(?={_SLASH}|{_END_OF_A_PATH})"
        address = f"(?:{_BEHIND_SLASHES}{address}{path}{behind}|{address})"
    in_texts = f"(?:(?P<url>{url})|(?P<address>{address}))"
    forms = [f"{_BEFORE_A_NAME}{in_texts}{_AFTER_A_NAME}"]
    if host:
        own_host = re.escape(_IN_A_URL.get(host, host))
        forms.append(f"{_ALONE[0]}(?P<host>{own_host}){_ALONE[1]}")
    if path:
        forms.append(
            f"{_ALONE[0]}(?:(?P<below>{path}(?={_SLASH}))|(?P<root>{path}{_END_OF_A_PATH}))"
        )
        # The last segment of a path is found however its slashes are written
        names.append(base.path.rstrip("/").rpartition("/")[2].lower())
    return _Own(
        names=tuple(names),
        pattern=re.compile("|".join(forms), re.IGNORECASE),
        has_port=base.port is not None or not base_url,
    )


def _origins(names: Iterable[str], port: int | None, own_scheme: str) -> Iterable[str]:
    """Yield a pattern of scheme, host and port for each scheme.

    Without a port, any port matches; without a scheme, any scheme does.
    """
    hosts = "|".join(map(re.escape, names))
    own_default = DEFAULT_PORTS.get(own_scheme)
    schemes = {own_scheme: own_default} if own_scheme else DEFAULT_PORTS
    digits = r"\d+" if port is None else str(port)
    for scheme, default_port in schemes.items():
        # The default port of a scheme may be omitted
        optional = "?" if port in {None, default_port} else ""
        number = f"(?:{_COLON}{digits}){optional}"
        yield f"{scheme}{_COLON}{_SLASH}{{2}}(?:{hosts}){number}"


def _address(names: Iterable[str], port: int | None, own_scheme: str) -> str:
    """Return the pattern of host and port without a scheme, as in an echoed Host header."""
    digits = str(port) if own_scheme else r"\d+"
    hosts = "|".join(map(re.escape, names))
    return f"(?:{hosts}){_COLON}{digits}"


def _mention(texts: Iterable[str], names: Iterable[str]) -> bool:
    """Return whether one of the texts contains one of the names, in any case."""
    lower = "\n".join(texts).lower()
    return any(map(lower.__contains__, names))


def _texts(body: Body) -> list[str]:
    """Return the lines of a text body, or all strings of a structured one."""
    if body.kind == "text":
        return body.text.split("\n")
    return all_strings(body.value)


def _spelled(
    body: Body, own: re.Pattern[str], shared: set[str], spellings: Mapping[str, str]
) -> Body:
    """Return a body with placeholders for its runtime's addresses, except in shared texts."""

    def spelling(match: re.Match[str]) -> str:
        return spellings[match.lastgroup or "url"]

    def spelled(scalar: Json, _: JsonPath = ()) -> Json:
        if not isinstance(scalar, str) or scalar in shared:
            return scalar
        return own.sub(spelling, scalar)

    if body.kind == "text":
        return body.respelled(text="\n".join(map(spelled, _texts(body))))
    return body.respelled(value=mapped(body.value, lambda name: name, spelled))
