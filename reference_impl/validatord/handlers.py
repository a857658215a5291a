"""The endpoint of validatord: from a request to a verdict.

In: requests. Out: 200 with a verdict or 422 with one rejection, both exactly `application/json`. Problems of the body
are the kit's. The clock of `elapsed_ms` runs while the rules are tried, not while a body arrives.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic_ns
from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET
from starlette.responses import Response

from reference_impl.validatord.errors import ArtifactError
from reference_impl.validatord.service import judge
from reference_impl.validatord.store import Roster
from reference_impl.validatord.wire import VALIDATE_BODY, Verdict, rejection_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from reference_impl.kit.json_body import JsonBodies
    from reference_impl.validatord.wire import Envelope, Finding, Rejection

_NS_PER_MS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over one configured roster."""

    bodies: JsonBodies
    roster: Roster

    async def validate(self, request: Request) -> Response:
        """Answer `POST /validate`."""
        envelope = await self.bodies.read(request, VALIDATE_BODY)
        started_ns = monotonic_ns()
        try:
            findings = self._judge(envelope)
        except ArtifactError as error:
            return _json(422, rejection_of(error))
        return _json(200, Verdict(findings=findings, elapsed_ms=(monotonic_ns() - started_ns) // _NS_PER_MS))

    def _judge(self, envelope: Envelope) -> tuple[Finding, ...]:
        sent = envelope.context.roster
        roster = self.roster if sent is UNSET else Roster(sent)
        return judge(envelope.kind, envelope.artifact, envelope.context, roster)


def _json(status: int, body: Verdict | Rejection) -> Response:
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/json")
