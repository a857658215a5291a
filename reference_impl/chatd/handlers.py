"""The endpoints of chatd: from a conversation to a completion.

In: requests. Out: 200 with an answer, or the problem document of a `ChatError`. `latency_ms` is the
time that the provider works; the arrival of the body is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic_ns
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from reference_impl.chatd.errors import ChatError, UnknownModelError
from reference_impl.chatd.wire import CHAT_BODY, ChatAnswer, Models
from reference_impl.kit.operation import Answer, operation
from reference_impl.kit.problem import MEDIA_TYPE, FieldError, Problem, ProblemError, misfit

if TYPE_CHECKING:
    from starlette.requests import Request

    from reference_impl.chatd.service import Providers
    from reference_impl.kit.json_body import JsonBodies

_NS_PER_MS = 1_000_000
_RETRY_AFTER = ("Retry-After", "Seconds to wait, if the provider said so.")


def _failure(status: int, meaning: str, *headers: tuple[str, str]) -> Answer:
    return Answer(
        status=status, meaning=meaning, shapes=(Problem,), media_type=MEDIA_TYPE, headers=headers
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over the configured providers."""

    bodies: JsonBodies
    providers: Providers

    @operation(
        "POST",
        "/chat",
        "Send a conversation to the provider of its model.",
        body=CHAT_BODY,
        answers=(
            Answer(status=200, meaning="The completion.", shapes=(ChatAnswer,)),
            _failure(422, "No provider has this model, or it does not take the conversation."),
            _failure(429, "The provider wants fewer calls.", _RETRY_AFTER),
            _failure(502, "The provider cannot be reached, or gave no usable answer."),
            _failure(504, "The provider gave no whole answer in time."),
        ),
    )
    async def chat(self, request: Request) -> Response:
        """Answer with the completion from the model's provider."""
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

    @operation(
        "GET",
        "/chat/models",
        "List the models that can be asked, by the prefixes of their names.",
        answers=(Answer(status=200, meaning="All of them.", shapes=(Models,)),),
    )
    async def chat_models(self, _request: Request) -> Response:
        """Answer with the models of all providers."""
        return Response(
            msgspec.json.encode(Models(models=self.providers.models())),
            media_type="application/json",
        )
