"""The forms in which services write points in time."""

import datetime as dt
import re
from typing import Final

_ISO: Final = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:(?P<separator>[Tt ])\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?)?\Z"
)
_HTTP_DATE: Final = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|UTC|[+-]\d{4})\Z"
)
_EPOCH_SECONDS: Final = range(946_684_800, 4_102_444_800)  # the years 2000 to 2099
_EPOCH_MILLISECONDS: Final = range(946_684_800_000, 4_102_444_800_000)


def form_of_text(text: str) -> str | None:
    """Name the form of a timestamp in a string, or None; fractions of a second do not change the form."""
    found = _ISO.match(text)
    if found is None:
        return "HTTP date" if _HTTP_DATE.match(text) else None
    if found["separator"] is None:
        return "date"
    zone = found["zone"]
    shown = "without zone" if zone is None else ("Z" if zone in "Zz" else "offset")
    return f"ISO 8601 {shown}" if found["separator"] in "Tt" else f"date and time {shown}"


def form_of_integer(value: int) -> str | None:
    """Name the form of a plausible epoch number, or None."""
    if value in _EPOCH_SECONDS:
        return "epoch seconds"
    return "epoch milliseconds" if value in _EPOCH_MILLISECONDS else None


def as_utc(value: str | int, *, only_date: bool) -> str:
    """Write a timestamp of any form in UTC, to the second or the day; one that is no day of the calendar stays."""
    try:
        moment = _moment(value)
    except (ValueError, OverflowError):
        return str(value)
    return f"{moment:%Y-%m-%d}" if only_date else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _moment(value: str | int) -> dt.datetime:
    """Return the moment in UTC; where no zone is written, it is taken for UTC."""
    if isinstance(value, int):
        seconds = value if value in _EPOCH_SECONDS else value // 1_000
        return dt.datetime.fromtimestamp(seconds, dt.UTC)
    if _ISO.match(value):
        moment = dt.datetime.fromisoformat(value.upper())
    else:
        moment = dt.datetime.strptime(re.sub("GMT|UTC", "+0000", value), "%a, %d %b %Y %H:%M:%S %z")
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
