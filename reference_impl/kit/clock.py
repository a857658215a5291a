"""The clock: where a time that is kept or told comes from.

In: nothing. Out: the time as text, UTC to the millisecond, so that texts sort as times do.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now_text() -> str:
    """Tell the time, as in `2026-11-25T10:00:00.250Z`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
