"""URLs that lead to the runtime itself: their host, and the target to send."""

from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - a name in a text
SPELLING: Final = "[own URL]"
"""The text that replaces a runtime's own base URL before answers are compared."""
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_SENT_AS_THEY_ARE: Final = "".join(map(chr, range(0x21, 0x7F)))
"""The characters of a target: printable ASCII (RFC 9112, 3.2); others are percent-encoded."""


class ForeignUrlError(ValueError):
    """A URL that does not lead to the runtime that sent it, or a text that is no URL."""


def host_of(parts: SplitResult) -> tuple[str, int | None]:
    """Return the host and the port of a URL; all names of the loopback are the same host.

    Raises ValueError for a bad port.
    """
    name = (parts.hostname or "").rstrip(".")
    port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    if name in LOOPBACK:
        return "loopback", port
    return name, port


def url_of(target: str, base_url: str, *, from_root: bool = False) -> str:
    """Return the URL to which a request is sent."""
    if from_root:
        return urlsplit(base_url)._replace(path="").geturl() + target
    return base_url + target


def own_target(url: str, base_url: str) -> tuple[str, bool]:
    """Return the target of a URL, and whether it is sent from the root, without the base path.

    `url` is a whole URL or a path from '/'.  Raises ForeignUrlError if it leads to another host
    than the base URL; if the base URL is unknown, any host is accepted.
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
    """Return whether a URL has another host or port than a base URL."""
    if not parts.netloc:
        return False
    with_scheme = parts._replace(scheme=parts.scheme or base.scheme)
    return host_of(with_scheme) != host_of(base)


def _without_base(target: str, base_path: str) -> tuple[str, bool]:
    """Return a target without the base path, and whether it is sent from the root.

    A target outside the base path is sent from the root.
    """
    if not base_path:
        return target, False
    if target.startswith(f"{base_path}/"):
        return target.removeprefix(base_path), False
    # `/base` and `/base?x` are inside, but without the base path they do not start with '/'
    return target, True
