"""The endpoints of matrixd: from requests to the rules and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from reference_impl.matrixd.service import playbooks
from reference_impl.matrixd.service.relevance import rate
from reference_impl.matrixd.service.search import search_corpora
from reference_impl.matrixd.wire import (
    RECORD_BODY,
    RELEVANCE_BODY,
    SEARCH_BODY,
    CorpusList,
    Recorded,
)

if TYPE_CHECKING:
    from starlette.requests import Request

    from reference_impl.kit.json_body import JsonBodies
    from reference_impl.matrixd.service.neighbours import Neighbours


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over the daemons that are asked."""

    bodies: JsonBodies
    neighbours: Neighbours

    async def search(self, request: Request) -> Response:
        """Answer `POST /matrix/search`."""
        asked = await self.bodies.read(request, SEARCH_BODY)
        return _json(await search_corpora(self.neighbours, asked))

    async def record(self, request: Request) -> Response:
        """Answer `POST /matrix/playbooks/record`."""
        playbook = await self.bodies.read(request, RECORD_BODY)
        playbook_id, updated = await playbooks.record(self.neighbours, playbook)
        return _json(Recorded(playbook_id=playbook_id, index=playbooks.INDEX, updated=updated))

    async def rate(self, request: Request) -> Response:
        """Answer `POST /matrix/relevance`."""
        asked = await self.bodies.read(request, RELEVANCE_BODY)
        return _json(await rate(self.neighbours, asked))

    async def list_corpora(self, _request: Request) -> Response:
        """Answer `GET /matrix/corpora`: the indexes but for that of the playbooks."""
        listed = await self.neighbours.indexes()
        corpora = sorted(
            (index for index in listed.indexes if index.name != playbooks.INDEX),
            key=lambda row: row.name,
        )
        return _json(CorpusList(corpora=tuple(corpora)))


def _json(body: Any) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json")
