"""The ways in which one daemon could call another that `hot_path_bench` holds against each other.

Each has the one method the hot path needs: a whole body out, a whole reply in, with a total
deadline, neither redirects nor proxies. `own` is what the kit has.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from reference_impl.kit.client import DaemonClient

if TYPE_CHECKING:
    from collections.abc import Callable

JSON = "application/json"
TIMEOUT_S = 5.0


class Candidate(Protocol):
    """A way to call one daemon."""

    async def post(self, target: str, body: bytes) -> tuple[int, bytes]:
        """Post JSON and give status and body."""


class Own:
    """asyncio.Protocol over httptools: the kit's client."""

    def __init__(self, url: str) -> None:
        self._client = DaemonClient(name="next", url=url, token=None, timeout_s=TIMEOUT_S)

    async def post(self, target: str, body: bytes) -> tuple[int, bytes]:
        """Post."""
        reply = await self._client.call(
            "POST", target, headers=((b"content-type", JSON.encode()),), body=body
        )
        return reply.status, reply.body


class Aiohttp:
    """aiohttp, one session a daemon."""

    def __init__(self, url: str) -> None:
        import aiohttp  # noqa: PLC0415  # only the candidate in use may cost

        self._url = url
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=256),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
            trust_env=False,
        )

    async def post(self, target: str, body: bytes) -> tuple[int, bytes]:
        """Post."""
        headers = {"content-type": JSON}
        async with self._session.post(
            self._url + target, data=body, headers=headers, allow_redirects=False
        ) as reply:
            return reply.status, await reply.read()


class Httpx:
    """httpx, one client a daemon."""

    def __init__(self, url: str) -> None:
        import httpx  # noqa: PLC0415  # only the candidate in use may cost

        limits = httpx.Limits(max_connections=256, max_keepalive_connections=256)
        self._client = httpx.AsyncClient(
            base_url=url, trust_env=False, follow_redirects=False, limits=limits
        )

    async def post(self, target: str, body: bytes) -> tuple[int, bytes]:
        """Post."""
        async with asyncio.timeout(TIMEOUT_S):
            reply: Any = await self._client.post(
                target, content=body, headers={"content-type": JSON}
            )
        return reply.status_code, reply.content


CANDIDATES: dict[str, Callable[[str], Candidate]] = {"own": Own, "aiohttp": Aiohttp, "httpx": Httpx}
