"""The endpoints of validatord: from a request to a verdict, or to an artifact that passes.

In: requests. Out: 200 with a verdict or a result, or 422 with one rejection, all exactly
`application/json`. The kit answers problems of the body; a conversation that chatd refuses is a bad
body, too. `elapsed_ms` is the time for the rules or the model, without that for the arrival of the
body.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from time import monotonic_ns
from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET
from msgspec.structs import replace
from starlette.responses import Response

from reference_impl.kit.operation import Answer, operation
from reference_impl.kit.problem import FieldError, ProblemError, misfit
from reference_impl.validatord.errors import ArtifactError
from reference_impl.validatord.service import iterate, judge
from reference_impl.validatord.store import Roster
from reference_impl.validatord.wire import (
    ITERATE_BODY,
    REJECTIONS,
    VALIDATE_BODY,
    Completion,
    Result,
    Verdict,
    rejection_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from reference_impl.kit.client import DaemonClient
    from reference_impl.kit.json_body import JsonBodies
    from reference_impl.validatord.wire import (
        Context,
        Envelope,
        Finding,
        Message,
        Rejection,
    )

_NS_PER_MS = 1_000_000
_MOST_TOKENS = 4096  # of one attempt
# The statuses of chatd when it refuses the model or the conversation.
_REFUSED = frozenset({413, 422})


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over one configured roster and one chatd."""

    bodies: JsonBodies
    roster: Roster
    chatd: DaemonClient
    iterate_timeout_s: float

    @operation(
        "POST",
        "/validate",
        "Try the rules for an artifact; answer that none fails, or the first that does.",
        body=VALIDATE_BODY,
        answers=(
            Answer(status=200, meaning="No rule fails.", shapes=(Verdict,)),
            Answer(status=422, meaning="A rule fails: one ValidationError.", shapes=REJECTIONS),
        ),
    )
    async def validate(self, request: Request) -> Response:
        """Answer 200 with the findings, or 422 with the first rule that fails."""
        envelope = await self.bodies.read(request, VALIDATE_BODY)
        started_ns = monotonic_ns()
        try:
            findings = self._judge(envelope)
        except ArtifactError as error:
            return _json(422, rejection_of(error))
        return _json(
            200, Verdict(findings=findings, elapsed_ms=(monotonic_ns() - started_ns) // _NS_PER_MS)
        )

    @operation(
        "POST",
        "/iterate",
        "Have a model write an artifact until no rule fails; answer it, or what its last attempt "
        "fails.",
        body=ITERATE_BODY,
        calls=("chatd",),
        answers=(
            Answer(status=200, meaning="An artifact that no rule fails.", shapes=(Result,)),
            Answer(
                status=422,
                meaning="The last attempt fails a rule: one ValidationError.",
                shapes=REJECTIONS,
            ),
        ),
    )
    async def iterate(self, request: Request) -> Response:
        """Answer 200 with an artifact, 422 with the last attempt's failure, or 504 if too late."""
        task = await self.bodies.read(request, ITERATE_BODY)
        if (task.prompt is UNSET) == (task.messages is UNSET):
            raise misfit(
                FieldError("/prompt", "exactly one of prompt and messages is wanted"), status=400
            )
        started_ns = monotonic_ns()
        try:
            async with asyncio.timeout(self.iterate_timeout_s):
                result = await iterate(
                    task, self._roster(task.context), partial(self._complete, task.model)
                )
        except ArtifactError as error:
            return _json(422, rejection_of(error))
        except TimeoutError:
            detail = f"the iteration was not done after {self.iterate_timeout_s:g} s"
            raise ProblemError(504, detail) from None
        return _json(200, replace(result, elapsed_ms=(monotonic_ns() - started_ns) // _NS_PER_MS))

    async def _complete(self, model: str, messages: Sequence[Message]) -> Completion:
        document = {
            "model": model,
            "messages": messages,
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
        }
        try:
            return await self.chatd.ask("POST", "/v1/chat", Completion, document=document)
        except ProblemError as error:
            if error.status not in _REFUSED:
                raise
            raise ProblemError(400, error.detail) from None

    def _judge(self, envelope: Envelope) -> tuple[Finding, ...]:
        return judge(
            envelope.kind, envelope.artifact, envelope.context, self._roster(envelope.context)
        )

    def _roster(self, context: Context) -> Roster:
        return self.roster if context.roster is UNSET else Roster(context.roster)


def _json(status: int, body: Verdict | Result | Rejection) -> Response:
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/json")
