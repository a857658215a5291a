"""The endpoints of vectord: from requests to indexes and back.

In: requests. Out: JSON, or the problem document of an error: 404 for an unknown index or item, 409
for an index that exists with other settings, 422 for a vector that does not fit, 503 for a failed
save.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import UNSET
from starlette.requests import Request
from starlette.responses import Response

from reference_impl.kit.operation import Answer, operation, refusal
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
    IndexState,
    ItemDeleted,
    ItemsAdded,
    Saved,
)

if TYPE_CHECKING:
    from reference_impl.kit.json_body import JsonBodies
    from reference_impl.vectord.service.durable_index import DurableIndex
    from reference_impl.vectord.service.indexes import Indexes

_STATUSES = {
    UnknownIndexError: 404,
    UnknownItemError: 404,
    IndexConflictError: 409,
    SaveFailedError: 503,
}


_INDEX = "/vectors/index/{name}"
_NO_INDEX = refusal(404, "There is no such index.")
_NO_ITEM = refusal(404, "There is no such index or item.")
_CONFLICT = refusal(409, "An index of this name has other settings.")
_BROKEN = refusal(503, "It cannot be stored; its log says why.")

H = TypeVar("H", bound="Handlers")
Handler = Callable[[H, Request], Awaitable[Response]]


def _with_problems(handler: Handler[H]) -> Handler[H]:
    """Return a handler that raises errors of the room as problems."""

    @wraps(handler)
    async def answered(handlers: H, request: Request) -> Response:
        try:
            return await handler(handlers, request)
        except UnfitVectorError as error:
            raise misfit(*error.errors) from None
        except VectordError as error:
            raise ProblemError(_STATUSES[type(error)], str(error)) from None

    return answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over all indexes."""

    bodies: JsonBodies
    indexes: Indexes

    @operation(
        "POST",
        "/vectors/index",
        "Create an index; if it exists with the same settings, return it.",
        body=CREATE_BODY,
        answers=(
            Answer(status=200, meaning="It was there.", shapes=(IndexState,)),
            Answer(status=201, meaning="It is new.", shapes=(IndexState,)),
            _CONFLICT,
        ),
    )
    @_with_problems
    async def make_index(self, request: Request) -> Response:
        """Answer 201 for a new index, 200 for an existing one."""
        settings = await self.bodies.read(request, CREATE_BODY)
        index, is_new = await self.indexes.make(settings)
        return _json(index.state(), 201 if is_new else 200)

    @operation(
        "GET",
        "/vectors/index",
        "List the indexes, sorted by name.",
        answers=(Answer(status=200, meaning="All there are.", shapes=(IndexList,)),),
    )
    @_with_problems
    async def list_indexes(self, _request: Request) -> Response:
        """Answer once all listed changes are on the disk."""
        found = tuple(self.indexes)
        listed = IndexList(indexes=tuple(index.state() for index in found))
        for index in found:
            await index.settled()
        return _json(listed)

    @operation(
        "GET",
        _INDEX,
        "Describe an index.",
        parameters=(INDEX_PATH,),
        answers=(
            Answer(status=200, meaning="Its state.", shapes=(IndexState,)),
            _NO_INDEX,
        ),
    )
    @_with_problems
    async def describe_index(self, request: Request) -> Response:
        """Answer once all changes that the state counts are on the disk."""
        index = self._index(request)
        state = index.state()
        await index.settled()
        return _json(state)

    @operation(
        "DELETE",
        _INDEX,
        "Delete an index with all its items.",
        parameters=(INDEX_PATH,),
        answers=(
            Answer(status=200, meaning="It is gone.", shapes=(IndexDeleted,)),
            _NO_INDEX,
        ),
    )
    @_with_problems
    async def delete_index(self, request: Request) -> Response:
        """Answer once the index is gone from the disk."""
        name = INDEX_PATH.read(request).name
        await self.indexes.delete(name)
        return _json(IndexDeleted(name=name))

    @operation(
        "POST",
        f"{_INDEX}/add",
        "Add items, or replace those of the same ids: all or none, on the disk before the answer.",
        body=ADD_BODY,
        parameters=(INDEX_PATH,),
        answers=(
            Answer(status=200, meaning="They are kept.", shapes=(ItemsAdded,)),
            _NO_INDEX,
            _BROKEN,
        ),
    )
    @_with_problems
    async def add_items(self, request: Request) -> Response:
        """Answer with how many are new and how many were replaced."""
        index = self._index(request)
        items = (await self.bodies.read(request, ADD_BODY)).items
        vectors = admit_items(items, index.settings)
        metadata = [msgspec.json.encode(item.metadata) for item in items]
        updated = await index.change(put_of([item.id for item in items], vectors, metadata))
        return _json(ItemsAdded(added=len(items) - updated, updated=updated))

    @operation(
        "POST",
        f"{_INDEX}/search",
        "Find the k nearest items, by distance and then by id.",
        body=SEARCH_BODY,
        parameters=(INDEX_PATH,),
        answers=(
            Answer(status=200, meaning="The nearest items.", shapes=(Found,)),
            _NO_INDEX,
        ),
    )
    @_with_problems
    async def search(self, request: Request) -> Response:
        """Answer with the nearest items that the conditions allow."""
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

    @operation(
        "DELETE",
        f"{_INDEX}/items/{{id:path}}",
        "Delete an item.",
        parameters=(ITEM_PATH,),
        answers=(
            Answer(status=200, meaning="It is gone.", shapes=(ItemDeleted,)),
            _NO_ITEM,
            _BROKEN,
        ),
    )
    @_with_problems
    async def delete_item(self, request: Request) -> Response:
        """Answer once the deletion is on the disk."""
        path = ITEM_PATH.read(request)
        index = self.indexes.find(path.name)
        if path.id not in index or not await index.change(Drop(id=path.id)):
            await index.settled()
            raise UnknownItemError
        return _json(ItemDeleted(id=path.id))

    @operation(
        "POST",
        f"{_INDEX}/save",
        "Save an index now, so that a restart need not read its log.",
        parameters=(INDEX_PATH,),
        answers=(
            Answer(status=200, meaning="A save holds it all.", shapes=(Saved,)),
            _NO_INDEX,
            _BROKEN,
        ),
    )
    @_with_problems
    async def save_index(self, request: Request) -> Response:
        """Answer once the save is on the disk."""
        index = self._index(request)
        generation = await index.save()
        return _json(Saved(name=index.settings.name, generation=generation, count=len(index)))

    def _index(self, request: Request) -> DurableIndex:
        return self.indexes.find(INDEX_PATH.read(request).name)


def _json(body: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/json")
