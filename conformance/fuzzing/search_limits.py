"""Limits of a search: its time and its number of requests."""

import time

from msgspec import Struct


class FuzzEndedError(Exception):
    """The time or the number of requests is used up."""


class Limits(Struct, frozen=True, kw_only=True):
    """Limits of a search: a time of the monotonic clock in seconds, and a number of requests.

    None is no limit.
    """

    deadline: float | None = None
    requests: int | None = None

    def are_reached(self, requests: int) -> bool:
        """Return whether a search that has sent `requests` requests has to end now."""
        if self.deadline is not None and time.monotonic() >= self.deadline:
            return True
        return self.requests is not None and requests >= self.requests
