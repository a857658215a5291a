"""Read the cookies that an answer sets (RFC 6265), to compare them by name.

Three things are compared: whether a cookie is set, its attributes, and its value.  An answer may
set one name several times, for different paths and domains, or to remove it first; each
`Set-Cookie` line counts.  Of the lines for one path and domain the order counts, as a browser keeps
the last one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import starmap
from operator import attrgetter
from typing import Final

from msgspec import Struct

from conformance.comparison.bodies.label import BLANKS

SET_COOKIE: Final = "set-cookie"
_ATTRIBUTES: Final = {
    name.lower(): name
    for name in (
        "Expires",
        "Max-Age",
        "Domain",
        "Path",
        "Secure",
        "HttpOnly",
        "SameSite",
        "Partitioned",
        "Priority",
    )
}
"""The names of attributes as they are shown, by their names in lower case."""
_CLOCK: Final = "expires"
"""The attribute with a point in time: only its presence counts, and whether it is in the past."""
_MAX_AGE: Final = "max-age"
"""The attribute with a number of seconds; with it, a browser ignores `expires`."""
_SECONDS: Final = re.compile(r"-?[0-9]+")
_REMOVED: Final = "removed"
"""The attribute that replaces `expires` and `max-age` on a line that removes the cookie."""
_EARLIEST_YEAR_OF_EXPIRY: Final = 2000
"""A cookie that ends before this year is meant to be removed, whatever the runtime's clock says."""
_FOLDED: Final = {"samesite": str.capitalize, "priority": str.capitalize, "domain": str.lower}
"""Attributes whose letter case does not count, each with the function that writes it in one case.
"""
_OF_A_BROWSER: Final = ("Path", "Domain")
"""With the name, these attributes identify a cookie in a browser (RFC 6265, section 5.3)."""


class SetCookieLine(Struct, frozen=True, kw_only=True):
    """A `Set-Cookie` line: the cookie's value, and its attributes in one spelling and order."""

    value: str
    attributes: tuple[str, ...]

    @property
    def reach(self) -> tuple[str, ...]:
        """Return the path and domain attributes, which say where the cookie applies."""
        return tuple(filter(_is_of_a_browser, self.attributes))


class Cookie(Struct, frozen=True):
    """All lines that set cookies of one name, sorted by path and domain.

    Lines for the same path and domain are in the order in which they came.
    """

    lines: tuple[SetCookieLine, ...]

    @property
    def attributes(self) -> tuple[tuple[str, ...], ...]:
        """Return the attributes of each line."""
        return tuple(map(attrgetter("attributes"), self.lines))

    @property
    def fact(self) -> str:
        """Return the attributes as a fact, with the number of lines if there are several."""
        of_lines = (", ".join(each) or "no attributes" for each in self.attributes)
        attributes = " and ".join(dict.fromkeys(of_lines))
        times = len(self.lines)
        if times == 1:
            return attributes
        return f"set {times} times, {attributes}"

    @property
    def values(self) -> tuple[str, ...]:
        """Return the value of each line."""
        return tuple(map(attrgetter("value"), self.lines))

    @property
    def last_lines(self) -> dict[tuple[str, ...], SetCookieLine]:
        """Return the last line for each path and domain, which a browser keeps."""
        return {line.reach: line for line in self.lines}


def read_cookies(fields: Iterable[str], date: str = "") -> Mapping[str, Cookie]:
    """Return by name the cookies that the `Set-Cookie` values `fields` set.

    `date` is the answer's Date header; it decides which cookies are removed.
    """
    sent_at = _moment(date)
    by_name: defaultdict[str, list[SetCookieLine]] = defaultdict(list)
    for field in fields:
        name, line = _line(field, sent_at)
        by_name[name].append(line)
    return {name: _cookie(lines) for name, lines in by_name.items()}


def _cookie(lines: Iterable[SetCookieLine]) -> Cookie:
    # Lines for the same path and domain stay in the order they came
    by_reach = sorted(lines, key=attrgetter("reach"))
    return Cookie(tuple(by_reach))


def values_beside(a: Cookie, b: Cookie) -> list[tuple[str, str]]:
    """Return the pairs of values to compare in two cookies.

    These are all values in order, if there are as many lines, else the last one per path and
    domain.  A removed cookie has no value to compare: its attributes show that it is removed.
    """
    both = list(zip(a.lines, b.lines, strict=False))
    if len(a.lines) != len(b.lines):
        # Their facts already say that the numbers of lines differ
        first, second = a.last_lines, b.last_lines
        both = [(first[reach], second[reach]) for reach in filter(second.__contains__, first)]
    return [(x.value, y.value) for x, y in both if _REMOVED not in x.attributes + y.attributes]


def _line(field: str, sent_at: datetime | None) -> tuple[str, SetCookieLine]:
    """Return the name and the line that a `Set-Cookie` value sets."""
    pair, *attributes = field.split(";")
    name, _, value = pair.partition("=")
    sent = list(map(_parts, attributes))
    if _is_removed({each.lower(): text for each, _, text in sent}, sent_at):
        others = (each for each in sent if each[0].lower() not in {_CLOCK, _MAX_AGE})
        sent = [*others, (_REMOVED, "", "")]
    spelled = sorted(filter(None, starmap(_spelled, sent)))
    return name.strip(BLANKS), SetCookieLine(value=value.strip(BLANKS), attributes=tuple(spelled))


def _parts(attribute: str) -> tuple[str, str, str]:
    """Return an attribute's name, its equals sign if it has one, and its value."""
    name, equals, value = attribute.partition("=")
    return name.strip(BLANKS), equals, value.strip(BLANKS)


def _is_of_a_browser(attribute: str) -> bool:
    """Return whether an attribute helps a browser to identify a cookie."""
    name, _, _ = attribute.partition("=")
    return name in _OF_A_BROWSER


def _spelled(name: str, equals: str, value: str) -> str:
    """Return an attribute as it is shown; an empty text for an empty attribute."""
    lowered = name.lower()
    spelled = _ATTRIBUTES.get(lowered, name)
    if lowered == _CLOCK or not equals:
        return spelled
    fold = _FOLDED.get(lowered, str)
    return f"{spelled}={fold(value)}"


def _is_removed(attributes: Mapping[str, str], sent_at: datetime | None) -> bool:
    """Return whether the attributes of a line remove a cookie (RFC 6265, section 5.3)."""
    seconds = attributes.get(_MAX_AGE, "")
    if _SECONDS.fullmatch(seconds):
        return int(seconds) <= 0
    return _is_past(attributes.get(_CLOCK, ""), sent_at)


def _is_past(time: str, sent_at: datetime | None) -> bool:
    """Return whether an `expires` time is past; one that cannot be read is not.

    It is compared with the answer's own date: by the harness's clock, a recording would be judged
    differently on another day.
    """
    ends_at = _moment(time)
    if ends_at is None:
        return False
    is_past = sent_at is not None and ends_at <= sent_at
    return is_past or ends_at.year < _EARLIEST_YEAR_OF_EXPIRY


def _moment(time: str) -> datetime | None:
    """Return the time in a text, in UTC if it has no zone, or None."""
    with suppress(ValueError):
        moment = parsedate_to_datetime(time)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
