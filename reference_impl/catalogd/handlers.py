"""The endpoints of catalogd: from requests to manifests.

In: requests. Out: manifests; what changed is on the disk before it is answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from reference_impl.catalogd.errors import (
    NoSuchDatasetError,
    RepeatedColumnError,
    SchemaConflictError,
)
from reference_impl.catalogd.service.registration import manifest_of
from reference_impl.catalogd.wire import (
    DATASET_PATH,
    REGISTER_BODY,
    Datasets,
    Manifest,
    SchemaConflict,
)
from reference_impl.kit.problem import MEDIA_TYPE, TITLES, FieldError, ProblemError, misfit

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from reference_impl.catalogd.store import Catalog
    from reference_impl.kit.json_body import JsonBodies


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over one catalog."""

    bodies: JsonBodies
    catalog: Catalog
    new_id: Callable[[], str]
    now: Callable[[], str]

    async def register(self, request: Request) -> Response:
        """Answer `POST /catalog/register`."""
        sent = await self.bodies.read(request, REGISTER_BODY)
        before = self.catalog.find(sent.name)
        try:
            manifest = manifest_of(sent, before, fresh_id=self.new_id(), now=self.now())
        except RepeatedColumnError as error:
            raise misfit(
                FieldError(f"/schema/{error.index}/name", "a column before it has this name")
            ) from None
        except SchemaConflictError as error:
            await self.catalog.settled()
            return _conflict(request, error)
        await self.catalog.put(manifest)
        return _json(manifest, status=200 if before else 201)

    async def list_all(self, _request: Request) -> Response:
        """Answer `GET /catalog/datasets`."""
        datasets = self.catalog.all()
        await self.catalog.settled()
        return _json(Datasets(datasets=datasets))

    async def get(self, request: Request) -> Response:
        """Answer `GET /catalog/datasets/{name}`."""
        manifest = self.catalog.find(DATASET_PATH.read(request).name)
        await self.catalog.settled()
        if manifest is None:
            raise _no_dataset()
        return _json(manifest)

    async def delete(self, request: Request) -> Response:
        """Answer `DELETE /catalog/datasets/{name}`."""
        try:
            await self.catalog.remove(DATASET_PATH.read(request).name)
        except NoSuchDatasetError:
            await self.catalog.settled()
            raise _no_dataset() from None
        return Response(status_code=204)


def _conflict(request: Request, error: SchemaConflictError) -> Response:
    document = SchemaConflict(
        type="about:blank",
        title=TITLES[409],
        status=409,
        detail="the dataset is registered with another schema",
        instance=request.scope["raw_path"].decode("ascii", "backslashreplace"),
        registered_fingerprint=error.registered,
        sent_fingerprint=error.sent,
    )
    return Response(msgspec.json.encode(document), 409, media_type=MEDIA_TYPE)


def _no_dataset() -> ProblemError:
    return ProblemError(404, "no dataset has this name")


def _json(body: Manifest | Datasets, *, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")
