"""The settings of chatd: those of every daemon, and the upstreams it may call."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from reference_impl.kit.settings import Settings

Reach = Literal["public", "private", "loopback"]


class UpstreamSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One allowed upstream: a table of `[[daemon.chatd.upstreams]]`."""

    prefix: Annotated[
        str, Meta(min_length=1, description="models whose names begin so are asked here")
    ]
    url: Annotated[
        str, Meta(description="base URL of an OpenAI-compatible API; /chat/completions is added")
    ]
    key_env: Annotated[str | None, Meta(description="environment variable with the API key")] = None
    key_file: Annotated[
        str | None, Meta(description="file with the API key, readable by its owner only")
    ] = None
    reach: Annotated[Reach, Meta(description="the only network its address may be in")] = "public"


class Config(Settings, frozen=True, kw_only=True):
    """What can be set in `[daemon.chatd]` and by flags."""

    upstreams: Annotated[
        tuple[UpstreamSettings, ...],
        Meta(description="allowed: prefix, url, reach, key_env or key_file"),
    ] = ()
    # A model writes a few hundred tokens in this time; an iteration of validatord has 50 s.
    upstream_timeout_s: Annotated[
        float, Meta(gt=0, description="longest wait for an upstream's whole answer")
    ] = 30.0
    upstream_answer_bytes: Annotated[
        int, Meta(ge=1, description="longest answer of an upstream")
    ] = 8 * 1024 * 1024
