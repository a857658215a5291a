"""URLs that lead to the runtime itself: whose host they name, and their target.

The target is the one that such a URL stands for.
"""

from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - a name in a text
SPELLING: Final = "[own URL]"
"""What stands for a runtime's own base URL where answers are compared."""
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_SENT_AS_THEY_ARE: Final = "".join(map(chr, range(0x21, 0x7F)))
"""What may stand in a target: printable ASCII (RFC 9112, 3.2); anything else is percent-encoded."""


class ForeignUrlError(ValueError):
    """A URL that does not lead to the runtime that gave it, or no URL at all."""


def host_of(parts: SplitResult) -> tuple[str, int | None]:
    """Return the host and the port of a URL; all names of the loopback are one.

    Raises ValueError for a bad port.
    """
    name = (parts.hostname or "").rstrip(".")
    port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    if name in LOOPBACK:
        return "loopback", port
    return name, port


def url_of(target: str, base_url: str, *, from_root: bool = False) -> str:
    """Return the URL that a request is sent to."""
    if from_root:
        return urlsplit(base_url)._replace(path="").geturl() + target
    return base_url + target


def own_target(url: str, base_url: str) -> tuple[str, bool]:
    """Return the target of a URL, and whether the base path of the runtime is left out before it.

    The URL is a whole one or a path from '/'.  Raises ForeignUrlError where it leads to another
    host than the base URL; where that is not known, any host is taken.
    """
    if not url.isprintable():  # urlsplit would drop line ends and tabs, and lead elsewhere
        raise ForeignUrlError(f"{url!r}, which is no URL")
    try:
        parts = urlsplit(url)
        base = urlsplit(base_url)
        is_foreign = bool(base_url) and _is_foreign(parts, base)
    except ValueError as error:
        raise ForeignUrlError(f"{url!r}, which is no URL") from error
    # A path alone has no scheme: it is the runtime's own
    is_http = parts.scheme in {*DEFAULT_PORTS, ""}
    if is_foreign or not is_http:
        scheme = parts.scheme or base.scheme
        raise ForeignUrlError(f"{scheme}://{parts.netloc}, which is not the runtime's own host")
    if not parts.netloc and not url.startswith("/"):
        raise ForeignUrlError(
            f"{url!r}, which is no URL; a relative one is captured with `as: url`"
        )
    path = parts.path or "/"
    target = parts._replace(scheme="", netloc="", path=path, fragment="").geturl()
    return _without_base(quote(target, safe=_SENT_AS_THEY_ARE), base.path.rstrip("/"))


def _is_foreign(parts: SplitResult, base: SplitResult) -> bool:
    """Return whether a URL names another host or port than a base URL."""
    if not parts.netloc:
        return False
    with_scheme = parts._replace(scheme=parts.scheme or base.scheme)
    return host_of(with_scheme) != host_of(base)


def _without_base(target: str, base_path: str) -> tuple[str, bool]:
    """Return a target as it is written before the base path is put there.

    One outside of it is sent from the root.
    """
    if not base_path:
        return target, False
    if target.startswith(f"{base_path}/"):
        return target.removeprefix(base_path), False
    # `/base` and `/base?x` lie within, but behind the base path they would have to start with '/'
    return target, True
