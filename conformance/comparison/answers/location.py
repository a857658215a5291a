"""Read where a Location leads, as seen from the runtime that sent it.

The host and port by which the runtime was reached are removed, and so is its base path.  Another
host or scheme is part of the target, and is a fact of its own.
"""

import re
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from conformance.model.own_url import DEFAULT_PORTS, host_of

RELATIVE: Final = "relative path"
OWN_FORMS: Final = frozenset({"absolute URL", "absolute path", RELATIVE})
"""The forms of a Location that leads to the runtime itself."""
_ANY_ORIGIN: Final = "http://localhost"
"""An origin that makes a path a whole URL; which one does not matter."""
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
"""How a URL with a scheme or a host begins."""


def read_location(field: str, base_url: str) -> tuple[str, str]:
    """Return the form of a Location and its target.

    `base_url` is the URL by which the runtime is reached.  If it is empty, the loopback host counts
    as the runtime's own.
    """
    try:
        parts, base = urlsplit(field), urlsplit(base_url)
        host, own_host = host_of(parts), host_of(base)
    except ValueError:
        return "unreadable", field
    if not _ABSOLUTE.match(field):
        if not field.startswith("/"):
            return RELATIVE, field
        return "absolute path", _own_target(parts, base.path)
    is_own = host == own_host if base_url else host[0] == "loopback"
    is_of_http = parts.scheme in {*DEFAULT_PORTS, ""}
    if not is_own or not is_of_http:
        return _foreign_form(parts, host), field
    # `//host/path` has no scheme: it takes the runtime's own
    own_schemes = {base.scheme or parts.scheme, ""}
    target = _own_target(parts, base.path)
    if parts.scheme in own_schemes:
        return "absolute URL", target
    return f"absolute {parts.scheme} URL", target


def _foreign_form(parts: SplitResult, host: tuple[str, int | None]) -> str:
    """Return the form of a URL to another host: scheme, host, and the port if it is unusual."""
    if not parts.netloc:
        return f"{parts.scheme} URL"
    name, port = host
    is_usual = port in {None, DEFAULT_PORTS.get(parts.scheme)}
    rare = "" if is_usual else f":{port}"
    scheme = f"{parts.scheme}:" if parts.scheme else ""
    return f"absolute URL to {scheme}//{name}{rare}"


def resolved_target(form: str, target: str, base_url: str, request_target: str) -> str:
    """Return where a target leads: a relative one is resolved against the request's target.

    `request_target` is that of the request.  Source: RFC 9110, section 10.2.2, and RFC 3986,
    section 5.
    """
    if form != RELATIVE:
        return target
    base_path = urlsplit(base_url).path
    request_url = f"{_ANY_ORIGIN}{base_path.rstrip('/')}{request_target}"
    try:
        whole = urlsplit(urljoin(request_url, target))
    except ValueError:
        return target
    return _own_target(whole, base_path)


def _own_target(parts: SplitResult, base_path: str) -> str:
    """Return the path and query of a URL, without the runtime's base path.

    A path outside the base path is marked as such.
    """
    target = parts._replace(scheme="", netloc="", path=parts.path or "/").geturl()
    base = base_path.rstrip("/")
    if not base:
        return target
    # A base path ends where a segment does: `/api` is not the base of `/apis`
    is_inside = target == base or target.startswith((f"{base}/", f"{base}?"))
    if not is_inside:
        return f"outside {base}: {target}"
    return target.removeprefix(base) or "/"
