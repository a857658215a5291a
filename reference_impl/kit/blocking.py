"""Blocking calls, mostly on the disk, that run in a thread while the event loop continues.

In: a function and its arguments. Out: its result or its exception. Invariant: when the awaiting
request is cancelled, the call is still awaited, so that resources of the request (files, locks) are
never closed during a running call.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking call in a thread and wait for its end, even when cancelled."""
    task = asyncio.create_task(asyncio.to_thread(call, *args, **kwargs))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
