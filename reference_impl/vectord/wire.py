"""The shapes on the wire of vectord.

In: bodies, which the kit fits to the structs below. Out: the structs of the answers, which are also
the source of the OpenAPI schemas. Numbers of a vector are 32-bit floats. A distance is rounded to
six decimals, the precision of these floats, and a smaller one is nearer: `cosine` is 1 - cos, from
0 to 2; `l2` the Euclidean distance; `dot` the negative inner product.

A filter has conditions on members of an item's metadata, and all must hold: a value (equal, as
JSON: true is not 1, 1 is 1.0), a list (equal to one of its elements) or bounds `{gt, gte, lt, lte}`
on numbers or on strings. If the metadata has a list, one of its elements is enough. A condition on
an absent member never holds.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reference_impl.kit.json_body import JsonShape
from reference_impl.kit.parameters import Parameters

NAME_PATTERN = (
    r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$(?!\n)"  # a `$` alone also matches before a last line feed
)
# A limit of the wire: a larger k would rather list the index.
LARGEST_K = 1_000

Metric = Literal["cosine", "l2", "dot"]
Id = Annotated[str, Meta(min_length=1, max_length=512)]
Vector = Annotated[list[float], Meta(min_length=1, max_length=4_096)]
Scalar = str | int | float | bool | None
Count = Annotated[int, Meta(ge=0)]


class IndexPath(msgspec.Struct, frozen=True, kw_only=True):
    """The name of an index in a path."""

    name: Annotated[str, Meta(description="name of the index")]


class ItemPath(IndexPath, frozen=True, kw_only=True):
    """The name of an index and the id of an item in a path."""

    id: Annotated[str, Meta(description="id of the item")]


class IndexSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /vectors/index`: the settings of an index, which never change."""

    name: Annotated[str, Meta(pattern=NAME_PATTERN)]
    dim: Annotated[int, Meta(ge=1, le=4_096)]
    metric: Metric = "cosine"
    m: Annotated[int, Meta(ge=2, le=64)] = 16
    ef_construction: Annotated[int, Meta(ge=8, le=800)] = 200


class IndexState(IndexSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The description of an index as of now."""

    count: Count
    searched: Annotated[
        Literal["exactly", "by graph"],
        Meta(description="how a search goes: few items are compared one by one"),
    ]
    generation: Annotated[int, Meta(ge=0, description="the newest save, 0 before the first")]
    is_saved: Annotated[
        bool, Meta(description="whether that save holds all; what it does not is in the log")
    ]


class IndexList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All indexes, sorted by name."""

    indexes: tuple[IndexState, ...]


class IndexDeleted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer for a deleted index."""

    name: str
    deleted: Literal[True] = True


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A vector with its id and its metadata."""

    id: Id
    vector: Vector
    metadata: dict[str, Any] = {}  # msgspec copies it


class Items(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /vectors/index/{name}/add`: all of it is kept, or none."""

    items: Annotated[list[Item], Meta(min_length=1)]


class ItemsAdded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many items are new, and how many replaced one of the same id."""

    added: Count
    updated: Count


class ItemDeleted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer for a deleted item."""

    id: str
    deleted: Literal[True] = True


class Bounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bounds on a number or a string; a value of the other kind is outside."""

    gt: float | str | UnsetType = UNSET
    gte: float | str | UnsetType = UNSET
    lt: float | str | UnsetType = UNSET
    lte: float | str | UnsetType = UNSET


Condition = Scalar | list[Scalar] | Bounds


class Search(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /vectors/index/{name}/search`."""

    vector: Vector
    k: Annotated[int, Meta(ge=1, le=LARGEST_K)]
    ef: Annotated[int, Meta(ge=1, le=4_000)] | UnsetType = UNSET
    exclude_ids: Annotated[list[str], Meta(max_length=10_000)] = []  # msgspec copies it
    filter: dict[str, Condition] = {}  # msgspec copies it


class Hit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item that was found."""

    id: str
    distance: float
    metadata: Annotated[msgspec.Raw, Meta(extra_json_schema={"type": "object"})]


class Found(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The nearest items by distance; equal ones by id."""

    metric: Metric
    results: tuple[Hit, ...]


class Saved(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A save with everything that was acknowledged before it was requested."""

    name: str
    generation: Count
    count: Count


INDEX_PATH = Parameters(place="path", kind=IndexPath)
ITEM_PATH = Parameters(place="path", kind=ItemPath)
CREATE_BODY = JsonShape(kind=IndexSettings)
ADD_BODY = JsonShape(kind=Items)
SEARCH_BODY = JsonShape(kind=Search)
