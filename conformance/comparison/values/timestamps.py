"""The forms in which services write times as text or number."""

import datetime as dt
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final

from conformance.wording import plural

_ISO: Final = re.compile(
    r"\d{4}(?P<dash>-)?\d{2}(?(dash)-)\d{2}"
    r"(?:(?P<separator>[Tt ])\d{2}(?P<colon>:)?\d{2}"
    r"(?:(?(colon):)\d{2}(?:[.,](?P<fraction>\d{1,9}))?)?(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?)?\Z",
    re.ASCII,
)
"""An ISO 8601 date, with or without time."""
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MAIL_DATE: Final = re.compile(
    rf"(?:(?P<weekday>{'|'.join(_WEEKDAYS)}), )?(?P<day>\d{{1,2}}) [A-Z][a-z]{{2}} \d{{4}} "
    r"\d{2}:\d{2}:\d{2} (?P<zone>GMT|UTC|UT|[+-]\d{4})\Z",
    re.ASCII,
)
"""A date of mail, feeds and HTTP (RFC 822, 5322 and 9110)."""
_LEAP_SECOND: Final = re.compile(r"(\d\d:59:)60", re.ASCII)
"""A time with a leap second."""
_CLOCKS: Final = ("milliseconds", "microseconds", "nanoseconds")
"""The precision of clocks, whose fractions have up to three, six and nine digits."""
_BASIC: Final = {
    ("-", ":"): "",
    (None, ":"): ", basic date",
    ("-", None): ", basic time",
    (None, None): ", basic date and time",
}
"""What the name of an ISO form says if date or time have no separators."""
_ZONE_FORMS: Final = {None: "without zone", "Z": "Z", "z": "Z"}
"""What the name of a form says about the zone; any other zone is an offset."""
_DAYS: Final = {
    (1, 2): ("days without a zero", "days of two digits"),
    (2, 1): ("days of two digits", "days without a zero"),
}
"""How two dates differ, by the number of digits of their days."""
_EPOCH_SECONDS: Final = range(946_684_800, 4_102_444_800)  # the years 2000 to 2099
_EPOCH_MILLISECONDS: Final = range(946_684_800_000, 4_102_444_800_000)


def form_of_text(text: str) -> str | None:
    """Return the name of the form of a time, or None if the text is no time.

    Fractions of a second do not change the form.  A date only has to look like one, but a time must
    exist: only an existing time can be written in another form.
    """
    found = _ISO.match(text)
    if found is None:
        return _mail_form(text)
    dash, separator, colon, zone = found.group("dash", "separator", "colon", "zone")
    # a date need not exist; digits without dashes are a number
    if separator is None:
        return "date" if dash else None
    if not _exists(text):
        return None
    basic = _BASIC[dash, colon]
    zone_form = _ZONE_FORMS.get(zone, "offset")
    if separator != " ":
        return f"ISO 8601 {zone_form}{basic}"
    return None if basic else f"date and time {zone_form}"


def written_form_of_text(text: str) -> str | None:
    """Return the name of the form of a time with its precision, or None.

    The precision is that of a clock, because some writers drop the zeros at the end of a fraction:
    then microseconds have five digits at times.
    """
    form = form_of_text(text)
    digits = _parts(text)["fraction"]
    if form is None or not digits:
        return form
    clock = _CLOCKS[(len(digits) - 1) // 3]
    return f"{form}, {clock}"


def _mail_form(text: str) -> str | None:
    """Return the name of the form of a mail or HTTP date, or None.

    A wrong day of the week is part of the name.  A zero before the day does not change the form.
    """
    found = _MAIL_DATE.match(text)
    if found is None or not _exists(text):
        return None
    zone, weekday = found["zone"], found["weekday"]
    own_weekday = _WEEKDAYS[_of_text(text).weekday()]
    traits = {
        "with zone UT": zone == "UT",
        "with zone UTC": zone == "UTC",
        "with an offset": zone[0] in "+-",
        "without weekday": weekday is None,
        "with a wrong weekday": weekday not in {None, own_weekday},
    }
    is_of_http = zone == "GMT" and weekday is not None
    name = "HTTP date" if is_of_http else "mail date"
    all_traits = ", ".join(filter(traits.get, traits))
    return f"{name} {all_traits}".rstrip()


def is_moment(text: str) -> bool:
    """Return whether a text is an existing date or time (RFC 3339, section 5.6).

    Leap seconds exist, too.
    """
    return form_of_text(text) is not None and _exists(text)


def _exists(text: str) -> bool:
    """Return whether a time exists, unlike one of 2026-02-30."""
    return _moment(text) is not None


def form_of_integer(value: int) -> str | None:
    """Return the name of the form of a number that may be an epoch time, or None."""
    if value in _EPOCH_SECONDS:
        return "epoch seconds"
    return "epoch milliseconds" if value in _EPOCH_MILLISECONDS else None


def as_utc(value: str | int, *, only_date: bool) -> str:
    """Return a time of any form in UTC, to the second or to the day.

    A time that does not exist is returned as text.
    """
    moment = _moment(value)
    if moment is None:
        return str(value)
    return f"{moment:%Y-%m-%d}" if only_date else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def moment_of(text: str) -> str:
    """Return a time in UTC with all its digits of a second; unchanged if it does not exist."""
    return str(_moment(text) or text)


@lru_cache(maxsize=1 << 15)
def _moment(value: str | int) -> dt.datetime | None:
    """Return a time in UTC, or None if it does not exist.

    A time without zone counts as UTC.  Results are cached, because several idioms need them.
    """
    try:
        moment = _of_integer(value) if isinstance(value, int) else _of_text(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _of_integer(value: int) -> dt.datetime:
    """Return the time of an epoch number in seconds or milliseconds."""
    seconds = value if value in _EPOCH_SECONDS else value // 1_000
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _of_text(value: str) -> dt.datetime:
    # `datetime` has no leap seconds: use the second before
    """Return the time that a text names; raise ValueError if it does not exist."""
    value = _LEAP_SECOND.sub(r"\g<1>59", value)
    if _ISO.match(value):
        return dt.datetime.fromisoformat(value.upper())
    # the parser accepts a wrong day of the week
    return parsedate_to_datetime(value)


def same_moment(a: str, b: str) -> tuple[str, str] | None:
    """Return how two spellings of one moment differ, in words; None if they are different moments.

    They may differ in the digits of a second, in the offset, or in a zero before the day.  A time
    with fewer digits of a second is the same moment if the other one begins with these digits.
    """
    if not _are_of_one_second(a, b):
        return None
    first, second = _parts(a), _parts(b)
    digits, other_digits = first["fraction"], second["fraction"]
    # fewer digits must be the others cut off: a rounded time is another moment
    shorter, longer = sorted((digits, other_digits), key=len)
    if not longer.startswith(shorter):
        return None
    if shorter != longer:
        return _precision(digits), _precision(other_digits)
    if first["zone"] != second["zone"]:
        return f"offset {first['zone']}", f"offset {second['zone']}"
    return _DAYS.get((len(first["day"]), len(second["day"])))


def _parts(text: str) -> Mapping[str, str]:
    """Return the parts of a time that may vary within one form: fraction, zone and day."""
    found = _ISO.match(text) or _MAIL_DATE.match(text)
    written = found.groupdict("") if found else {}
    return {"fraction": "", "zone": "", "day": ""} | written


def _are_of_one_second(a: str, b: str) -> bool:
    """Return whether two times have the same form and are in the same second."""
    form = form_of_text(a)
    if form is None or form != form_of_text(b):
        return False
    return as_utc(a, only_date=False) == as_utc(b, only_date=False)


def _precision(digits: str) -> str:
    """Return the number of digits of a second in words."""
    if not digits:
        return "whole seconds"
    return f"{plural(len(digits), 'digit')} of a second"
