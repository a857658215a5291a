"""Starts a command runtime, and waits until it is the only program that serves on its port.

Each way in which that fails has a name: start_failed (nothing to start), start_crashed,
start_timeout, wrong_interface (it listens, but not at the expected address), port_taken (before
the start), port_owned_by_other (after it), log_flood.
"""

import asyncio
import os
import re
import shutil
import sys
import time
from pathlib import Path
from typing import Final

from conformance.errors import RuntimeUnavailableError
from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.request import Request
from conformance.model.runtime import BatchRuntime, CommandRuntime
from conformance.runner.http.wire import WireClient
from conformance.runner.process.ports import (
    LOOPBACK,
    free_port,
    holders,
    is_taken,
    named,
    own_listeners,
    strangers,
)
from conformance.runner.process.program import LOG_CAP_BYTES, Program

_SUCCESS: Final = 2
Seen = Answer | Fault
_POLL_S: Final = (0.005, 0.25)
# A service that is ready answers at once; any other is probed again
_PROBE_MS: Final = 1_000
# Another program may take a free port before ours listens, but hardly three times
_PORT_ATTEMPTS: Final = 3
_LAST_LINES: Final = 5
_LAST_LINE_CHARACTERS: Final = 300
_PORT_TAKEN: Final = re.compile(
    r"address (?:is )?already in use|EADDRINUSE|errno 98", re.IGNORECASE
)


class StartFailure(Exception):  # noqa: N818 - it becomes a RuntimeUnavailableError once the program is stopped
    """A failed start: its name and what was seen."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(detail)
        self.name = name
        self.detail = detail


async def launch(
    name: str, reach: CommandRuntime, log: Path, log_cap_bytes: int = LOG_CAP_BYTES
) -> Program:
    """Start a command and wait until it is ready; on failure nothing is left running.

    Raises RuntimeUnavailableError.
    """
    for attempt in range(1, _PORT_ATTEMPTS + 1):
        if reach.port is not None and is_taken(reach.port):
            raise RuntimeUnavailableError(
                f"runtime {name}: port_taken: {named(holders(reach.port))} listens on "
                f"{LOOPBACK}:{reach.port}",
                hint="stop it: its answers would be taken for the runtime's",
            )
        program = Program(name, reach, log, reach.port or free_port(), log_cap_bytes)
        program.spawn()
        try:
            await _wait_until_ready(program, reach)
            _refuse_strangers(program)
        except StartFailure as failure:
            await program.stop()
            if reach.port is None and attempt < _PORT_ATTEMPTS and _met_another(failure, program):
                continue
            raise _unavailable(program, failure) from failure
        except BaseException:
            await program.stop()
            raise
        return program
    raise AssertionError("unreachable")


async def _wait_until_ready(program: Program, reach: CommandRuntime) -> None:
    """Wait until the program can serve; raise StartFailure if it ends or takes too long."""
    end, pause = time.monotonic() + reach.start_timeout_ms / 1000, _POLL_S[0]
    while True:
        program.refuse_if_not_started()
        if (ended := program.ended()) is not None:
            crashed = program.end_kind() is FaultKind.RUNTIME_CRASHED
            raise StartFailure(
                "start_crashed" if crashed else "log_flood", f"{ended} before it was ready"
            )
        seen = await _probed(program, reach.ready)
        if seen is None:
            return
        if time.monotonic() > end:
            raise _lateness(program, reach, seen)
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _POLL_S[1])


async def _probed(program: Program, ready: str | None) -> Seen | None:
    """Return what the program does instead of serving, or None once it can serve."""
    client = WireClient(program.url)
    try:
        if ready is None:
            return await client.reach()
        seen = await client.exchange(Request(method="GET", target=ready), _PROBE_MS)
    finally:
        client.close()
    return None if isinstance(seen, Answer) and seen.status // 100 == _SUCCESS else seen


def _lateness(program: Program, reach: CommandRuntime, seen: Seen) -> StartFailure:
    """Return why the program is not ready in time.

    It listens elsewhere, answers without success, or does not answer yet.
    """
    own = own_listeners(program.tree())
    if own and not any(
        each.port == program.port and (each.everywhere or each.address == LOOPBACK) for each in own
    ):
        where = ", ".join(sorted(map(str, own)))
        return StartFailure(
            "wrong_interface", f"it listens on {where}, and is asked on {LOOPBACK}:{program.port}"
        )
    return StartFailure(
        "start_timeout",
        f"not ready after {reach.start_timeout_ms} ms on {program.url}{_refused(reach, seen)}",
    )


def _refused(reach: CommandRuntime, seen: Seen) -> str:
    """Return what the `ready` path answers instead of 2xx, as text; empty without an answer."""
    if not isinstance(seen, Answer):
        return ""
    location = seen.header("location")
    to = f" to {location}" if location else ""
    return f": `ready: {reach.ready}` is answered by {seen.status}{to}, and wants 2xx"


def _refuse_strangers(program: Program) -> None:
    """Raise StartFailure if another program listens on the same port.

    That program would sometimes answer in its place.
    """
    tree = program.tree()
    if tree and strangers(program.port, tree):
        others = [pid for pid in holders(program.port) if pid not in tree]
        raise StartFailure(
            "port_owned_by_other", f"{named(others)} listens on {LOOPBACK}:{program.port} too"
        )
    if any(each.everywhere for each in own_listeners(tree) if each.port == program.port):
        program.remarks.append(
            f"all_interfaces: it listens on every interface of this machine, port {program.port}"
        )


def _met_another(failure: StartFailure, program: Program) -> bool:
    """Return whether another program got the port first, so that another port may work."""
    taken = failure.name == "start_crashed" and _PORT_TAKEN.search(program.log_tail()) is not None
    return taken or failure.name == "port_owned_by_other"


def _unavailable(program: Program, failure: StartFailure) -> RuntimeUnavailableError:
    tail = program.log_tail()
    logged = "\n".join(f"  | {line}" for line in tail.splitlines()) or "  | (it logged nothing)"
    left = "".join(
        f"\n  {remark}" for remark in program.remarks if remark.startswith("left_children")
    )
    hint = f"its log: {program.log}"
    if failure.detail.startswith("exited with 0"):
        hint = f"it must stay in the foreground, or it looks as if it had ended; {hint}"
    if failure.name == "port_owned_by_other":
        hint = (
            "stop the other; a container's port is its engine's: start such a runtime "
            "yourself, and give its `url`"
        )
    return RuntimeUnavailableError(
        f"runtime {program.name}: {failure.name}: {failure.detail}{left}\n{logged}", hint=hint
    )


def program_exists(reach: CommandRuntime | BatchRuntime) -> bool:
    """Return whether the program of a command is on this machine."""
    program = (
        reach.argv[0]
        .replace("${python}", sys.executable)
        .replace("${directory}", str(reach.directory.resolve()))
    )
    if os.sep in program:
        return os.access(reach.directory / program, os.X_OK)
    return shutil.which(program) is not None


def end_of(program: Program, fault: Fault) -> Fault | None:
    """Return the fault for the end of a program, or None while it runs.

    `fault` is the fault of the exchange during which the program ended.
    """
    ended = program.ended()
    if ended is None:
        return None
    last = [line[:_LAST_LINE_CHARACTERS] for line in program.log_tail().splitlines()[-_LAST_LINES:]]
    logged = f"; its log ends: {' | '.join(last)}" if last else ""
    detail = f"{ended} ({fault.kind.value} while it was asked){logged}"
    return Fault(
        kind=program.end_kind(), phase=fault.phase, detail=detail, elapsed_ms=fault.elapsed_ms
    )
