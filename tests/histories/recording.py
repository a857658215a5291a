"""One history: concurrent clients on a few keys of a daemon.

The daemon is slowed down, killed and started again.

In: a daemon, a folder, a seed. Out: every operation with its times. Threads share one clock. A
client that finds nobody listening has done nothing and waits; one whose answer does not come writes
that down.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.histories.operations import Operation
from tests.reference_impl.lake import running_room
from tests.reference_impl.slow_calls import slow_calls

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.histories.daemons import Ask, Call, Subject
    from tests.reference_impl.conftest import LiveDaemon


CLIENTS: Final = 8
KEYS: Final = 5
_TIMEOUT_S = 30
_DELAY_US = 8_000
_PAUSE_S = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long each life of the daemon is, how it ends, and whether its writing calls are slow."""

    lives_s: tuple[float, ...]
    delay: str | None = None  # delay_enter, delay_exit or None


@dataclass(slots=True)
class _Stage:
    """What the clients of a history share."""

    subject: Subject
    seed: int
    port: int = 0
    is_over: bool = False
    operations: list[Operation] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)


def record(subject: Subject, folder: Path, seed: int, plan: Plan) -> list[Operation]:
    """Record a history; the daemon is killed at the end of each life but the last."""
    stage = _Stage(subject, seed)
    clients = [threading.Thread(target=_client, args=(stage, number)) for number in range(CLIENTS)]
    for number, life_s in enumerate(plan.lives_s):
        with running_room(subject.room, folder) as daemon:
            stage.port = daemon.port
            if number == 0:
                with closing(
                    http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=_TIMEOUT_S)
                ) as connection:
                    subject.prepare(_asking(connection))
                for client in clients:
                    client.start()
            with _slowed(daemon, plan.delay, subject, folder):
                time.sleep(life_s)
                stage.is_over = number + 1 == len(plan.lives_s)
                if not stage.is_over:
                    daemon.process.kill()
            if stage.is_over:
                for client in clients:
                    client.join()
    assert not stage.failures, stage.failures[0]
    return stage.operations


def _slowed(
    daemon: LiveDaemon, delay: str | None, subject: Subject, folder: Path
) -> AbstractContextManager[None]:
    """Make the calls slow that change the state on the disk, and no others.

    Calls that send an answer are examples of the others.
    """
    if delay is None:
        return nullcontext()
    files = folder.glob(subject.log) if subject.log else ()
    return slow_calls(daemon.process.pid, subject.writes, _DELAY_US, at=delay, files=files)


def _client(stage: _Stage, number: int) -> None:
    try:
        _use(stage, number)
    except BaseException as error:  # noqa: BLE001  # told by `record`
        stage.failures.append(error)


def _use(stage: _Stage, number: int) -> None:
    """Use one key after the other until the history is over."""
    choice = random.Random(f"{stage.seed}-{number}")  # noqa: S311  # repeatable, not secret
    seen: dict[str, str | None] = {}
    sequence = 0
    while not stage.is_over:
        sequence += 1
        key = f"k{choice.randrange(KEYS)}"
        call = stage.subject.choose(choice, f"{number}-{sequence}", seen.get(key))
        operation = _operation(stage, number, key, call)
        if operation is None:
            time.sleep(_PAUSE_S)
            continue
        stage.operations.append(operation)
        seen[key] = stage.subject.seen(operation)


def _operation(stage: _Stage, number: int, key: str, call: Call) -> Operation | None:
    """Do one call over a connection of its own; None where nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", stage.port, timeout=_TIMEOUT_S)
    try:
        connection.connect()
    except OSError:
        return None
    start_ns = time.monotonic_ns()
    try:
        answer = stage.subject.do(_asking(connection), key, call)
    except (OSError, http.client.HTTPException):
        answer = None
    finally:
        connection.close()
    return Operation(
        client=number,
        key=key,
        call=call,
        answer=answer,
        start_ns=start_ns,
        end_ns=time.monotonic_ns(),
    )


def _asking(connection: http.client.HTTPConnection) -> Ask:
    def ask(
        method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        content = response.read()
        assert response.status < 500, f"{method} {path}: {response.status} {content.decode()}"
        return response.status, content

    return ask
