"""The shapes on the wire of pathwayd, one of which is also the line on its disk.

In: bodies, which the kit fits to the drafts below. Out: frozen structs, which are also the source
of the OpenAPI schemas. Unknown members of a request are refused; a caller's own data goes into
`metadata`. A member without a value is absent.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reference_impl.kit.json_body import JsonShape
from reference_impl.kit.parameters import Parameters

# Limits of the wire (docs/daemons.md).
MOST_RESULTS = 100
MOST_VERSIONS = 100

_LARGEST = 2**53 - 1  # the largest integer that every JSON reader keeps exactly (RFC 7493)

Uid = Annotated[str, Meta(min_length=1, max_length=64)]
Title = Annotated[str, Meta(min_length=1, max_length=200)]
Body = Annotated[str, Meta(max_length=32_768)]
Tags = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...], Meta(max_length=32)]
Metadata = dict[str, Any]


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of a trace: the body of `POST /pathway/{uid}/revise`."""

    title: Title
    body: Body = ""
    tags: Tags = ()
    metadata: Metadata = {}


class Draft(Content, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /pathway/add`: a trace may have an existing one as its predecessor."""

    predecessor: Uid | UnsetType = UNSET


class KeyedDraft(Draft, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /pathway/add_idempotent`: without `key`, its content is the key."""

    key: Annotated[str, Meta(min_length=1, max_length=200)] | UnsetType = UNSET


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /pathway/{uid}/update`: its members replace those of the trace."""

    title: Title | UnsetType = UNSET
    body: Body | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    metadata: Metadata | UnsetType = UNSET
    predecessor: (
        Annotated[Uid | None, Meta(description="null: it has none any more")] | UnsetType
    ) = UNSET


class Trace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of a trace.

    Versions count from 1; `created_at` is the time of the first, `updated_at` that of this one.
    """

    uid: Uid
    version: Annotated[int, Meta(ge=1, le=_LARGEST)]
    state: Literal["active", "retired"]
    title: Title
    body: Body
    tags: Tags
    metadata: Metadata
    created_at: str
    updated_at: str
    predecessor: Uid | UnsetType = UNSET


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the log: a new version of a trace, and the key it was added under, if any."""

    trace: Trace
    key: str | UnsetType = UNSET


class Search(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /pathway/search`: only traces with all tags are found."""

    query: Annotated[str, Meta(min_length=1, max_length=1000)]
    tags: Tags = ()
    limit: Annotated[int, Meta(ge=1, le=MOST_RESULTS)] = 10


class Hit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A trace that was found, and its score."""

    score: Annotated[float, Meta(gt=0)]
    trace: Trace


class Hits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The best results, best first; equal ones in the order of their uids.

    `total` counts all that fit.
    """

    results: Annotated[tuple[Hit, ...], Meta(max_length=MOST_RESULTS)]
    total: Annotated[int, Meta(ge=0)]


class History(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Versions of a trace, oldest first, and the uids of its predecessors, nearest first."""

    uid: Uid
    versions: Annotated[tuple[Trace, ...], Meta(max_length=MOST_VERSIONS)]
    has_more: bool
    predecessors: tuple[Uid, ...]


class TracePath(msgspec.Struct, frozen=True, kw_only=True):
    """The path parameters of one trace."""

    uid: Annotated[str, Meta(description="the trace")]


class HistoryQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The query of `GET /pathway/{uid}/history`."""

    after: Annotated[int, Meta(ge=0, le=_LARGEST, description="the cursor: larger versions")] = 0
    limit: Annotated[
        int, Meta(ge=1, le=MOST_VERSIONS, description="most versions of the answer")
    ] = MOST_VERSIONS


DRAFT_BODY = JsonShape(kind=Draft)
KEYED_DRAFT_BODY = JsonShape(kind=KeyedDraft)
CHANGE_BODY = JsonShape(kind=Change)
CONTENT_BODY = JsonShape(kind=Content)
SEARCH_BODY = JsonShape(kind=Search)
TRACE_PATH = Parameters(place="path", kind=TracePath)
HISTORY_QUERY = Parameters(place="query", kind=HistoryQuery)
