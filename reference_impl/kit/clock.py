"""The clock: the source of each time that is stored or answered.

In: nothing, a variable, or a written time. Out: the time as text, in UTC to the millisecond, so
that texts sort in the order of time.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

GIVEN = "CONFORMANCE_CLOCK"

_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]+))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))\Z"
)
_HOURS, _SIXTY = 24, 60


def now_text() -> str:
    """Return the current time, as in `2026-11-25T10:00:00.250Z`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def given_now() -> str:
    """Return the time in the variable `CONFORMANCE_CLOCK`, else the current time.

    With the variable, the output of tools can be compared.

    Raises ValueError if the variable has no valid time.
    """
    given = os.environ.get(GIVEN)
    if given is None:
        return now_text()
    now = utc_time(given)
    if now is None:
        raise ValueError(f"{GIVEN}={given}: wanted a time such as 2026-11-25T12:00:00Z")
    return now


def utc_time(written: str) -> str | None:
    """Return a time as `2026-11-25T12:00:00.000Z`, or None if it is not valid.

    Digits after the milliseconds are cut off.
    """
    found = _TIME.match(written)
    if found is None or not _is_day(found[1]):
        return None
    if int(found[2]) >= _HOURS or int(found[3]) >= _SIXTY or int(found[4]) >= _SIXTY:
        return None
    milliseconds = ((found[5] or "") + "000")[:3]
    if found[6] is None:
        return f"{written[:19]}.{milliseconds}Z"
    if int(found[7]) >= _HOURS or int(found[8]) >= _SIXTY:
        return None
    offset = timedelta(hours=int(found[7]), minutes=int(found[8])) * (1 if found[6] == "+" else -1)
    try:
        there = datetime.fromisoformat(written[:19]).replace(tzinfo=timezone(offset))
        return f"{there.astimezone(timezone.utc).isoformat()[:19]}.{milliseconds}Z"  # noqa: UP017 - beside timezone()
    except OverflowError:
        return None


@lru_cache(maxsize=4096)
def _is_day(written: str) -> bool:
    try:
        datetime.fromisoformat(written)
    except ValueError:
        return False
    return True
