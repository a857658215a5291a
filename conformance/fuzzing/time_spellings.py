"""Dates and times like a usual one: spelled otherwise, and later by as long as a range is.

What is near the usual time is accepted where a range begins or ends with it, so that it shows what
is stored; a time of another year may be refused for its place in the range alone.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final, TypeGuard

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")

_WITHOUT_SECONDS: Final = "a time without seconds"
_WITHOUT_OFFSET: Final = "a time without an offset"
_AFTER_A_SPACE: Final = "a time after a space"
_DATE_FOR_A_TIME: Final = "a date for a time"
SPELLINGS: Final = frozenset({_WITHOUT_SECONDS, _WITHOUT_OFFSET, _AFTER_A_SPACE, _DATE_FOR_A_TIME})
"""Spellings that a reader of times takes or refuses, whichever member holds the time."""


def spellings_of_time(text: str) -> Iterator[tuple[str, str]]:
    """Yield other spellings of a date or of a time, each with its name, and times beside it."""
    if _DATE.fullmatch(text):
        year, month, day = text.split("-")
        yield "a date that is none", f"{year}-{month}-31" if month == "02" else f"{year}-02-30"
        yield "a date as a time", f"{text}T00:00:00Z"
        yield "a date without leading zeros", f"{year}-{int(month)}-{int(day)}"
        yield "a date without hyphens", text.replace("-", "")
    time = _TIME.fullmatch(text)
    if time is not None:
        date, minutes, seconds, zone = time.groups("")
        yield _WITHOUT_SECONDS, f"{date}T{minutes}{zone}"
        yield "a time with a fraction", f"{date}T{minutes}:{seconds}.25{zone}"
        yield _DATE_FOR_A_TIME, date
        yield "a time with an offset", f"{date}T{minutes}:{seconds}+00:00"
        yield _WITHOUT_OFFSET, f"{date}T{minutes}:{seconds}"
        yield _AFTER_A_SPACE, f"{date} {minutes}:{seconds}{zone}"
        yield "small letters", text.lower()


def is_time(text: object) -> TypeGuard[str]:
    """Return whether a value is a date or a time as documents have them."""
    return isinstance(text, str) and bool(_DATE.fullmatch(text) or _TIME.fullmatch(text))


def later(text: str, start: str, end: str) -> str:
    """Return a time that is later by as long as it is from a start to an end, spelled alike.

    A time that no calendar has, or that cannot be compared, is returned as it is.
    """
    try:
        moved = _moment(text) + (_moment(end) - _moment(start))
    except (ValueError, TypeError, OverflowError):
        return text
    written = moved.isoformat()
    if _DATE.fullmatch(text):
        return written.partition("T")[0]
    return written.replace("+00:00", "Z") if text.endswith("Z") else written


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
