"""The daemons that matrixd calls: embedd for vectors, vectord for the nearest items.

In: texts, vectors and names of indexes. Out: the answers of the daemons, or their problems, which
are passed on to the caller.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from reference_impl.matrixd.wire import (
    Corpus,
    Embedded,
    EmbeddedQuery,
    IndexAdded,
    IndexFound,
    IndexList,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import msgspec

    from reference_impl.kit.client import DaemonClient

_INDEXES = "/vectors/index"
_KNOWN_QUERIES = 4_096  # of some 4 KiB each


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryVector:
    """The vector of a query, as JSON that is passed on unchanged."""

    dim: int
    json: msgspec.Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The clients of embedd and vectord, and a cache of query vectors."""

    embedd: DaemonClient
    vectord: DaemonClient
    _known: OrderedDict[str, QueryVector] = field(default_factory=OrderedDict)

    async def embed_query(self, text: str) -> QueryVector:
        """Return a text's vector, from the cache of the last `_KNOWN_QUERIES` if it is there.

        A cached vector stays right while embedd's model is the same; the default model is fixed by
        release.
        """
        known = self._known.pop(text, None)
        if known is None:
            answer = await self.embedd.ask(
                "POST", "/embed", EmbeddedQuery, document={"texts": [text]}
            )
            known = QueryVector(dim=answer.dim, json=answer.vectors[0].copy())
        self._known[text] = known
        if len(self._known) > _KNOWN_QUERIES:
            self._known.popitem(last=False)
        return known

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return the vectors of texts."""
        answer = await self.embedd.ask("POST", "/embed", Embedded, document={"texts": texts})
        return answer.vectors

    async def search(self, index: str, query: Mapping[str, Any]) -> IndexFound:
        """Return the items of one index that a search finds."""
        return await self.vectord.ask("POST", f"{_path(index)}/search", IndexFound, document=query)

    async def indexes(self) -> IndexList:
        """Return all indexes."""
        return await self.vectord.ask("GET", _INDEXES, IndexList)

    async def make(self, settings: Mapping[str, Any]) -> None:
        """Create an index, unless there is one with these settings."""
        await self.vectord.ask("POST", _INDEXES, Corpus, document=settings, expected=(200, 201))

    async def put(self, index: str, item: Mapping[str, Any]) -> bool:
        """Add an item, and return whether it replaced one."""
        answer = await self.vectord.ask(
            "POST", f"{_path(index)}/add", IndexAdded, document={"items": [item]}
        )
        return answer.updated > 0


def _path(index: str) -> str:
    return f"{_INDEXES}/{quote(index, safe='')}"
