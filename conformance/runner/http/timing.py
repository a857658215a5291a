"""When the parts of a body came: what a stream that is held back shows, and nothing else does."""

from collections.abc import Sequence
from typing import Final

ALL_AT_THE_END: Final = "all-at-the-end"
_LATE: Final = 0.9
"""Of the time to the last byte.  A stream begins with its first event; one that is held back, with
its last.
"""
_LEAST_MS: Final = 50.0
"""In less no two events can be told apart from one: a packet may wait for 40 ms (RFC 1122, section
4.2.3.2).
"""


def timing_notes(arrivals: Sequence[tuple[float, int]]) -> tuple[str, ...]:
    """Return a note that the whole body arrived at the end.

    The input is milliseconds since the request and how much there was then.
    """
    if not arrivals:
        return ()
    first, last = arrivals[0][0], arrivals[-1][0]
    return (ALL_AT_THE_END,) if last >= _LEAST_MS and first >= last * _LATE else ()
