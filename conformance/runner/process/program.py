"""A started command: its process, as its guardian reports it, its log, and its end.

The guardian (guardian.py) runs the command and everything below it, and ends all of it when this
process ends.  It gets the few variables that any program needs; the command gets those, its
declared variables, and its port.
"""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from conformance.errors import RuntimeUnavailableError
from conformance.model.observation import FaultKind
from conformance.model.runtime import CommandRuntime
from conformance.runner.process.guardian import descendants
from conformance.runner.process.ports import LOOPBACK

# A runtime that logs without end must not fill the disk
LOG_CAP_BYTES: Final = 64 << 20
_INHERITED: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "PYTHONPYCACHEPREFIX")
_GUARD: Final = (
    "import sys; sys.path.append(sys.argv.pop(1)); import guardian; guardian.main(*sys.argv[1:])"
)
_LOG_TAIL_BYTES: Final = 2_000
_LOG_TAIL_LINES: Final = 12
# Short compared with the end of any program
_POLL_S: Final = 0.005
# Time for the guardian to kill what is left, and to end
_KILL_S: Final = 3.0
_REFERENCE: Final = re.compile(r"\$\{(?:port|python)\}")


class Program:
    """A command from its start to its end; port 0 stands for no port."""

    def __init__(
        self,
        name: str,
        reach: CommandRuntime,
        log: Path,
        port: int = 0,
        log_cap_bytes: int = LOG_CAP_BYTES,
    ) -> None:
        self.name = name
        self.log = log
        self.port = port
        self.url = f"http://{LOOPBACK}:{port}"
        self.remarks: list[str] = []
        self._reach = reach
        self._log_cap_bytes = log_cap_bytes
        self._guardian: subprocess.Popen[bytes] | None = None
        self._told: dict[str, str] = {}
        self._untold = b""

    def spawn(self) -> None:
        """Start the command under a guardian.

        Raises RuntimeUnavailableError if its folder is missing.
        """
        argv = [self._filled(part) for part in self._reach.argv]
        kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        declared = {name: self._filled(value) for name, value in self._reach.environment}
        variables = {**kept, **({"PORT": str(self.port)} if self.port else {}), **declared}
        block = b"".join(
            os.fsencode(f"{name}={value}") + b"\0" for name, value in variables.items()
        )
        numbers = (self._reach.stop_timeout_ms, self._log_cap_bytes, len(block))
        guard = [sys.executable, "-I", "-S", "-c", _GUARD, str(Path(__file__).parent)]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            try:
                self._guardian = subprocess.Popen(  # noqa: S603 - the runtimes file is consent to run it
                    [*guard, *map(str, numbers), *argv],
                    cwd=self._reach.directory,
                    env=kept,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    start_new_session=True,
                    bufsize=0,
                )
            except OSError as error:
                raise self._not_started(error) from error
        os.set_blocking(self._out, False)
        self._say(block)

    def refuse_if_not_started(self) -> None:
        """Raise RuntimeUnavailableError if the guardian could not start the command."""
        if failure := self._news().get("failed"):
            raise self._not_started(OSError(int(failure), os.strerror(int(failure))))

    def ended(self) -> str | None:
        """Return how the command ended, or None while it runs.

        The form is `exited with 3` or `killed by SIGSEGV`.
        """
        news = self._news()
        if "flood" in news:
            return f"was stopped after {self._log_cap_bytes} bytes of log"
        if "ended" in news:
            code = int(news["ended"])
            return f"exited with {code}" if code >= 0 else f"killed by {_signal_name(-code)}"
        if self._guardian is not None and self._guardian.poll() is not None:
            return "killed with its guardian"
        return None

    def end_kind(self) -> FaultKind:
        """Return the kind of fault for the end of the command."""
        return FaultKind.LOG_FLOOD if "flood" in self._told else FaultKind.RUNTIME_CRASHED

    def tree(self) -> list[int]:
        """Return the ids of its processes, guardian excluded; empty without /proc."""
        return descendants(self._guardian.pid) if self._guardian else []

    def log_tail(self) -> str:
        """Return the last lines of its log.

        The log is complete once the command has ended or was stopped.
        """
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - _LOG_TAIL_BYTES))
            text = log.read().decode("utf-8", "backslashreplace").strip()
            return "\n".join(text.splitlines()[-_LOG_TAIL_LINES:])
        return ""

    async def stop(self) -> None:
        """Stop the whole tree, first with SIGTERM; return when no process is left."""
        if self._guardian is None:
            return
        self._say(b"s")
        end = time.monotonic() + self._reach.stop_timeout_ms / 1000 + _KILL_S
        while self._guardian.poll() is None and time.monotonic() < end:  # noqa: ASYNC110 - a process sets no event
            await asyncio.sleep(_POLL_S)
        self._guardian.kill()
        self._guardian.wait()
        self._remark_on_the_end()
        for pipe in (self._guardian.stdin, self._guardian.stdout):
            if pipe is not None:
                pipe.close()
        self._guardian = None

    def _remark_on_the_end(self) -> None:
        leader, _, others = self._news().get("left", "0 0").partition(" ")
        if leader != "0":
            self.remarks.append(
                f"ignored_sigterm: it did not end in {self._reach.stop_timeout_ms} ms and was "
                "killed"
            )
        if others != "0":
            self.remarks.append(
                f"left_children: {others} of its processes did not end by themselves and were "
                "killed"
            )

    @property
    def _out(self) -> int:
        return self._guardian.stdout.fileno() if self._guardian and self._guardian.stdout else -1

    def _say(self, word: bytes) -> None:
        if self._guardian is not None and self._guardian.stdin is not None:
            with contextlib.suppress(OSError):
                self._guardian.stdin.write(word)

    def _news(self) -> dict[str, str]:
        """Read what the guardian has reported; return the events so far, by their first word."""
        with contextlib.suppress(BlockingIOError):
            while self._guardian is not None and (piece := os.read(self._out, 4096)):
                self._untold += piece
        *lines, self._untold = self._untold.split(b"\n")
        for line in lines:
            word, _, rest = line.decode("ascii", "replace").partition(" ")
            self._told.setdefault(word, rest)
        return self._told

    def _filled(self, text: str) -> str:
        values = {"${port}": str(self.port), "${python}": sys.executable}
        return _REFERENCE.sub(lambda found: values[found[0]], text)

    def _not_started(self, error: OSError) -> RuntimeUnavailableError:
        return RuntimeUnavailableError(
            f"runtime {self.name}: start_failed: cannot start "
            f"{self._filled(self._reach.argv[0])}: {error.strerror}",
            hint="build it, or give the runtime a `fallback` recording",
        )


def _signal_name(number: int) -> str:
    """Return the name of a signal; most real-time signals have only a number."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
