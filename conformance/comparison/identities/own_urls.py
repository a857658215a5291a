"""URLs and addresses in two bodies that lead to the runtime that sent them, spelled alike.

Services name themselves: in links to the next page, in `self`, in what they echo. The name and port under which a
runtime was reached, and the base path before its targets, differ between runtimes without being a difference. A text or
line that both sides have letter by letter stays as it is, wherever it leads: what is equal never becomes a difference.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from conformance.comparison.answers.location import DEFAULT_PORTS, LOOPBACK
from conformance.comparison.bodies.body import Body
from conformance.comparison.values.lossless_json import Json, all_strings
from conformance.comparison.values.mapping import mapped
from conformance.model.json_path import JsonPath

SPELLING: Final = "[own URL]"
_ADDRESS: Final = "[own address]"
_IN_A_URL: Final = {"::1": "[::1]"}
_NOTHING_OF_A_NAME: Final = r"(?![\w-]|[.:]\w)"


def seen_from_their_runtimes(a: Body, b: Body, base_urls: tuple[str, str]) -> tuple[Body, Body]:
    """Return two bodies of one kind with `[own URL]` in their texts for the base URL of either's runtime.

    Where a base URL is not known, every loopback host is its own.
    """
    try:
        (names_a, own_a), (names_b, own_b) = map(_own, base_urls)
    except ValueError:
        return a, b
    if not _has_any(a.raw, names_a) and not _has_any(b.raw, names_b):
        return a, b
    shared = set(_texts(a)) & set(_texts(b))
    return _spelled(a, own_a, shared), _spelled(b, own_b, shared)


def names_itself(raw: bytes, base_url: str) -> bool:
    """Tell whether a body may hold the name or the address of the runtime that sent it."""
    try:
        return _has_any(raw, _own(base_url)[0])
    except ValueError:
        return True


@lru_cache(maxsize=256)
def _own(base_url: str) -> tuple[tuple[bytes, ...], re.Pattern[str]]:
    """Return the names of a runtime's host, and the pattern of its base URL or address under any of them."""
    base = urlsplit(base_url)
    host = (base.hostname or "").rstrip(".")
    names = [_IN_A_URL.get(name, name) for name in (sorted(LOOPBACK) if host in LOOPBACK or not base_url else [host])]
    port = (base.port or DEFAULT_PORTS.get(base.scheme)) if base_url else None
    origins = "|".join(_origins(names, port))
    url = rf"(?P<url>{origins}){re.escape(base.path.rstrip('/'))}"
    pattern = rf"(?<!\w)(?i:{'|'.join((url, *_addresses(names, base.port)))}){_NOTHING_OF_A_NAME}"
    return tuple(name.encode() for name in names), re.compile(pattern)


def _origins(names: Iterable[str], port: int | None) -> Iterable[str]:
    """Yield the patterns of scheme, host and port; a port that is none fits all."""
    hosts = "|".join(map(re.escape, names))
    for scheme, default in DEFAULT_PORTS.items():
        wanted = r"(?::\d+)?" if port is None else f"(?::{port})" + ("?" if port == default else "")
        yield f"{scheme}://(?:{hosts}){wanted}"


def _addresses(names: Iterable[str], port: int | None) -> Iterable[str]:
    """Yield the pattern of host and port without a scheme, as in an echoed Host header; a host alone is too common."""
    if port is not None:
        yield f"(?:{'|'.join(map(re.escape, names))}):{port}"


def _has_any(raw: bytes, names: Iterable[bytes]) -> bool:
    lower = raw.lower()
    return any(name in lower for name in names)


def _texts(body: Body) -> list[str]:
    return body.text.split("\n") if body.kind == "text" else all_strings(body.value)


def _spelling(found: re.Match[str]) -> str:
    return SPELLING if found["url"] else _ADDRESS


def _spelled(body: Body, own: re.Pattern[str], shared: set[str]) -> Body:
    """Return a body with its own URLs spelled, but for those in texts that are shared."""

    def spelled(scalar: Json, _: JsonPath = ()) -> Json:
        return own.sub(_spelling, scalar) if isinstance(scalar, str) and scalar not in shared else scalar

    if body.kind == "text":
        return body.respelled(text="\n".join(map(spelled, _texts(body))))
    return body.respelled(value=mapped(body.value, lambda name: name, spelled))
