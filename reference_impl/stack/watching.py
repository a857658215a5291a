"""Reports on a running stack: the health of each daemon, and its log.

In: the stack's folder. Out: lines for people, and an exit code.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from reference_impl.kit.client import DaemonClient
from reference_impl.kit.problem import ProblemError
from reference_impl.kit.settings import SettingsError, StartError, suggestion
from reference_impl.stack.state_file import DaemonState, read_state

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

# A daemon answers `/health` from memory: one that needs a second is not healthy.
_HEALTH_TIMEOUT_S = 1.0


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows as text with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def print_status(folder: Path, say: Callable[[str], None]) -> int:
    """Print the health of each daemon; return 0 if all are healthy."""
    state = read_state(folder)
    if state is None:
        say(f"no stack runs on {folder.parent}")
        return 1
    healths = asyncio.run(_ask_all(state.daemons))
    rows = [
        (
            daemon.name,
            daemon.url,
            health,
            f"process {daemon.pid or '-'}",
            f"restarts {daemon.restarts}",
        )
        for daemon, health in zip(state.daemons, healths, strict=True)
    ]
    say(table(rows))
    return 0 if all(health == "ok" for health in healths) else 1


async def _ask_all(daemons: Sequence[DaemonState]) -> list[str]:
    return await asyncio.gather(*(_ask(daemon) for daemon in daemons))


async def _ask(daemon: DaemonState) -> str:
    async with DaemonClient(
        name=daemon.name, url=daemon.url, token=None, timeout_s=_HEALTH_TIMEOUT_S
    ) as client:
        try:
            status = (await client.call("GET", "/health")).status
        except ProblemError as error:
            return error.detail
    return "ok" if status == 200 else f"answers {status}"  # noqa: PLR2004


def print_logs(folder: Path, name: str | None, lines: int, say: Callable[[str], None]) -> int:
    """Print the last lines of each log, or of one."""
    files = {file.stem: file for file in sorted((folder / "logs").glob("*.log"))}
    if not files:
        raise StartError(f"no stack has run on {folder.parent}")
    if name is not None and name not in files:
        raise SettingsError(f"no log of {name}{suggestion(name, files)}")
    for stem, file in files.items():
        if name in {None, stem}:
            with file.open(encoding="utf-8", errors="replace") as text:
                for line in deque(text, max(lines, 0)):
                    say(f"{stem}: {line.rstrip()}")
    return 0
