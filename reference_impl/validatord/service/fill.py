"""The rules for fills: the workers that are proposed for the open places of a shift.

Schema rules check all entries one after the other: first that all are objects, then that all have
their members. Consistency is checked fill by fill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from reference_impl.validatord.errors import (
    ArtifactCompletenessError,
    ArtifactConsistencyError,
    ArtifactSchemaError,
)
from reference_impl.validatord.wire import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reference_impl.validatord.store import Roster
    from reference_impl.validatord.wire import Context

_MEMBERS = ("worker_id", "name")
_PLACES = ("city", "state", "role")
_NO_TARGET = Finding(
    severity="info",
    field="context.target_count",
    message="no target_count: completeness was not checked",
)


def judge_fill(
    artifact: Mapping[str, Any], context: Context, roster: Roster
) -> tuple[Finding, ...]:
    """Check a list of fills by all rules.

    Raises the ArtifactError of the first rule that fails.
    """
    fills = _fills_of(artifact)
    if context.target_count is not UNSET and len(fills) != context.target_count:
        raise ArtifactCompletenessError(
            f"{len(fills)} fills for a target of {context.target_count}"
        )
    _require_consistency(fills, context, roster)
    return (_NO_TARGET,) if context.target_count is UNSET else ()


def _fills_of(artifact: Mapping[str, Any]) -> list[dict[str, str]]:
    fills = artifact.get("fills")
    if not isinstance(fills, list) or not fills:
        raise ArtifactSchemaError("fills", "be a non-empty list")
    for index, fill in enumerate(fills):
        if not isinstance(fill, dict):
            raise ArtifactSchemaError(f"fills[{index}]", "be an object")
    for index, fill in enumerate(fills):
        for member in _MEMBERS:
            if not isinstance(fill.get(member), str):
                raise ArtifactSchemaError(f"fills[{index}].{member}", "be a string")
    return fills


def _require_consistency(
    fills: Sequence[Mapping[str, str]], context: Context, roster: Roster
) -> None:
    used: set[str] = set()
    for fill in fills:
        worker_id = fill["worker_id"]
        _require_fitting_worker(worker_id, fill["name"], context, roster)
        if worker_id in used:
            raise ArtifactConsistencyError(f"worker {worker_id} is used more than once")
        used.add(worker_id)


def _require_fitting_worker(worker_id: str, name: str, context: Context, roster: Roster) -> None:
    worker = roster.find(worker_id)
    if worker is None:
        raise ArtifactConsistencyError(f"worker {worker_id} is not on the roster")
    if worker.name != name:
        raise ArtifactConsistencyError(
            f"worker {worker_id} is on the roster as {worker.name}, not {name}"
        )
    if worker.status != "active":
        raise ArtifactConsistencyError(f"worker {worker_id} has status {worker.status}, not active")
    for place in _PLACES:
        wanted = getattr(context, place)
        actual = getattr(worker, place)
        if wanted is not UNSET and wanted != actual:
            raise ArtifactConsistencyError(f"worker {worker_id} has {place} {actual}, not {wanted}")
