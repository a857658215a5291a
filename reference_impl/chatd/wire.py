"""The shapes on the wire of chatd: conversations in, completions out.

In: bodies that the kit fits to `Chat`. Out: the frozen structs below, which are also the source of
the OpenAPI schemas. Unknown members of a request are refused.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reference_impl.kit.json_body import JsonShape

Count = Annotated[int, Meta(ge=0)]


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: Annotated[str, Meta(max_length=262_144)]


class Chat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /chat`.

    The local provider ignores `temperature`: it makes no random choice.
    """

    model: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}\Z")]
    messages: Annotated[tuple[Message, ...], Meta(min_length=1, max_length=256)]
    temperature: Annotated[float, Meta(ge=0, le=2)] | UnsetType = UNSET
    max_tokens: Annotated[int, Meta(ge=1, le=32_768)] | UnsetType = UNSET


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of tokens, as the provider counts them."""

    prompt_tokens: Count
    completion_tokens: Count


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's answer to a conversation."""

    model: str
    content: str
    usage: Usage


class ChatAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A completion, its provider, and its time in milliseconds."""

    model: str
    provider: str
    content: str
    usage: Usage
    latency_ms: Count


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The models of a provider: all whose names begin with `prefix`."""

    prefix: str
    provider: str


class Models(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All models of all providers."""

    models: tuple[Model, ...]


CHAT_BODY = JsonShape(kind=Chat)
