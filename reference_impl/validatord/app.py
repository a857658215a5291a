"""The composition of validatord: from settings to an open room with its table of operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import Answer, Operation
from reference_impl.kit.room import Room
from reference_impl.validatord.config import Config
from reference_impl.validatord.handlers import Handlers
from reference_impl.validatord.store import load_roster
from reference_impl.validatord.wire import ITERATE_BODY, REJECTIONS, VALIDATE_BODY, Result, Verdict

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.room import Ground

NAME = "validatord"


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Load the roster and give the table.

    Raises SettingsError when the configured roster cannot be used.
    """
    roster = load_roster(config.roster)
    ground.metrics.gauge(
        "validatord_roster_workers", "Workers on the configured roster.", lambda: len(roster)
    )
    bodies = JsonBodies(config.body_limits)
    chatd = await ground.client("chatd", config.chatd_url, config.iterate_timeout_s)
    handlers = Handlers(
        bodies=bodies, roster=roster, chatd=chatd, iterate_timeout_s=config.iterate_timeout_s
    )
    validate = Operation(
        name="validate",
        method="POST",
        path="/validate",
        summary="Try the rules for an artifact; answer that none fails, or the first that does.",
        endpoint=handlers.validate,
        body=VALIDATE_BODY,
        answers=(
            Answer(status=200, meaning="No rule fails.", shapes=(Verdict,)),
            Answer(status=422, meaning="A rule fails: one ValidationError.", shapes=REJECTIONS),
        ),
    )
    iterate = Operation(
        name="iterate",
        method="POST",
        path="/iterate",
        summary="Have a model write an artifact until no rule fails; answer it, or what its last "
        "attempt fails.",
        endpoint=handlers.iterate,
        body=ITERATE_BODY,
        calls=("chatd",),
        answers=(
            Answer(status=200, meaning="An artifact that no rule fails.", shapes=(Result,)),
            Answer(
                status=422,
                meaning="The last attempt fails a rule: one ValidationError.",
                shapes=REJECTIONS,
            ),
        ),
    )
    yield (validate, iterate)


ROOM = Room(name=NAME, settings=Config, open=open_room)
