"""Calls that block, on the disk mostly, made in a thread while the event loop goes on.

In: a function and its arguments. Out: what it gives or raises. Invariant: when the awaiting request
is cancelled, the call is still waited for, so that what the request holds open (files, locks) is
never closed under a running call.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Make a blocking call in a thread and wait for its end, also when cancelled."""
    task = asyncio.create_task(asyncio.to_thread(call, *args, **kwargs))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
