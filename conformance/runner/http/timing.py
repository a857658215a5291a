"""When the parts of a body arrived: only this shows that a stream is held back to its end."""

from collections.abc import Sequence
from typing import Final

ALL_AT_THE_END: Final = "all-at-the-end"
_LATE: Final = 0.9
"""A share of the time to the last byte.  A stream sends bytes at its first event; a stream that is
held back sends none before its last event.
"""
_LEAST_MS: Final = 50.0
"""In less time two events cannot be told apart: a packet may wait for 40 ms (RFC 1122, section
4.2.3.2).
"""


def timing_notes(arrivals: Sequence[tuple[float, int]]) -> tuple[str, ...]:
    """Return a note if the whole body arrived at the end.

    Each arrival is a pair: milliseconds since the request, and the bytes that had come by then.
    """
    if not arrivals:
        return ()
    first, last = arrivals[0][0], arrivals[-1][0]
    return (ALL_AT_THE_END,) if last >= _LEAST_MS and first >= last * _LATE else ()
