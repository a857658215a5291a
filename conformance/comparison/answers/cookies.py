"""Cookies that an answer sets (RFC 6265), compared by name.

Compared are whether each is set, its attributes, and its value.

An answer may set one name several times, for other paths and domains, or to remove it first: each
line counts.  Lines for one path and domain count in their order, of which the last is the one that
a browser keeps.
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
_CLOCK: Final = "expires"
"""A point in time counts by its presence, and by whether it removes the cookie."""
_MAX_AGE: Final = "max-age"
"""A number of seconds; a browser looks at no point in time beside it."""
_SECONDS: Final = re.compile(r"-?[0-9]+")
_REMOVED: Final = "removed"
"""What a line does whose end has come, whichever attribute says so."""
_NO_COOKIE_LIVES: Final = 2000
"""Before this year nobody lets a cookie end but to remove it, whatever the clock of the runtime
says: mostly in 1970.
"""
_FOLDED: Final = {"samesite": str.capitalize, "priority": str.capitalize, "domain": str.lower}
"""Attributes whose letter case does not count, and the one in which each is shown."""
_OF_A_BROWSER: Final = ("Path", "Domain")
"""By these and its name a browser tells one cookie from another (RFC 6265, section 5.3)."""


class Line(Struct, frozen=True, kw_only=True):
    """A line that sets a cookie: its value, and its attributes in one spelling and order."""

    value: str
    attributes: tuple[str, ...]

    @property
    def reach(self) -> tuple[str, ...]:
        """Return the path and the domain that the cookie is for."""
        return tuple(filter(_is_of_a_browser, self.attributes))


class Cookie(Struct, frozen=True):
    """All lines that set cookies of one name, by what they are for.

    Those for the same in the order they came.
    """

    lines: tuple[Line, ...]

    @property
    def attributes(self) -> tuple[tuple[str, ...], ...]:
        """Return the attributes of each line."""
        return tuple(map(attrgetter("attributes"), self.lines))

    @property
    def fact(self) -> str:
        """Return the attributes as a fact, and how often the cookie is set if more than once."""
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
    def last_lines(self) -> dict[tuple[str, ...], Line]:
        """Return the line that counts in a browser for each path and domain."""
        return {line.reach: line for line in self.lines}


def read_cookies(fields: Iterable[str], date: str = "") -> Mapping[str, Cookie]:
    """Return the cookies that some fields of an answer set at its date, by name."""
    sent_at = _moment(date)
    by_name: defaultdict[str, list[Line]] = defaultdict(list)
    for field in fields:
        name, line = _line(field, sent_at)
        by_name[name].append(line)
    return {name: _cookie(lines) for name, lines in by_name.items()}


def _cookie(lines: Iterable[Line]) -> Cookie:
    # Lines for the same path and domain stay in the order they came
    by_reach = sorted(lines, key=attrgetter("reach"))
    return Cookie(tuple(by_reach))


def values_beside(a: Cookie, b: Cookie) -> list[tuple[str, str]]:
    """Return the values of two cookies that are compared: all in order, else the last per reach.

    A removed cookie has none: that only one side removes it is said of its attributes.
    """
    both = list(zip(a.lines, b.lines, strict=False))
    if len(a.lines) != len(b.lines):
        # That the numbers of lines differ is said by their facts: what is left is compared once
        first, second = a.last_lines, b.last_lines
        both = [(first[reach], second[reach]) for reach in filter(second.__contains__, first)]
    return [(x.value, y.value) for x, y in both if _REMOVED not in x.attributes + y.attributes]


def _line(field: str, sent_at: datetime | None) -> tuple[str, Line]:
    pair, *attributes = field.split(";")
    name, _, value = pair.partition("=")
    sent = list(map(_parts, attributes))
    if _is_over({each.lower(): text for each, _, text in sent}, sent_at):
        others = (each for each in sent if each[0].lower() not in {_CLOCK, _MAX_AGE})
        sent = [*others, (_REMOVED, "", "")]
    spelled = sorted(filter(None, starmap(_spelled, sent)))
    return name.strip(BLANKS), Line(value=value.strip(BLANKS), attributes=tuple(spelled))


def _parts(attribute: str) -> tuple[str, str, str]:
    name, equals, value = attribute.partition("=")
    return name.strip(BLANKS), equals, value.strip(BLANKS)


def _is_of_a_browser(attribute: str) -> bool:
    name, _, _ = attribute.partition("=")
    return name in _OF_A_BROWSER


def _spelled(name: str, equals: str, value: str) -> str:
    """Return an attribute in the one spelling that it is shown in; nothing for an empty one."""
    lowered = name.lower()
    spelled = _ATTRIBUTES.get(lowered, name)
    if lowered == _CLOCK or not equals:
        return spelled
    fold = _FOLDED.get(lowered, str)
    return f"{spelled}={fold(value)}"


def _is_over(attributes: Mapping[str, str], sent_at: datetime | None) -> bool:
    """Return whether the attributes of a line remove a cookie (RFC 6265, section 5.3)."""
    seconds = attributes.get(_MAX_AGE, "")
    if _SECONDS.fullmatch(seconds):
        return int(seconds) <= 0
    return _is_past(attributes.get(_CLOCK, ""), sent_at)


def _is_past(time: str, sent_at: datetime | None) -> bool:
    """Return whether a time removes a cookie; one that browsers cannot read says nothing.

    An answer's own date says what is past: our clock would judge a record otherwise another day.
    """
    ends_at = _moment(time)
    if ends_at is None:
        return False
    is_past = sent_at is not None and ends_at <= sent_at
    return is_past or ends_at.year < _NO_COOKIE_LIVES


def _moment(time: str) -> datetime | None:
    with suppress(ValueError):
        moment = parsedate_to_datetime(time)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
