"""The endpoints of catalogd: from requests to manifests.

In: requests. Out: manifests. A change is on the disk before it is answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from reference_impl.catalogd.errors import (
    NoSuchDatasetError,
    RepeatedColumnsError,
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
from reference_impl.kit.operation import Answer, operation, refusal
from reference_impl.kit.problem import MEDIA_TYPE, TITLES, FieldError, ProblemError, misfit

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from reference_impl.catalogd.store import Catalog
    from reference_impl.kit.json_body import JsonBodies

_DATASET = "/catalog/datasets/{name}"
_ABSENT = refusal(404, "No dataset has this name.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over one catalog."""

    bodies: JsonBodies
    catalog: Catalog
    new_id: Callable[[], str]
    now: Callable[[], str]

    @operation(
        "POST",
        "/catalog/register",
        "Register a dataset, or new objects of one with the same schema; it keeps its id.",
        body=REGISTER_BODY,
        answers=(
            Answer(
                status=200, meaning="It was registered before with this schema.", shapes=(Manifest,)
            ),
            Answer(status=201, meaning="It is new.", shapes=(Manifest,)),
            Answer(
                status=409,
                meaning="It is registered with another schema. Fingerprints are the SHA-256 of a "
                "schema's RFC 8785 canonical JSON.",
                shapes=(SchemaConflict,),
                media_type=MEDIA_TYPE,
            ),
        ),
    )
    async def register_dataset(self, request: Request) -> Response:
        """Answer 201 for a new name, 200 for a known one, 409 for another schema."""
        sent = await self.bodies.read(request, REGISTER_BODY)
        before = self.catalog.find(sent.name)
        try:
            manifest = manifest_of(sent, before, fresh_id=self.new_id(), now=self.now())
        except RepeatedColumnsError as error:
            raise misfit(*map(_repeated_column, error.indexes)) from None
        except SchemaConflictError as error:
            await self.catalog.settled()
            return _conflict(request, error)
        await self.catalog.put(manifest)
        return _json(manifest, status=200 if before else 201)

    @operation(
        "GET",
        "/catalog/datasets",
        "List all datasets in the order of their names.",
        answers=(Answer(status=200, meaning="All of them.", shapes=(Datasets,)),),
    )
    async def list_datasets(self, _request: Request) -> Response:
        """Answer once all listed datasets are on the disk."""
        datasets = self.catalog.all()
        await self.catalog.settled()
        return _json(Datasets(datasets=datasets))

    @operation(
        "GET",
        _DATASET,
        "Return one dataset.",
        parameters=(DATASET_PATH,),
        answers=(Answer(status=200, meaning="Its manifest.", shapes=(Manifest,)), _ABSENT),
    )
    async def get_dataset(self, request: Request) -> Response:
        """Answer once the dataset that was found is on the disk."""
        manifest = self.catalog.find(DATASET_PATH.read(request).name)
        await self.catalog.settled()
        if manifest is None:
            raise _no_dataset()
        return _json(manifest)

    @operation(
        "DELETE",
        _DATASET,
        "Delete a dataset. Its objects stay in storaged, where their owner deletes them.",
        parameters=(DATASET_PATH,),
        answers=(Answer(status=204, meaning="It is forgotten.", media_type=None), _ABSENT),
    )
    async def delete_dataset(self, request: Request) -> Response:
        """Answer once the deletion is on the disk."""
        try:
            await self.catalog.remove(DATASET_PATH.read(request).name)
        except NoSuchDatasetError:
            await self.catalog.settled()
            raise _no_dataset() from None
        return Response(status_code=204)


def _repeated_column(index: int) -> FieldError:
    return FieldError(f"/schema/{index}/name", "a column before it has this name")


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
