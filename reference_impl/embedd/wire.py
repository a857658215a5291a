"""The shapes on the wire of embedd.

In: bodies, which the kit fits to `EmbedBody`. Out: the structs below, which are also the source of
the OpenAPI schemas. A vector has unit length; its numbers are rounded to six decimals.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reference_impl.kit.json_body import JsonShape

Vector = Annotated[
    msgspec.Raw, Meta(extra_json_schema={"type": "array", "items": {"type": "number"}})
]
Text = Annotated[str, Meta(max_length=32_768)]


class EmbedBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /embed`."""

    texts: Annotated[list[Text], Meta(min_length=1, max_length=4_096)]
    model: str | UnsetType = UNSET


class Embedded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The vectors of the texts, in their order."""

    model: str
    dim: Annotated[int, Meta(ge=1)]
    vectors: list[Vector]


class ModelState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model, and whether it is installed here."""

    name: str
    dim: Annotated[int, Meta(ge=1)]
    about: str
    is_installed: bool


class ModelList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All models."""

    default: str
    models: tuple[ModelState, ...]


EMBED_BODY = JsonShape(kind=EmbedBody)
