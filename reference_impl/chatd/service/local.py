"""The local provider: deterministic, without a network, from the conversation alone.

In: a conversation. Out: if a system message asks for a JSON object, the object of the conversation,
revised as its last message demands; otherwise sentences of the context. It extracts and edits by
fixed rules, without understanding: text that no rule covers stays unchanged. The same conversation
gives the same bytes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from reference_impl.chatd.service.draft import find_draft, written_by
from reference_impl.chatd.service.extraction import extract, sentences_of
from reference_impl.chatd.service.revision import revise
from reference_impl.chatd.service.tokens import clip, count_tokens
from reference_impl.chatd.wire import Completion, Usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reference_impl.chatd.wire import Chat, Message

# For a caller that sets no limit.
_MOST_TOKENS = 1024


class LocalProvider:
    """Answers every model whose name begins with `local`."""

    prefix = "local"
    name = "local"

    async def complete(self, chat: Chat) -> Completion:
        """Return the completion, computed in a thread: a long conversation takes a while."""
        return await asyncio.to_thread(complete_locally, chat)


def complete_locally(chat: Chat) -> Completion:
    """Return the completion of one conversation."""
    limit = chat.max_tokens if isinstance(chat.max_tokens, int) else _MOST_TOKENS
    content = clip(_answer(chat.messages), limit)
    asked = sum(count_tokens(message.content) for message in chat.messages)
    usage = Usage(prompt_tokens=asked, completion_tokens=count_tokens(content))
    return Completion(model="local", content=content, usage=usage)


def _answer(messages: Sequence[Message]) -> str:
    if any("json object" in text.casefold() for text in written_by("system", messages)):
        draft = find_draft(messages)
        if draft is not None:
            return msgspec.json.encode(revise(draft, messages)).decode()
    *before, last = messages
    *context, question = sentences_of(last.content) or [""]
    return extract(question, [*(message.content for message in before), *context])
