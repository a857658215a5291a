"""The composition of the gateway: from settings to an open room with its table of operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reference_impl.gateway.config import Config
from reference_impl.gateway.handlers import Handlers
from reference_impl.gateway.service.owners import OWNERS
from reference_impl.gateway.wire import Below, Status
from reference_impl.kit.operation import ANY_METHOD, ANY_STATUS, Answer, Operation
from reference_impl.kit.parameters import Parameters
from reference_impl.kit.ports import PORTS
from reference_impl.kit.room import Room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.room import Ground

NAME = "gateway"
BELOW = Parameters(place="path", of=Below)


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Open the ways to all daemons and give the table."""
    names = [name for name in PORTS if name != NAME]
    urls = {name: getattr(config, f"{name}_url") for name in names}
    clients = {
        name: await ground.client(name, url, config.call_timeout_s) for name, url in urls.items()
    }
    handlers = Handlers(config, clients)
    ground.completing = handlers.describe
    yield _table(handlers)


def _table(handlers: Handlers) -> tuple[Operation, ...]:
    status = Operation(
        name="status",
        method="GET",
        path="/status",
        summary="Tell how every daemon is.",
        endpoint=handlers.status,
        answers=(Answer(status=200, meaning="How they are.", shapes=(Status,)),),
    )
    return (
        status,
        *(
            _passed_on(handlers, segment, path)
            for segment in OWNERS
            for path in ("", "/{rest:path}")
        ),
    )


def _passed_on(handlers: Handlers, segment: str, rest: str) -> Operation:
    owner = OWNERS[segment]
    return Operation(
        name=f"{segment}_below" if rest else segment,
        method=ANY_METHOD,
        path=f"/{segment}{rest}",
        summary=f"Pass on to {owner}, whose own document describes this path.",
        endpoint=handlers.pass_on,
        answers=(Answer(status=ANY_STATUS, meaning=f"What {owner} answers.", media_type="*/*"),),
        parameters=(BELOW,) if rest else (),
        calls=(owner,),
    )


ROOM = Room(name=NAME, settings=Config, open=open_room)
