"""Cookies that an answer sets (RFC 6265), compared by name: whether each is set, its attributes, and its value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

SET_COOKIE: Final = "set-cookie"
_ATTRIBUTES: Final = {
    name.lower(): name for name in ("Expires", "Max-Age", "Domain", "Path", "Secure", "HttpOnly", "SameSite",
                                    "Partitioned", "Priority")
}  # fmt: skip
_CLOCK: Final = "expires"
"""A point in time counts by its presence only."""
_FOLDED: Final = {"samesite": str.capitalize, "priority": str.capitalize, "domain": str.lower}
"""Attributes whose letter case does not count, and the one in which each is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """A cookie as it is set: its value, and its attributes in one spelling and order."""

    value: str
    attributes: tuple[str, ...]

    @property
    def fact(self) -> str:
        """Return the attributes as a fact."""
        return ", ".join(self.attributes) or "no attributes"


def read_cookies(fields: Iterable[str]) -> Mapping[str, Cookie]:
    """Return the cookies that some fields set, by name; of those with one name the last counts, as in a browser."""
    return dict(map(_cookie, fields))


def _cookie(field: str) -> tuple[str, Cookie]:
    pair, *attributes = field.split(";")
    name, _, value = pair.partition("=")
    return name.strip(), Cookie(value=value.strip(), attributes=tuple(sorted(_spelled(attributes))))


def _spelled(attributes: Iterable[str]) -> Iterator[str]:
    for attribute in attributes:
        name, equals, value = (part.strip() for part in attribute.partition("="))
        lowered = name.lower()
        shown = _ATTRIBUTES.get(lowered, name)
        if not equals or lowered == _CLOCK:
            yield from [shown] if name else []
        else:
            yield f"{shown}={_FOLDED[lowered](value) if lowered in _FOLDED else value}"
