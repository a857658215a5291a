"""Registrations: how one changes a dataset.

In: the request's body, the dataset before it, a fresh id and the time. Out: the dataset after it,
or an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_impl.catalogd.errors import RepeatedColumnsError, SchemaConflictError
from reference_impl.catalogd.service.fingerprint import fingerprint_of
from reference_impl.catalogd.wire import Manifest

if TYPE_CHECKING:
    from reference_impl.catalogd.wire import Registration


def manifest_of(
    sent: Registration, before: Manifest | None, *, fresh_id: str, now: str
) -> Manifest:
    """Return the manifest after a registration.

    A dataset that existed keeps its id and its time of registration.

    Raises RepeatedColumnsError and SchemaConflictError.
    """
    _refuse_repeated_columns(sent)
    fingerprint = fingerprint_of(sent.schema)
    if before is not None and before.schema_fingerprint != fingerprint:
        raise SchemaConflictError(registered=before.schema_fingerprint, sent=fingerprint)
    return Manifest(
        dataset_id=before.dataset_id if before else fresh_id,
        name=sent.name,
        schema=sent.schema,
        schema_fingerprint=fingerprint,
        objects=sent.objects,
        row_count=sent.row_count,
        registered_at=before.registered_at if before else now,
        updated_at=now,
    )


def _refuse_repeated_columns(sent: Registration) -> None:
    first: dict[str, int] = {}
    for index, column in enumerate(sent.schema):
        first.setdefault(column.name.casefold(), index)
    repeated = set(range(len(sent.schema))) - set(first.values())
    if repeated:
        raise RepeatedColumnsError(tuple(sorted(repeated)))
