"""Runtimes, cases and sessions for tests that start real programs."""

import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance.errors import Place
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.observation import Cell
from conformance.model.request import Request
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import AttachedRuntime, CommandRuntime, Runtime
from conformance.runner import event_loop
from conformance.runner.open_session import open_session

PROGRAM = Path(__file__).parents[1] / "miniatures" / "program.py"
PYTHON = sys.executable
PLACE = Place("cases.yaml", 3, 5)


def command(folder: Path, *argv: str, **more: Any) -> CommandRuntime:
    """Return a command.

    Without a vector the miniature program, with `habits` on its command line.
    """
    habits = more.pop("habits", ())
    vector = argv or ("${python}", str(PROGRAM), "${port}", *habits)
    bounds = {"start_timeout_ms": 5_000, "stop_timeout_ms": 1_000}
    return CommandRuntime(argv=vector, directory=folder, **(bounds | more))


def announcing(folder: Path) -> CommandRuntime:
    """Return the miniature program as a command that logs its port first."""
    return command(folder, "sh", "-c", f"echo $PORT; exec '{PYTHON}' '{PROGRAM}' $PORT", ready="/")


def announced_port(log: Path) -> int:
    """Return the port that an announcing program logged, 0 before it did."""
    return int((log.read_text().split() or ["0"])[0]) if log.exists() else 0


def started(name: str, reach: CommandRuntime, **more: Any) -> Runtime:
    """Return a runtime that is started by a command."""
    return Runtime(name=name, reach=reach, place=PLACE, **more)


def attached(name: str, url: str, **more: Any) -> Runtime:
    """Return a runtime that runs already."""
    return Runtime(name=name, reach=AttachedRuntime(url=url), place=PLACE, **more)


def case(*targets: str, name: str = "x", **more: Any) -> Case:
    """Return a case that gets targets one after the other."""
    steps = tuple(Step(request=Request(method="GET", target=target)) for target in targets)
    settings = {"against": None, "compare": CompareLevel.SHAPE, "timeout_ms": 1_000}
    return Case(suite="s", name=name, place=PLACE, steps=steps, **(settings | more))


def observed(
    runtimes: Sequence[Runtime],
    cases: Sequence[Case],
    logs: Path,
    environment: Mapping[str, str] | None = None,
) -> tuple[tuple[RuntimeFacts, ...], list[tuple[Cell, ...]]]:
    """Open a session, replay cases, close it; return the facts and the cells."""

    async def replay() -> tuple[tuple[RuntimeFacts, ...], list[tuple[Cell, ...]]]:
        async with open_session(runtimes, logs, environment or {}, cases=cases) as session:
            return session.facts, [await session.observe(case) for case in cases]

    return event_loop.run(replay())


def listens(port: int) -> bool:
    """Return whether somebody accepts connections on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
