"""Asking a model behind a chat endpoint of the OpenAI form.

In: an endpoint and a prompt. Out: the text of its answer and the tokens it counted, or
NoAnswerError with the reason. One deadline covers all tries. No proxy of the environment is used,
no redirect followed, and no more read than `MAX_BYTES`. An endpoint that refuses a form of answer
is asked again without one; one that is busy, when it says.
"""

import asyncio
import json
from typing import Any, Final

import httpx
from msgspec import Struct

from conformance.review.plan import EndpointReviewer
from conformance.review.prompt import SCHEMA, Prompt

# Some thousand claims are shorter; an answer without an end must not fill the memory
MAX_BYTES: Final = 2 << 20
# One of them may go to an endpoint that refuses the form of answer
MAX_TRIES: Final = 4
# Where a busy endpoint does not say when to retry: 0.5, 1, 2 s. One that does may ask for hours
_FIRST_WAIT_S: Final = 0.5
# A reviewer that asks for longer is busy for the whole review
_LONGEST_WAIT_S: Final = 30.0
_SHOWN_CHARACTERS: Final = 200
_BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_OTHER_FORM: Final = frozenset({400, 422})
_FORM: Final = {
    "type": "json_schema",
    "json_schema": {"name": "review", "strict": True, "schema": SCHEMA},
}


class NoAnswerError(Exception):
    """A reviewer gave no answer; the message says why."""


class Completion(Struct, frozen=True, kw_only=True):
    """What an endpoint answered, and how many tokens it says that took."""

    text: str
    tokens: int | None = None


async def complete(endpoint: EndpointReviewer, prompt: Prompt, timeout_s: float) -> Completion:
    """Ask an endpoint; raises NoAnswerError."""
    headers = {"authorization": f"Bearer {endpoint.token}"} if endpoint.token else {}
    body: dict[str, Any] = {
        "model": endpoint.model,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": prompt.rules},
            {"role": "user", "content": prompt.change},
        ],
        "response_format": _FORM,
    }
    try:
        async with (
            asyncio.timeout(timeout_s),
            httpx.AsyncClient(trust_env=False, timeout=timeout_s, headers=headers) as client,
        ):
            return await _persist(client, endpoint.url, body)
    except TimeoutError:
        raise NoAnswerError(f"no answer within {timeout_s:g} s") from None
    except httpx.HTTPError as error:
        raise NoAnswerError(f"{type(error).__name__}: {error}") from error


async def _persist(client: httpx.AsyncClient, url: str, body: dict[str, Any]) -> Completion:
    """Ask until there is an answer, or no hope of one."""
    refusal = ""
    for attempt in range(MAX_TRIES):
        status, wait_s, raw = await _ask(client, url, body)
        if status == httpx.codes.OK:
            return _completion(raw)
        refusal = f"HTTP {status}{_reason(raw)}"
        if status in _OTHER_FORM and body.pop("response_format", None) is not None:
            continue
        if status not in _BUSY:
            break
        pause_s = wait_s if wait_s is not None else _FIRST_WAIT_S * 2**attempt
        await asyncio.sleep(min(_LONGEST_WAIT_S, pause_s))
    raise NoAnswerError(refusal)


async def _ask(
    client: httpx.AsyncClient, url: str, body: dict[str, Any]
) -> tuple[int, float | None, bytes]:
    async with client.stream(
        "POST", url, json=body, headers={"accept-encoding": "identity"}
    ) as response:
        received = bytearray()
        async for chunk in response.aiter_raw():
            received += chunk
            if len(received) > MAX_BYTES:
                raise NoAnswerError(f"the answer is longer than {MAX_BYTES} bytes")
        wait = response.headers.get("retry-after", "")
        return response.status_code, float(wait) if wait.isdecimal() else None, bytes(received)


def _reason(raw: bytes) -> str:
    """Return why an endpoint refused, on one line; nothing where it gives no reason."""
    reason = " ".join(raw.decode("utf-8", "replace").split())
    return f": {reason[:_SHOWN_CHARACTERS]}" if reason else ""


def _completion(raw: bytes) -> Completion:
    """Read a chat completion, or the plain form that has `content` at the top."""
    try:
        document = json.loads(raw)
        choices = document.get("choices")
        text = choices[0]["message"]["content"] if choices is not None else document["content"]
        tokens = (document.get("usage") or {}).get("completion_tokens")
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise NoAnswerError("the answer is no chat completion") from None
    if not isinstance(text, str) or not text.strip():
        raise NoAnswerError("the answer is empty")
    return Completion(text=text, tokens=tokens if isinstance(tokens, int) else None)
