"""Upstreams: models behind an OpenAI-compatible API.

In: a conversation. Out: the upstream's completion, or a `ChatError`. One request is sent once, over
its own connection, to an address that was checked; no redirects, proxies or cookies; one deadline
for the whole call and a limit on the answer. The key, and anything from an upstream except the
completion, never reaches a caller or a log.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import httpx
import msgspec
from msgspec import Meta

from reference_impl.chatd.errors import (
    BusyProviderError,
    ChatError,
    LateProviderError,
    RefusedChatError,
    UnusableAnswerError,
)
from reference_impl.chatd.service.address import look_up
from reference_impl.chatd.wire import Completion, Usage
from reference_impl.kit.strict_json import JsonError, MisfitError, fit, parse

if TYPE_CHECKING:
    from reference_impl.chatd.config import Reach
    from reference_impl.chatd.wire import Chat

_SECONDS = re.compile(r"[0-9]{1,4}")  # a longer wait, or a date, is not passed on
_NOT_TAKEN = frozenset({400, 404, 413, 422})
_LATE = frozenset({408, 504})


class _Message(msgspec.Struct, frozen=True):
    content: str


class _Choice(msgspec.Struct, frozen=True):
    message: _Message


class _Answer(msgspec.Struct, frozen=True):
    """The members of an upstream's answer that are read; it may have more."""

    model: str
    choices: Annotated[tuple[_Choice, ...], Meta(min_length=1)]
    usage: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamProvider:
    """Answers with the models of one upstream."""

    prefix: str
    name: str
    url: httpx.URL
    key: str | None
    reach: Reach
    timeout_s: float
    limit_bytes: int
    transport: httpx.AsyncBaseTransport

    async def complete(self, chat: Chat) -> Completion:
        """Send the conversation to the upstream once and return its completion.

        Raises ChatError.
        """
        try:
            async with asyncio.timeout(self.timeout_s):
                return _completion(await self._ask(chat))
        except TimeoutError:
            raise LateProviderError(
                f"the upstream gave no whole answer within {self.timeout_s:g} s"
            ) from None
        except httpx.TransportError:
            raise UnusableAnswerError("the upstream cannot be reached, or broke off") from None

    async def _ask(self, chat: Chat) -> bytes:
        response = await self.transport.handle_async_request(await self._request(chat))
        try:
            _require_success(response)
            return await self._body(response)
        finally:
            await response.aclose()

    async def _request(self, chat: Chat) -> httpx.Request:
        port = self.url.port or {"http": 80, "https": 443}[self.url.scheme]
        address = await look_up(self.url.host, port, self.reach)
        headers = {
            "host": self.url.netloc.decode("ascii"),
            "content-type": "application/json",
            "accept": "application/json",
            "accept-encoding": "identity",
            "connection": "close",
            **({"authorization": f"Bearer {self.key}"} if self.key else {}),
        }
        return httpx.Request(
            "POST",
            self.url.copy_with(host=address),
            headers=headers,
            content=msgspec.json.encode(chat),
            extensions={"sni_hostname": self.url.host},
        )

    async def _body(self, response: httpx.Response) -> bytes:
        chunks = bytearray()
        async for chunk in response.aiter_raw():
            chunks += chunk
            if len(chunks) > self.limit_bytes:
                raise UnusableAnswerError(
                    f"the upstream's answer is over the limit of {self.limit_bytes} bytes"
                )
        return bytes(chunks)


def _require_success(response: httpx.Response) -> None:
    status = response.status_code
    if status != 200:  # noqa: PLR2004  # the one status of a completion
        raise _failure(status, response.headers.get("retry-after", ""))
    if response.headers.get("content-encoding", "identity") != "identity":
        raise UnusableAnswerError("the upstream's answer is encoded, though it was not to be")


def _failure(status: int, retry_after: str) -> ChatError:
    failure = f"the upstream answered {status}"
    if status == 429:  # noqa: PLR2004  # Too Many Requests
        return BusyProviderError(
            failure, retry_after_s=int(retry_after) if _SECONDS.fullmatch(retry_after) else None
        )
    if status in _NOT_TAKEN:
        return RefusedChatError(f"{failure}: it does not take this model or this conversation")
    if status in _LATE:
        return LateProviderError(failure)
    return UnusableAnswerError(failure)


def _completion(body: bytes) -> Completion:
    try:
        answer = fit(parse(body), _Answer)
    except (JsonError, MisfitError):
        raise UnusableAnswerError("the upstream's answer is not a chat completion") from None
    return Completion(
        model=answer.model, content=answer.choices[0].message.content, usage=answer.usage
    )
