"""The bounds of a request's body: how long it may be, and how long it may take.

`whole_s` bounds the body from its first byte to its last, `idle_s` each wait for more of it. So an
upload that may take a minute ends after `idle_s` where nothing more of it comes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLimits:
    """What a daemon allows for one body."""

    size_bytes: int
    whole_s: float
    idle_s: float
