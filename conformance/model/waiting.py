"""When an answer is enough: where to cut an endless one, and what to wait for.

The first is for an answer that need not end. The second is what an answer that is not ready yet
must become.
"""

from msgspec import Struct

from conformance.model.expectation import Expectation


class StopAfter(Struct, frozen=True, kw_only=True):
    """Where an answer that need not end is cut; one of the three.

    `events` is how many events, or lines, are read; `match` a pattern of RE2, found in the last
    event that is read; `ms` the time in milliseconds after which all whole events are kept.
    """

    events: int | None = None
    match: str | None = None
    ms: int | None = None


class Until(Struct, frozen=True, kw_only=True):
    """A step is repeated until its answer is as `wanted`.

    This takes `within_ms` at most, with pauses of `every_ms`.
    """

    wanted: Expectation
    within_ms: int
    every_ms: int
