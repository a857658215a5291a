"""The forms in which services write points in time."""

import datetime as dt
import re
from functools import lru_cache
from typing import Final

from conformance.wording import plural

_ISO: Final = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:(?P<separator>[Tt ])\d{2}:\d{2}"
    r"(?::\d{2}(?:[.,](?P<fraction>\d{1,9}))?)?(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?)?\Z",
    re.ASCII,
)
_HTTP_DATE: Final = re.compile(
    r"(?P<day>Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} "
    r"(?:GMT|UTC|[+-]\d{4})\Z",
    re.ASCII,
)
_LEAP_SECOND: Final = re.compile(r"(\d\d:59:)60", re.ASCII)
_CLOCKS: Final = ("milliseconds", "microseconds", "nanoseconds")
"""What clocks count in: a fraction of up to three, six and nine digits."""
_EPOCH_SECONDS: Final = range(946_684_800, 4_102_444_800)  # the years 2000 to 2099
_EPOCH_MILLISECONDS: Final = range(946_684_800_000, 4_102_444_800_000)


def form_of_text(text: str) -> str | None:
    """Name the form of a timestamp in a string, or None.

    Fractions of a second do not change the form.

    A time that does not exist has none: it cannot be written in another form.  A date has one by
    its look.
    """
    found = _ISO.match(text)
    if found is None:
        return _http_form(text)
    # a date that no calendar has still looks like one
    if found["separator"] is None:
        return "date"
    if not _exists(text):
        return None
    name = "ISO 8601" if found["separator"] in "Tt" else "date and time"
    return f"{name} {_zone_form(found['zone'])}"


def _zone_form(zone: str | None) -> str:
    if zone is None:
        return "without zone"
    return "Z" if zone in "Zz" else "offset"


def written_form_of_text(text: str) -> str | None:
    """Name the form of a timestamp with its precision, or None.

    The precision is that of a clock: a writer that drops the zeros at the end of a fraction writes
    microseconds with five digits at times.
    """
    form, found = form_of_text(text), _ISO.match(text)
    if form is None or found is None or not found["fraction"]:
        return form
    clock = _CLOCKS[(len(found["fraction"]) - 1) // 3]
    return f"{form}, {clock}"


def _http_form(text: str) -> str | None:
    """Name the form of an HTTP date (RFC 9110, section 5.6.7), or None.

    Its day of the week may be another one's.
    """
    found = _HTTP_DATE.match(text)
    if found is None or not _exists(text):
        return None
    # strptime takes any day of the week
    weekday = _of_http(text).strftime("%a")
    return "HTTP date" if weekday == found["day"] else "HTTP date with a wrong weekday"


def _of_http(text: str) -> dt.datetime:
    """Return the moment of an HTTP date, whatever day of the week it says, with its zone."""
    return dt.datetime.strptime(re.sub("GMT|UTC", "+0000", text), "%a, %d %b %Y %H:%M:%S %z")


def is_moment(text: str) -> bool:
    """Return whether a string is an existing date, with or without time (RFC 3339, section 5.6).

    Leap seconds exist too.
    """
    return form_of_text(text) is not None and _exists(text)


def _exists(text: str) -> bool:
    return _moment(text) is not None


def form_of_integer(value: int) -> str | None:
    """Name the form of a plausible epoch number, or None."""
    if value in _EPOCH_SECONDS:
        return "epoch seconds"
    return "epoch milliseconds" if value in _EPOCH_MILLISECONDS else None


def as_utc(value: str | int, *, only_date: bool) -> str:
    """Write a timestamp of any form in UTC, to the second or the day.

    One that is no day of the calendar stays.
    """
    moment = _moment(value)
    if moment is None:
        return str(value)
    return f"{moment:%Y-%m-%d}" if only_date else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


@lru_cache(maxsize=1 << 15)
def _moment(value: str | int) -> dt.datetime | None:
    """Return the moment in UTC, or None if there is none.

    Where no zone is written, it is taken for UTC.

    Several idioms ask for the moments of one column.
    """
    try:
        moment = _of_integer(value) if isinstance(value, int) else _of_text(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _of_integer(value: int) -> dt.datetime:
    seconds = value if value in _EPOCH_SECONDS else value // 1_000
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _of_text(value: str) -> dt.datetime:
    # `datetime` knows no leap second: it counts as the second before
    value = _LEAP_SECOND.sub(r"\g<1>59", value)
    if _ISO.match(value):
        return dt.datetime.fromisoformat(value.upper())
    return _of_http(value)


def same_moment(a: str, b: str) -> tuple[str, str] | None:
    """Name how two spellings of one moment differ, or None where they are two moments.

    They differ in the digits of a second or in the offset.

    A moment with fewer digits of a second is the same if it is the other one cut short.
    """
    matches = _ISO.match(a), _ISO.match(b)
    if None in matches or not _are_of_one_second(a, b):
        return None
    first, second = (found.groupdict("") for found in matches if found is not None)
    digits, other_digits = first["fraction"], second["fraction"]
    # more digits are the same moment only where fewer are these cut off: rounding would make
    # another one
    shorter, longer = sorted((digits, other_digits), key=len)
    if not longer.startswith(shorter):
        return None
    if shorter != longer:
        return _precision(digits), _precision(other_digits)
    if first["zone"] == second["zone"]:
        return None
    return f"offset {first['zone']}", f"offset {second['zone']}"


def _are_of_one_second(a: str, b: str) -> bool:
    """Return whether two timestamps have one form and one moment, but for parts of a second."""
    is_one_moment = as_utc(a, only_date=False) == as_utc(b, only_date=False)
    return is_one_moment and form_of_text(a) == form_of_text(b)


def _precision(digits: str) -> str:
    if not digits:
        return "whole seconds"
    return f"{plural(len(digits), 'digit')} of a second"
