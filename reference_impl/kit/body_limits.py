"""The limits of a request's body: its length, and its time.

`whole_s` limits the time from its first byte to its last, `idle_s` each wait for more of it. So an
upload that may take a minute ends after `idle_s` if nothing more arrives.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLimits:
    """The limits of a daemon for one body."""

    size_bytes: int
    whole_s: float
    idle_s: float
