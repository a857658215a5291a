"""The composition of chatd: from settings to an open room with its table of operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx

from reference_impl.chatd.config import Config
from reference_impl.chatd.handlers import Handlers
from reference_impl.chatd.service import (
    LocalProvider,
    Provider,
    Providers,
    SmallModel,
    UpstreamProvider,
)
from reference_impl.chatd.service.small_model import installed_weights
from reference_impl.chatd.wire import CHAT_BODY, ChatAnswer, Models
from reference_impl.kit.bearer import read_secret
from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import Answer, Operation
from reference_impl.kit.problem import MEDIA_TYPE, Problem
from reference_impl.kit.room import Room
from reference_impl.kit.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.chatd.config import UpstreamSettings
    from reference_impl.kit.room import Ground

NAME = "chatd"

_MOST_CALLS = 64  # of upstreams at a time; further ones wait within their deadline

_FAILURES = {
    422: "No provider has this model, or it does not take the conversation.",
    429: "The provider wants fewer calls.",
    502: "The provider cannot be reached, or gave no usable answer.",
    504: "The provider gave no whole answer in time.",
}
_HEADERS = {429: (("Retry-After", "Seconds to wait, if the provider said so."),)}


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Make the providers and give the table.

    Raises SettingsError when an upstream cannot be used as it is configured.
    """
    providers = Providers(_providers(config))
    ground.metrics.gauge(
        "chatd_providers", "Providers that can be asked.", lambda: len(providers.models())
    )
    handlers = Handlers(bodies=JsonBodies(config.body_limits), providers=providers)
    failures = (
        Answer(
            status=status,
            meaning=said,
            shapes=(Problem,),
            media_type=MEDIA_TYPE,
            headers=_HEADERS.get(status, ()),
        )
        for status, said in _FAILURES.items()
    )
    yield (
        Operation(
            name="chat",
            method="POST",
            path="/chat",
            summary="Send a conversation to the provider of its model.",
            endpoint=handlers.chat,
            body=CHAT_BODY,
            answers=(
                Answer(status=200, meaning="The completion.", shapes=(ChatAnswer,)),
                *failures,
            ),
        ),
        Operation(
            name="chat_models",
            method="GET",
            path="/chat/models",
            summary="List the models that can be asked, by the prefixes of their names.",
            endpoint=handlers.models,
            answers=(Answer(status=200, meaning="All of them.", shapes=(Models,)),),
        ),
    )


def _providers(config: Config) -> list[Provider]:
    providers: list[Provider] = [LocalProvider()]
    weights = installed_weights()
    if weights is not None:
        providers.append(SmallModel(weights, config.upstream_timeout_s))
    if config.upstreams:
        limits = httpx.Limits(max_connections=_MOST_CALLS, max_keepalive_connections=0)
        transport = httpx.AsyncHTTPTransport(trust_env=False, limits=limits)
        providers += [_upstream(settings, config, transport) for settings in config.upstreams]
    prefixes = [provider.prefix for provider in providers]
    for prefix in prefixes:
        if prefixes.count(prefix) > 1:
            raise SettingsError(f"upstreams: two providers have the prefix {prefix}")
    return providers


def _upstream(
    settings: UpstreamSettings, config: Config, transport: httpx.AsyncBaseTransport
) -> UpstreamProvider:
    place = f"upstream {settings.prefix}"
    return UpstreamProvider(
        prefix=settings.prefix,
        name=settings.prefix,
        url=_url(settings.url, place),
        key=read_secret(settings.key_file, settings.key_env),
        reach=settings.reach,
        timeout_s=config.upstream_timeout_s,
        limit_bytes=config.upstream_answer_bytes,
        transport=transport,
    )


def _url(text: str, place: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        raise SettingsError(f"{place}: url is not a URL") from None
    if (
        url.scheme not in {"http", "https"}
        or not url.host
        or url.userinfo
        or url.query
        or url.fragment
    ):
        raise SettingsError(
            f"{place}: url must be http or https with a host, and no user, query or fragment"
        )
    return url.copy_with(path=url.path.rstrip("/") + "/chat/completions")


ROOM = Room(name=NAME, settings=Config, open=open_room)
