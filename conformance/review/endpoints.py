"""Requests to a model behind a chat endpoint of the OpenAI form.

In: an endpoint and a prompt. Out: the text of its answer and its token count, or NoAnswerError with
the reason. One deadline covers all tries. Proxies of the environment are not used, redirects are
not followed, and at most `MAX_BYTES` are read. If an endpoint refuses the requested form of answer,
the request is repeated without it; if it is busy, the request is repeated later.
"""

import asyncio
import json
from typing import Any, Final

import httpx
from msgspec import Struct

from conformance.review.plan import EndpointReviewer
from conformance.review.prompt import SCHEMA, Prompt

# Enough for some thousand claims; an endless answer must not fill the memory
MAX_BYTES: Final = 2 << 20
# One try may be lost to an endpoint that refuses the form of answer
MAX_TRIES: Final = 4
# If a busy endpoint does not say when to retry: 0.5, 1, 2 s
_FIRST_WAIT_S: Final = 0.5
# An endpoint may ask for a wait of hours: then it is busy for the whole review
_LONGEST_WAIT_S: Final = 30.0
_SHOWN_CHARACTERS: Final = 200
_BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_OTHER_FORM: Final = frozenset({400, 422})
_FORM: Final = {
    "type": "json_schema",
    "json_schema": {"name": "review", "strict": True, "schema": SCHEMA},
}


class NoAnswerError(Exception):
    """A reviewer gave no answer; the message is the reason."""


class Completion(Struct, frozen=True, kw_only=True):
    """The text of an answer, and the number of its tokens as the endpoint counted them."""

    text: str
    tokens: int | None = None


async def complete(endpoint: EndpointReviewer, prompt: Prompt, timeout_s: float) -> Completion:
    """Return the answer of an endpoint to a prompt; raises NoAnswerError."""
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
    """Send the request until an answer comes or a retry cannot help."""
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
    """Return the reason of a refusal on one line, after a colon; empty if there is none."""
    reason = " ".join(raw.decode("utf-8", "replace").split())
    return f": {reason[:_SHOWN_CHARACTERS]}" if reason else ""


def _completion(raw: bytes) -> Completion:
    """Parse a chat completion, or the plain form with `content` at the top; raise NoAnswerError."""
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
