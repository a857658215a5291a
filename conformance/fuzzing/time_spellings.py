"""Other spellings of a date or time, and times that are later by the length of a range.

Values near the usual time are accepted where it is the start or end of a range, so they show what
is stored. A time in another year may be refused only because the range is wrong.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, TypeGuard

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")

_WITHOUT_SECONDS: Final = "a time without seconds"
_WITHOUT_OFFSET: Final = "a time without an offset"
_AFTER_A_SPACE: Final = "a time after a space"
_DATE_FOR_A_TIME: Final = "a date for a time"
SPELLINGS: Final = frozenset({_WITHOUT_SECONDS, _WITHOUT_OFFSET, _AFTER_A_SPACE, _DATE_FOR_A_TIME})
"""Entries of spellings that a parser accepts or refuses in the same way for every member."""


def spellings_of_time(text: str) -> Iterator[tuple[str, str]]:
    """Yield other spellings of a date or time and values near it, each with its name."""
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
    """Return whether a value is a text with a date or time in an ISO 8601 form."""
    return isinstance(text, str) and bool(_DATE.fullmatch(text) or _TIME.fullmatch(text))


def later(text: str, start: str, end: str) -> str:
    """Return a time moved by the distance from `start` to `end`, in the same form.

    A time that cannot be parsed or moved is returned unchanged.
    """
    try:
        return moved_by(text, _moment(end) - _moment(start))
    except (ValueError, TypeError):
        return text


def moved_by(text: str, distance: timedelta) -> str:
    """Return a time that is later by a distance, spelled alike; the same where there is none."""
    try:
        moved = _moment(text) + distance
    except (ValueError, OverflowError):
        return text
    written = moved.isoformat()
    if _DATE.fullmatch(text):
        return written.partition("T")[0]
    return written.replace("+00:00", "Z") if text.endswith("Z") else written


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
