"""The daemons that matrixd asks: embedd for vectors, vectord for what is near to them.

In: texts, vectors and names of indexes. Out: what the daemons answered, or the problem they had, passed on to the
caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from reference_impl.matrixd.wire import Corpus, Embedded, IndexAdded, IndexFound, IndexList

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reference_impl.kit.client import DaemonClient

_INDEXES = "/vectors/index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The ways to both."""

    embedd: DaemonClient
    vectord: DaemonClient

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Give the vectors of texts."""
        answer = await self.embedd.ask("POST", "/embed", Embedded, document={"texts": texts})
        return answer.vectors

    async def search(self, index: str, query: Mapping[str, Any]) -> IndexFound:
        """Search one index."""
        return await self.vectord.ask("POST", f"{_path(index)}/search", IndexFound, document=query)

    async def indexes(self) -> IndexList:
        """List the indexes."""
        return await self.vectord.ask("GET", _INDEXES, IndexList)

    async def make(self, settings: Mapping[str, Any]) -> None:
        """Make an index, unless there is one with these settings."""
        await self.vectord.ask("POST", _INDEXES, Corpus, document=settings, expected=(200, 201))

    async def put(self, index: str, item: Mapping[str, Any]) -> bool:
        """Add an item, and tell whether it replaced one."""
        answer = await self.vectord.ask("POST", f"{_path(index)}/add", IndexAdded, document={"items": [item]})
        return answer.updated > 0


def _path(index: str) -> str:
    return f"{_INDEXES}/{quote(index, safe='')}"
