"""The composition of chatd: from settings to an open room with its operations."""

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
from reference_impl.kit.bearer import read_secret
from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import operations_of
from reference_impl.kit.room import Room
from reference_impl.kit.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.chatd.config import UpstreamSettings
    from reference_impl.kit.operation import Operation
    from reference_impl.kit.room import Ground

NAME = "chatd"

_MOST_CALLS = 64  # to upstreams at a time; further calls wait within their deadline


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Create the providers and yield the operations.

    Raises SettingsError when an upstream cannot be used as it is configured.
    """
    providers = Providers(_providers(config))
    ground.metrics.gauge(
        "chatd_providers", "Providers that can be asked.", lambda: len(providers.models())
    )
    yield operations_of(Handlers(bodies=JsonBodies(config.body_limits), providers=providers))


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
    unwanted = (url.userinfo, url.query, url.fragment)
    if url.scheme not in {"http", "https"} or not url.host or any(unwanted):
        raise SettingsError(
            f"{place}: url must be http or https with a host, and no user, query or fragment"
        )
    return url.copy_with(path=url.path.rstrip("/") + "/chat/completions")


ROOM = Room(name=NAME, settings=Config, open=open_room)
