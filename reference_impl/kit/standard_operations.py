"""The operations that every daemon has: health, metrics and its own description.

In: the daemon's own rows and its ground. Out: all rows. `/health` needs no token, so that a program
that starts daemons can see that they are up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec
from starlette.responses import Response

from reference_impl.kit import metrics as metrics_text
from reference_impl.kit.openapi import openapi_bytes
from reference_impl.kit.operation import Answer, Operation, operation, operations_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from reference_impl.kit.room import Ground

_JSON = "application/json"


class Health(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer of a daemon that can serve."""

    status: Literal["ok"]
    service: str
    version: str


def with_standard_operations(
    own: Sequence[Operation], ground: Ground, *, version: str, has_token: bool
) -> tuple[Operation, ...]:
    """Return a daemon's own rows and the standard ones; the description covers all."""
    standard = _StandardHandlers(ground, version)
    rows = (*own, *operations_of(standard))
    standard.document = openapi_bytes(
        service=ground.name, version=version, operations=rows, has_token=has_token
    )
    return rows


class _StandardHandlers:
    """Endpoints over one ground; `document` is set once all rows are known."""

    def __init__(self, ground: Ground, version: str) -> None:
        self._ground = ground
        self._health = msgspec.json.encode(
            Health(status="ok", service=ground.name, version=version)
        )
        self.document = b""

    @operation(
        "GET",
        "/health",
        "Report that the daemon can serve.",
        answers=(Answer(status=200, meaning="It can.", shapes=(Health,)),),
        is_open=True,
    )
    async def health(self, _request: Request) -> Response:
        return Response(self._health, media_type=_JSON)

    @operation(
        "GET",
        "/metrics",
        "Return counts, latencies and gauges.",
        answers=(
            Answer(status=200, meaning="Prometheus text.", shapes=(str,), media_type="text/plain"),
        ),
    )
    async def metrics(self, _request: Request) -> Response:
        text = self._ground.metrics.text()
        return Response(text, headers={"content-type": metrics_text.MEDIA_TYPE})

    @operation(
        "GET",
        "/openapi.json",
        "Describe this daemon.",
        answers=(Answer(status=200, meaning="This document.", shapes=(dict[str, Any],)),),
    )
    async def openapi(self, _request: Request) -> Response:
        complete = self._ground.completing
        whole = self.document if complete is None else await complete(self.document)
        return Response(whole, media_type=_JSON)
