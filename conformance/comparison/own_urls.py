"""URLs in a body that lead to the runtime that sent it, spelled alike for every runtime.

Services name themselves: in links to the next page, in `self`, in what they echo. The name and port under which a
runtime was reached, and the base path before its targets, are its own affair there as they are in a Location.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from conformance.comparison.body import STRUCTURED, Body
from conformance.comparison.locations import DEFAULT_PORTS, LOOPBACK
from conformance.comparison.lossless_json import Json
from conformance.comparison.mapping import mapped
from conformance.model.json_path import JsonPath

SPELLING: Final = "[own URL]"
_IN_A_URL: Final = {"::1": "[::1]"}
_NOTHING_OF_A_NAME: Final = r"(?![\w-]|[.:]\w)"


def seen_from_itself(body: Body, base_url: str) -> Body:
    """Return a body with `[own URL]` for its runtime's base URL; where that is not known, for every loopback host."""
    try:
        names, pattern = _own(base_url)
    except ValueError:
        return body
    if body.kind not in {*STRUCTURED, "text"} or not _names_any(body.raw, names):
        return body

    def spelled(scalar: Json, _: JsonPath = ()) -> Json:
        return pattern.sub(SPELLING, scalar) if isinstance(scalar, str) else scalar

    if body.kind == "text":
        return replace(body, text=spelled(body.text))
    return replace(body, value=mapped(body.value, lambda name: name, spelled))


@lru_cache(maxsize=256)
def _own(base_url: str) -> tuple[tuple[bytes, ...], re.Pattern[str]]:
    """Return the names of a runtime's host and the pattern of its base URL under any of them."""
    base = urlsplit(base_url)
    host = (base.hostname or "").rstrip(".")
    names = [_IN_A_URL.get(name, name) for name in (sorted(LOOPBACK) if host in LOOPBACK or not base_url else [host])]
    port = (base.port or DEFAULT_PORTS.get(base.scheme)) if base_url else None
    origins = "|".join(_origins(names, port))
    pattern = rf"(?<!\w)(?i:{origins}){re.escape(base.path.rstrip('/'))}{_NOTHING_OF_A_NAME}"
    return tuple(name.encode() for name in names), re.compile(pattern)


def _names_any(raw: bytes, names: Iterable[bytes]) -> bool:
    lower = raw.lower()
    return any(name in lower for name in names)


def _origins(names: Iterable[str], port: int | None) -> Iterable[str]:
    """Yield the patterns of scheme, host and port; a port that is none fits all."""
    hosts = "|".join(map(re.escape, names))
    for scheme, default in DEFAULT_PORTS.items():
        wanted = r"(?::\d+)?" if port is None else f"(?::{port})" + ("?" if port == default else "")
        yield f"{scheme}://(?:{hosts}){wanted}"
