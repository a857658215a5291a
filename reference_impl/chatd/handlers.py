"""The endpoints of chatd: from a conversation to a completion.

In: requests. Out: 200 with an answer, or the problem that a `ChatError` stands for. The clock of
`latency_ms` runs while the provider works, not while a body arrives.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic_ns
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from reference_impl.chatd.errors import ChatError, UnknownModelError
from reference_impl.chatd.wire import CHAT_BODY, ChatAnswer, Models
from reference_impl.kit.problem import FieldError, ProblemError, misfit

if TYPE_CHECKING:
    from starlette.requests import Request

    from reference_impl.chatd.service import Providers
    from reference_impl.kit.json_body import JsonBodies

_NS_PER_MS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over the configured providers."""

    bodies: JsonBodies
    providers: Providers

    async def chat(self, request: Request) -> Response:
        """Answer `POST /chat`."""
        chat = await self.bodies.read(request, CHAT_BODY)
        started_ns = monotonic_ns()
        try:
            provider = self.providers.of(chat.model)
            completion = await provider.complete(chat)
        except UnknownModelError as error:
            raise misfit(FieldError("/model", error.detail)) from None
        except ChatError as error:
            wait_s = error.retry_after_s
            headers = {} if wait_s is None else {"retry-after": str(wait_s)}
            raise ProblemError(error.status, error.detail, headers=headers) from None
        answer = ChatAnswer(
            model=completion.model,
            provider=provider.name,
            content=completion.content,
            usage=completion.usage,
            latency_ms=(monotonic_ns() - started_ns) // _NS_PER_MS,
        )
        return Response(msgspec.json.encode(answer), media_type="application/json")

    async def models(self, _request: Request) -> Response:
        """Answer `GET /chat/models`."""
        return Response(
            msgspec.json.encode(Models(models=self.providers.models())),
            media_type="application/json",
        )
