"""The shapes on the wire of matrixd, and of its calls to embedd and vectord.

In: bodies, which the kit fits to the structs below. Out: the structs of the answers, which are also
the source of the OpenAPI schemas. A larger score is better: for `cosine` it is the cosine, from -1
to 1, for `dot` the inner product, for `l2` 1 / (1 + distance); scores of different metrics are not
normalized. A filter is passed on to vectord, which defines its syntax.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reference_impl.kit.json_body import JsonShape

Count = Annotated[int, Meta(ge=0)]
Text = Annotated[str, Meta(min_length=1, max_length=32_768)]
Vector = Annotated[list[float], Meta(min_length=1, max_length=4_096)]
Id = Annotated[str, Meta(min_length=1, max_length=512)]
Metric = Literal["cosine", "l2", "dot"]
Metadata = Annotated[
    msgspec.Raw, Meta(extra_json_schema={"type": "object"})
]  # passed on as vectord wrote it
HowMany = Annotated[int, Meta(ge=1, le=1_000)]


class MatrixSearch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /matrix/search`; it has either `query_text` or `vector`."""

    corpora: Annotated[list[Id], Meta(min_length=1, max_length=16)]
    k: HowMany
    query_text: Text | UnsetType = UNSET
    vector: Vector | UnsetType = UNSET
    per_corpus_k: HowMany | UnsetType = UNSET
    exclude_ids: Annotated[list[str], Meta(max_length=10_000)] = []  # msgspec copies it
    filter: dict[str, Any] = {}  # msgspec copies it
    use_playbook: bool = False


class MatrixHit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item of a corpus; `boost` is the part of its score that playbooks gave it."""

    corpus: str
    id: str
    score: float
    boost: float
    metadata: Metadata


class MatrixFound(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The best items of all corpora by score; equal ones by corpus and id."""

    results: tuple[MatrixHit, ...]
    playbooks: Annotated[
        int, Meta(ge=0, description="recorded playbooks whose query is near to this one")
    ]


class Playbook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /matrix/playbooks/record`: how well a corpus item answered this query."""

    query_text: Text
    answer_id: Id
    answer_corpus: Id
    score: Annotated[float, Meta(ge=0, le=1)]
    tags: Annotated[list[str], Meta(max_length=64)] = []  # msgspec copies it


class Recorded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stored playbook; the same query, corpus and answer have the same id."""

    playbook_id: str
    index: str
    updated: bool


class Passage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text to be rated."""

    id: Id
    text: Text


class Relevance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /matrix/relevance`."""

    query_text: Text
    passages: Annotated[list[Passage], Meta(min_length=1, max_length=1_000)]


class Rating(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How relevant a passage is: the cosine of its vector with the query's, and a word for it."""

    id: str
    score: float
    rating: Literal["high", "some", "none"]


class Rated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ratings, in the order of the passages."""

    ratings: tuple[Rating, ...]


class Corpus(msgspec.Struct, frozen=True, kw_only=True):
    """An index of vectord that can be searched."""

    name: str
    dim: Annotated[int, Meta(ge=1)]
    metric: Metric
    count: Count


class CorpusList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All corpora, sorted by name."""

    corpora: tuple[Corpus, ...]


class Embedded(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of embedd."""

    vectors: list[list[float]]


class EmbeddedQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of embedd for a single text, whose vector is passed on unchanged."""

    dim: int
    vectors: Annotated[list[msgspec.Raw], Meta(min_length=1, max_length=1)]


class IndexHit(msgspec.Struct, frozen=True, kw_only=True):
    """An item that vectord found."""

    id: str
    distance: float
    metadata: Metadata


class IndexFound(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of vectord to a search."""

    metric: Metric
    results: list[IndexHit]


class IndexAdded(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of vectord to added items."""

    updated: int


class IndexList(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of vectord with all indexes."""

    indexes: list[Corpus]


SEARCH_BODY = JsonShape(kind=MatrixSearch)
RECORD_BODY = JsonShape(kind=Playbook)
RELEVANCE_BODY = JsonShape(kind=Relevance)
