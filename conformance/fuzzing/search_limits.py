"""Limits of a search: its time and its number of requests."""

import time
from typing import Final

from msgspec import Struct

_LAST_PART: Final = 0.25
"""Part of a limited search in which further forms of known causes are looked at as they come."""


class FuzzEndedError(Exception):
    """The time or the number of requests is used up."""


class Limits(Struct, frozen=True, kw_only=True):
    """Limits of a search: a time of the monotonic clock in seconds, and a number of requests.

    `seconds` is the time from the start to the deadline. None is no limit.
    """

    deadline: float | None = None
    seconds: float = 0.0
    requests: int | None = None

    def are_reached(self, requests: int) -> bool:
        """Return whether a search that has sent `requests` requests has to end now."""
        return self._are_within(0, requests)

    def are_near(self, requests: int) -> bool:
        """Return whether a search that has sent `requests` requests is in its last part."""
        return self._are_within(_LAST_PART, requests)

    def _are_within(self, part: float, requests: int) -> bool:
        """Return whether no more than a part of the time or of the requests is left."""
        if self.deadline is not None and time.monotonic() >= self.deadline - self.seconds * part:
            return True
        return self.requests is not None and requests >= self.requests * (1 - part)
