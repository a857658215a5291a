"""The draft in a conversation: the JSON object that it is about.

In: messages. Out: the last object that the assistant wrote; else the last one of the user; else one
made from the lines `name: text` of the last message; None if there is none of these.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from reference_impl.kit.json_in_text import objects_in
from reference_impl.kit.strict_json import JsonError, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reference_impl.chatd.wire import Message

_LINE = re.compile(r"^[ \t]*([a-z][a-z_]{0,63}):[ \t]+(\S.*)$", re.MULTILINE)


def find_draft(messages: Sequence[Message]) -> dict[str, Any] | None:
    """Return the object that the conversation is about, or None."""
    for text in chain(written_by("assistant", messages), written_by("user", messages)):
        if objects := objects_in(text):
            return objects[-1]
    return {
        name: _value(text.strip()) for name, text in _LINE.findall(messages[-1].content)
    } or None


def written_by(role: str, messages: Sequence[Message]) -> Iterator[str]:
    """Yield the texts of the messages of a role, the last one first."""
    return (message.content for message in reversed(messages) if message.role == role)


def _value(text: str) -> Any:
    """Return a list, an object or a quoted string parsed as JSON, and anything else as text."""
    if not text.startswith(("[", "{", '"')):
        return text
    try:
        return parse(text.encode())
    except JsonError:
        return text
