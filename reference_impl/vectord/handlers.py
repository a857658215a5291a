"""The endpoints of vectord: from requests to indexes and back.

In: requests. Out: JSON, or the problem that an error of the room is: 404 for what is not there, 409
for an index that exists with other settings, 422 for a vector that cannot be in an index, 503 for a
save that failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET
from starlette.responses import Response

from reference_impl.kit.problem import ProblemError, misfit
from reference_impl.vectord.errors import (
    IndexConflictError,
    SaveFailedError,
    UnfitVectorError,
    UnknownIndexError,
    UnknownItemError,
    VectordError,
)
from reference_impl.vectord.service.admission import admit, admit_items
from reference_impl.vectord.service.search import Query
from reference_impl.vectord.store.changes import Drop, put_of
from reference_impl.vectord.store.graph import DEFAULT_EF
from reference_impl.vectord.wire import (
    ADD_BODY,
    CREATE_BODY,
    INDEX_PATH,
    ITEM_PATH,
    SEARCH_BODY,
    Found,
    Hit,
    IndexDeleted,
    IndexList,
    ItemDeleted,
    ItemsAdded,
    Saved,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from reference_impl.kit.json_body import JsonBodies
    from reference_impl.kit.operation import Endpoint
    from reference_impl.vectord.service.durable_index import DurableIndex
    from reference_impl.vectord.service.indexes import Indexes

_STATUSES = {
    UnknownIndexError: 404,
    UnknownItemError: 404,
    IndexConflictError: 409,
    SaveFailedError: 503,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over all indexes."""

    bodies: JsonBodies
    indexes: Indexes

    async def make(self, request: Request) -> Response:
        """Answer `POST /vectors/index`."""
        settings = await self.bodies.read(request, CREATE_BODY)
        index, is_new = await self.indexes.make(settings)
        return _json(index.state(), 201 if is_new else 200)

    async def list(self, _request: Request) -> Response:
        """Answer `GET /vectors/index`."""
        found = tuple(self.indexes)
        listed = IndexList(indexes=tuple(index.state() for index in found))
        for index in found:
            await index.settled()
        return _json(listed)

    async def describe(self, request: Request) -> Response:
        """Answer `GET /vectors/index/{name}`."""
        index = self._index(request)
        state = index.state()
        await index.settled()
        return _json(state)

    async def delete(self, request: Request) -> Response:
        """Answer `DELETE /vectors/index/{name}`."""
        name = INDEX_PATH.read(request).name
        await self.indexes.delete(name)
        return _json(IndexDeleted(name=name))

    async def add(self, request: Request) -> Response:
        """Answer `POST /vectors/index/{name}/add`."""
        index = self._index(request)
        items = (await self.bodies.read(request, ADD_BODY)).items
        vectors = admit_items(items, index.settings)
        metadata = [msgspec.json.encode(item.metadata) for item in items]
        updated = await index.change(put_of([item.id for item in items], vectors, metadata))
        return _json(ItemsAdded(added=len(items) - updated, updated=updated))

    async def search(self, request: Request) -> Response:
        """Answer `POST /vectors/index/{name}/search`."""
        index = self._index(request)
        asked = await self.bodies.read(request, SEARCH_BODY)
        query = Query(
            vector=admit(asked.vector, index.settings, "/vector"),
            k=asked.k,
            ef=DEFAULT_EF if asked.ef is UNSET else asked.ef,
            excluded=asked.exclude_ids,
            conditions=asked.filter,
        )
        hits = tuple(
            Hit(id=found.id, distance=found.distance, metadata=msgspec.Raw(found.metadata))
            for found in await index.search(query)
        )
        return _json(Found(metric=index.settings.metric, results=hits))

    async def delete_item(self, request: Request) -> Response:
        """Answer `DELETE /vectors/index/{name}/items/{id}`."""
        path = ITEM_PATH.read(request)
        index = self.indexes.find(path.name)
        if path.id not in index or not await index.change(Drop(id=path.id)):
            await index.settled()
            raise UnknownItemError
        return _json(ItemDeleted(id=path.id))

    async def save(self, request: Request) -> Response:
        """Answer `POST /vectors/index/{name}/save`."""
        index = self._index(request)
        generation = await index.save()
        return _json(Saved(name=index.settings.name, generation=generation, count=len(index)))

    def _index(self, request: Request) -> DurableIndex:
        return self.indexes.find(INDEX_PATH.read(request).name)


def telling(endpoint: Callable[[Request], Awaitable[Response]]) -> Endpoint:
    """Wrap an endpoint so that errors of the room become problems."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except UnfitVectorError as error:
            raise misfit(*error.errors) from None
        except VectordError as error:
            raise ProblemError(_STATUSES[type(error)], str(error)) from None

    return answered


def _json(body: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/json")
