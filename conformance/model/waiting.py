"""When a step is done: where an answer without an end is cut, and when a step is repeated."""

from msgspec import Struct

from conformance.model.expectation import Expectation


class StopAfter(Struct, frozen=True, kw_only=True):
    """Where an answer that need not end is cut; one of the three members is set.

    `events` is the number of events, or lines, to read; `match` is an RE2 pattern that is found in
    the last event to read; `ms` is the time in milliseconds after which all whole events are kept.
    """

    events: int | None = None
    match: str | None = None
    ms: int | None = None


class Until(Struct, frozen=True, kw_only=True):
    """The condition for repeating a step: until its answer is as `wanted`.

    This takes `within_ms` at most, with pauses of `every_ms`.
    """

    wanted: Expectation
    within_ms: int
    every_ms: int
