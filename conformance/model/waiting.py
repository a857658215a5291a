"""When an answer is enough: where to cut an endless one, and what to wait for.

The first is for an answer that need not end. The second is what an answer that is not ready yet
must become.
"""

from dataclasses import dataclass

from conformance.model.expectation import Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAfter:
    """Where an answer that need not end is cut; one of the three.

    `events` is how many events, or lines, are read; `match` a pattern of RE2, found in the last
    event that is read; `ms` the time in milliseconds after which all whole events are kept.
    """

    events: int | None = None
    match: str | None = None
    ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """A step is repeated until its answer is as `wanted`.

    This takes `within_ms` at most, with pauses of `every_ms`.
    """

    wanted: Expectation
    within_ms: int
    every_ms: int
