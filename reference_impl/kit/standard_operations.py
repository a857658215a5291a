"""The operations every daemon has: health, metrics and its own description.

In: the daemon's own rows and its ground. Out: rows for the table. `/health` is open even where a
token is set, so that a starter of daemons can see that they are up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec
from starlette.responses import Response

from reference_impl.kit import metrics as metrics_text
from reference_impl.kit.openapi import openapi_bytes
from reference_impl.kit.operation import Answer, Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from reference_impl.kit.operation import Endpoint
    from reference_impl.kit.room import Ground

_JSON = "application/json"


class Health(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A daemon that can serve."""

    status: Literal["ok"]
    service: str
    version: str


def with_standard_operations(
    own: Sequence[Operation], ground: Ground, *, version: str, has_token: bool
) -> tuple[Operation, ...]:
    """Add the standard rows to a daemon's own; the description covers them all."""
    health = msgspec.json.encode(Health(status="ok", service=ground.name, version=version))
    document = b""

    async def tell_health(_request: Request) -> Response:
        return Response(health, media_type=_JSON)

    async def tell_metrics(_request: Request) -> Response:
        return Response(ground.metrics.text(), headers={"content-type": metrics_text.MEDIA_TYPE})

    async def describe(_request: Request) -> Response:
        whole = document if ground.completing is None else await ground.completing(document)
        return Response(whole, media_type=_JSON)

    healthy = Answer(status=200, meaning="It can.", shapes=(Health,))
    counted = Answer(status=200, meaning="Prometheus text.", shapes=(str,), media_type="text/plain")
    described = Answer(status=200, meaning="This document.", shapes=(dict[str, Any],))
    rows = (
        *own,
        _get("/health", "Tell that the daemon can serve.", tell_health, healthy, is_open=True),
        _get("/metrics", "Tell counts, latencies and gauges.", tell_metrics, counted),
        _get("/openapi.json", "Describe this daemon.", describe, described),
    )
    document = openapi_bytes(
        service=ground.name, version=version, operations=rows, has_token=has_token
    )
    return rows


def _get(
    path: str, summary: str, endpoint: Endpoint, answer: Answer, *, is_open: bool = False
) -> Operation:
    return Operation(
        name=path.strip("/").partition(".")[0],
        method="GET",
        path=path,
        summary=summary,
        endpoint=endpoint,
        answers=(answer,),
        is_open=is_open,
    )
