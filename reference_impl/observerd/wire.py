"""The shapes on the wire of observerd, one of which is also the line on its disk.

In: bodies, which the kit fits to `Event`. Out: the frozen structs below, which are also the source
of the OpenAPI schemas. Unknown members of an event are refused; a source's own data goes into
`data`.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  # msgspec reads the annotation
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reference_impl.kit.json_body import JsonShape
from reference_impl.kit.parameters import Parameters

# A limit of the wire: a page is read in one go by a thread.
MOST_EVENTS = 1000

_LARGEST = 2**53 - 1  # the largest integer that every JSON reader keeps exactly (RFC 7493)

Word = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9._:/@-]{0,99}\Z")]
Seq = Annotated[int, Meta(ge=1, le=_LARGEST)]
Count = Annotated[int, Meta(ge=0, le=_LARGEST)]


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /observer/event`: the source of an event, and its outcome."""

    source: Word
    outcome: Word
    message: Annotated[str, Meta(max_length=4096)] | UnsetType = UNSET
    occurred_at: Annotated[datetime, Meta(tz=True)] | UnsetType = UNSET
    data: dict[str, Any] | UnsetType = UNSET


class Witnessed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event with its number among all events: `seq` counts from 1 without a gap."""

    seq: Seq
    recorded_at: str
    event: Event


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The event is on the disk; `after` is the cursor of the page that begins with it."""

    seq: Seq
    recorded_at: str
    after: Count


class Page(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Events in their order; `next_after` is the cursor of the next page."""

    events: Annotated[tuple[Witnessed, ...], Meta(max_length=MOST_EVENTS)]
    next_after: Count
    has_more: bool


class Tally(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The number of events with one source and outcome."""

    source: str
    outcome: str
    count: Count


class Stats(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The number of events by source and outcome.

    `others` counts the events above the number of pairs that are counted separately.
    """

    total: Count
    tallies: tuple[Tally, ...]
    others: Count


class PageQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The query of `GET /observer/events`."""

    after: Annotated[
        int, Meta(ge=0, le=_LARGEST, description="the cursor: events with a larger seq")
    ] = 0
    limit: Annotated[
        int, Meta(ge=1, le=MOST_EVENTS, description="most events of the page; it may hold fewer")
    ] = 100


class StatsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The query of `GET /observer/stats`."""

    source: Annotated[Word | None, Meta(description="count the events of this source alone")] = None


EVENT_BODY = JsonShape(kind=Event)
PAGE_QUERY = Parameters(place="query", kind=PageQuery)
STATS_QUERY = Parameters(place="query", kind=StatsQuery)
