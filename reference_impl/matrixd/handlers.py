"""The endpoints of matrixd: from requests to answers of the service modules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from reference_impl.kit.operation import Answer, operation, refusal
from reference_impl.matrixd.service import playbooks
from reference_impl.matrixd.service.relevance import rate
from reference_impl.matrixd.service.search import search_corpora
from reference_impl.matrixd.wire import (
    RECORD_BODY,
    RELEVANCE_BODY,
    SEARCH_BODY,
    CorpusList,
    MatrixFound,
    Rated,
    Recorded,
)

if TYPE_CHECKING:
    from starlette.requests import Request

    from reference_impl.kit.json_body import JsonBodies
    from reference_impl.matrixd.service.neighbours import Neighbours


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over the daemons that matrixd calls."""

    bodies: JsonBodies
    neighbours: Neighbours

    @operation(
        "POST",
        "/matrix/search",
        "Find the best items of several corpora, recorded answers first where playbooks are used.",
        body=SEARCH_BODY,
        calls=("embedd", "vectord"),
        answers=(Answer(status=200, meaning="The best items.", shapes=(MatrixFound,)),),
    )
    async def search(self, request: Request) -> Response:
        """Answer with the best items of all corpora."""
        asked = await self.bodies.read(request, SEARCH_BODY)
        return _json(await search_corpora(self.neighbours, asked))

    @operation(
        "POST",
        "/matrix/playbooks/record",
        "Record that an item answered a query; recorded again, it is replaced.",
        body=RECORD_BODY,
        calls=("embedd", "vectord"),
        answers=(
            Answer(status=200, meaning="It is kept.", shapes=(Recorded,)),
            refusal(409, "The playbooks are of another model."),
        ),
    )
    async def record_playbook(self, request: Request) -> Response:
        """Answer once vectord has stored the playbook."""
        playbook = await self.bodies.read(request, RECORD_BODY)
        playbook_id, updated = await playbooks.record(self.neighbours, playbook)
        return _json(Recorded(playbook_id=playbook_id, index=playbooks.INDEX, updated=updated))

    @operation(
        "POST",
        "/matrix/relevance",
        "Rate how relevant passages are to a query.",
        body=RELEVANCE_BODY,
        calls=("embedd",),
        answers=(Answer(status=200, meaning="The ratings.", shapes=(Rated,)),),
    )
    async def rate_relevance(self, request: Request) -> Response:
        """Answer with a rating for each passage, in their order."""
        asked = await self.bodies.read(request, RELEVANCE_BODY)
        return _json(await rate(self.neighbours, asked))

    @operation(
        "GET",
        "/matrix/corpora",
        "List what can be searched.",
        calls=("vectord",),
        answers=(Answer(status=200, meaning="All corpora.", shapes=(CorpusList,)),),
    )
    async def list_corpora(self, _request: Request) -> Response:
        """Answer with all indexes except that of the playbooks."""
        listed = await self.neighbours.indexes()
        corpora = sorted(
            (index for index in listed.indexes if index.name != playbooks.INDEX),
            key=lambda row: row.name,
        )
        return _json(CorpusList(corpora=tuple(corpora)))


def _json(body: Any) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json")
