"""URLs and addresses in two bodies that lead to the runtime that sent them, spelled alike.

Services name themselves: in links to the next page, in `self`, in what they echo of a request. The
name and port under which a runtime was reached, and the base path before its targets, differ
between runtimes without being a difference. They are known as a URL, as host and port, and as a
host alone; percent-encoded once or twice, or with escaped slashes, too. So is a path below the
base path, which is left out of it. A text or line that both sides have letter by letter stays as it
is, wherever it leads: what is equal never becomes a difference.
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
_COLON: Final = "(?::|%(?:25)?3A)"
"""Encoded twice in a URL that stands in the query of a URL."""
_SLASH: Final = r"(?:\\*/|%(?:25)?2F)"
_BEHIND_SLASHES: Final = "(?:(?<=/)|(?<=%2F)|(?<=%252F))"
_BEFORE_A_NAME: Final = r"(?:(?<![\w-])(?<!\w\.)|(?<=%[0-9A-F]{2})|(?<=%25[0-9A-F]{2}))"
_NOTHING_OF_A_NAME: Final = r"(?![\w-]|[.:]\w)"
_ALONE: Final = (r"""(?<![^\s,;="'<(])""", r"""(?![^\s,;"'>).]|\.\w)""")
"""What stands around a host that is no part of a URL, of an e-mail address or of a longer name."""
_END_OF_A_PATH: Final = r"""(?=[\s,;"'>)?#]|\Z)"""
_BASE_PATH: Final = re.compile("(?<=[^/:])/.*")
_OF_ORIGINS: Final = frozenset({"access-control-allow-origin", "timing-allow-origin"})
"""Fields of origins, which have no path (Fetch, Resource Timing)."""
_PIECE_BYTES: Final = 1 << 20
"""So much of a body is written in lower case at a time: a large one is not copied whole."""
_WIDE: Final = b"\0"
"""What a body in UTF-16 has in it, whose texts do not stand in its bytes letter by letter."""
_AS_WRITTEN: Final = frozenset({JSON, JSON_LINES, EVENTS, TABLE})
"""Kinds whose texts stand in their bytes, but for escaped letters."""
_ESCAPE: Final = b"\\u"
"""How JSON escapes a letter (RFC 8259, section 7)."""


class _Own(Struct, frozen=True):
    """How a runtime may name itself: the names of its host and path, and the pattern of all forms.

    It also says whether the runtime has a port.
    """

    names: tuple[str, ...]
    pattern: re.Pattern[str]
    has_port: bool


def seen_from_their_runtimes(
    a: Body, b: Body, base_urls: tuple[str, str], *, joined: bool = False
) -> tuple[Body, Body]:
    """Return two bodies of one kind with `[own URL]` for the base URL in either's texts.

    It stands for the base URL of either's runtime.  Texts that are `joined` of pieces do not stand
    in the bytes.

    Where a base URL is not known, every loopback host is its own.  `[own address]` stands for host
    and port, `[own host]` for the host alone; where a base URL has no port, the host is the
    address.
    """
    try:
        own_a, own_b = map(_own, base_urls)
    except ValueError:
        return a, b
    # Most bodies name nobody: their bytes say so before all texts are looked for
    if not joined and all(map(_names_nobody, (a, b), (own_a, own_b))):
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
    """Return what stands for a runtime's names; without a port the host is the address."""
    host = _HOST if have_ports else _ADDRESS
    return {"url": SPELLING, "address": _ADDRESS, "host": host, "below": "", "root": "/"}


def own_spelled(text: str, base_url: str) -> str:
    """Return a text with its runtime's own URLs and addresses spelled as for all runtimes."""
    try:
        own = _own(base_url)
    except ValueError:
        return text
    spellings = _spellings(have_ports=own.has_port)
    return own.pattern.sub(lambda match: spellings[match.lastgroup or "url"], text)


def base_in_field(name: str, base_url: str) -> str:
    """Return what a runtime's own URLs begin with in a header field."""
    return _BASE_PATH.sub("", base_url) if name in _OF_ORIGINS else base_url


def names_itself(raw: bytes, base_url: str) -> bool:
    """Return whether a body may hold its runtime's name or address, also within a token."""
    try:
        own = _own(base_url)
    except ValueError:
        return True
    return _may_name(raw, own)


def _may_name(raw: bytes, own: _Own) -> bool:
    if _WIDE in raw or may_hold_tokens(raw):
        return True
    names = list(map(str.encode, own.names))
    # Pieces overlap, so that no name is cut in two
    size = _PIECE_BYTES + max(map(len, names), default=0)
    for start in range(0, len(raw), _PIECE_BYTES):
        piece = raw[start : start + size].lower()
        if any(map(piece.__contains__, names)):
            return True
    return False


def _names_nobody(body: Body, own: _Own) -> bool:
    """Return whether the bytes of a body show that no text of it names its runtime."""
    has_texts_in_bytes = body.kind in _AS_WRITTEN and _ESCAPE not in body.raw
    return has_texts_in_bytes and not _may_name(body.raw, own)


@lru_cache(maxsize=256)
def _own(base_url: str) -> _Own:
    """Return how a runtime names itself, given its base URL.

    Raises ValueError for one that is none.
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
        # `//host:port/base` and `ws://host:port/base` lead to what is below the base path, too
        behind = f"(?={_SLASH}|{_END_OF_A_PATH})"
        address = f"(?:{_BEHIND_SLASHES}{address}{path}{behind}|{address})"
    in_texts = f"(?:(?P<url>{url})|(?P<address>{address}))"
    forms = [f"{_BEFORE_A_NAME}{in_texts}{_NOTHING_OF_A_NAME}"]
    if host:
        own_host = re.escape(_IN_A_URL.get(host, host))
        forms.append(f"{_ALONE[0]}(?P<host>{own_host}){_ALONE[1]}")
    if path:
        forms.append(
            f"{_ALONE[0]}(?:(?P<below>{path}(?={_SLASH}))|(?P<root>{path}{_END_OF_A_PATH}))"
        )
        # A path is known by its last part, however its slashes are written
        names.append(base.path.rstrip("/").rpartition("/")[2].lower())
    return _Own(
        names=tuple(names),
        pattern=re.compile("|".join(forms), re.IGNORECASE),
        has_port=base.port is not None or not base_url,
    )


def _origins(names: Iterable[str], port: int | None, own_scheme: str) -> Iterable[str]:
    """Yield the patterns of scheme, host and port.

    A port that is none fits all, and no scheme is any.
    """
    hosts = "|".join(map(re.escape, names))
    own_default = DEFAULT_PORTS.get(own_scheme)
    schemes = {own_scheme: own_default} if own_scheme else DEFAULT_PORTS
    digits = r"\d+" if port is None else str(port)
    for scheme, default_port in schemes.items():
        # The port that a scheme has by default need not be written
        optional = "?" if port in {None, default_port} else ""
        number = f"(?:{_COLON}{digits}){optional}"
        yield f"{scheme}{_COLON}{_SLASH}{{2}}(?:{hosts}){number}"


def _address(names: Iterable[str], port: int | None, own_scheme: str) -> str:
    """Return the pattern of host and port without a scheme, as in an echoed Host header."""
    digits = str(port) if own_scheme else r"\d+"
    hosts = "|".join(map(re.escape, names))
    return f"(?:{hosts}){_COLON}{digits}"


def _mention(texts: Iterable[str], names: Iterable[str]) -> bool:
    lower = "\n".join(texts).lower()
    return any(map(lower.__contains__, names))


def _texts(body: Body) -> list[str]:
    if body.kind == "text":
        return body.text.split("\n")
    return all_strings(body.value)


def _spelled(
    body: Body, own: re.Pattern[str], shared: set[str], spellings: Mapping[str, str]
) -> Body:
    """Return a body with its runtime's own URLs and addresses spelled, except in shared texts."""

    def spelling(match: re.Match[str]) -> str:
        return spellings[match.lastgroup or "url"]

    def spelled(scalar: Json, _: JsonPath = ()) -> Json:
        if not isinstance(scalar, str) or scalar in shared:
            return scalar
        return own.sub(spelling, scalar)

    if body.kind == "text":
        return body.respelled(text="\n".join(map(spelled, _texts(body))))
    return body.respelled(value=mapped(body.value, lambda name: name, spelled))
