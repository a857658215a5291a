"""Reset the runtimes to a fresh state, in the way that each of them declares."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

from conformance.errors import RuntimeUnavailableError
from conformance.fuzzing.probe import TIMEOUT_MS
from conformance.model.observation import Answer
from conformance.model.request import Request
from conformance.model.runtime import CommandRuntime, Runtime
from conformance.runner.session import Session

# A redirect resets nothing either
_FIRST_REFUSAL: Final = 300
_COMMAND_S: Final = 60.0
"""Longest time for a reset command, in seconds: as long as a service may take to start."""


class Isolation:
    """Reset all runtimes of a session.

    `possible`: each can be reset. `cheap`: no runtime has to be restarted for it. `instant`: each
    resets by one request. `touched`: a request since the last reset may have changed a runtime.
    `dirty`: the runtimes may hold different data. `resets`: how often they were reset.
    """

    def __init__(self, session: Session, runtimes: Sequence[Runtime]) -> None:
        self._session = session
        self._runtimes = runtimes
        self.cheap = all(map(_declares_reset, runtimes))
        self.instant = all(map(_resets_by_request, runtimes))
        self.possible = all(map(_can_be_reset, runtimes))
        self.dirty = False
        self.touched = True
        self.resets = 0

    async def reset_if_touched(self) -> None:
        """Reset every runtime, if a request since the last reset may have changed one."""
        if self.touched:
            await self.reset()

    async def reset(self) -> None:
        """Reset every runtime; raise RuntimeUnavailableError where one cannot be reset."""
        await asyncio.gather(*map(self._reset_one, self._runtimes))
        self.dirty = self.touched = False
        self.resets += 1

    async def _reset_one(self, runtime: Runtime) -> None:
        reset = runtime.reset
        if _is_restarted(runtime):
            await self._session.restart(runtime.name)
        if reset is None:
            return
        if reset.request is not None:
            await self._send(runtime, reset.request)
        elif reset.argv:
            await self._run(runtime, reset.argv)

    async def _send(self, runtime: Runtime, request: Request) -> None:
        observation = await self._session.send(runtime.name, request, TIMEOUT_MS)
        what = "gave no answer"
        if isinstance(observation, Answer):
            if observation.status < _FIRST_REFUSAL:
                return
            what = f"answered {observation.status}"
        raise RuntimeUnavailableError(
            f"runtime {runtime.name}: its reset request {what}, wanted success"
        )

    async def _run(self, runtime: Runtime, argv: tuple[str, ...]) -> None:
        assert runtime.reset is not None  # noqa: S101 - its caller has seen it
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=runtime.reset.directory,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(_COMMAND_S):
                _, stderr = await process.communicate()
        except TimeoutError as error:
            with contextlib.suppress(ProcessLookupError):  # the command may have ended by now
                process.kill()
            await process.wait()
            why = f"runtime {runtime.name}: its reset command took longer than {_COMMAND_S:.0f} s"
            raise RuntimeUnavailableError(why) from error
        if process.returncode:
            last = stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise RuntimeUnavailableError(
                f"runtime {runtime.name}: its reset command exited with {process.returncode}: "
                f"{last}"
            )


def _resets_by_request(runtime: Runtime) -> bool:
    return runtime.reset is not None and runtime.reset.request is not None


def _declares_reset(runtime: Runtime) -> bool:
    return _resets_by_request(runtime) or (runtime.reset is not None and bool(runtime.reset.argv))


def _can_be_reset(runtime: Runtime) -> bool:
    return _declares_reset(runtime) or _is_restarted(runtime)


def _is_restarted(runtime: Runtime) -> bool:
    return isinstance(runtime.reach, CommandRuntime) and runtime.reset is None
