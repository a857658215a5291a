"""The commands of the stack: up, down, status, logs, config.

In: arguments. Out: lines and an exit code: 0 for success, 1 when something is in use, gone or not
healthy, 2 for a wrong command line or file; each failure is one line on standard error.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reference_impl import __version__
from reference_impl.kit.command_line import OneLineParser
from reference_impl.kit.settings import SettingsError, StartError
from reference_impl.stack.one_process import serve_in_one_process
from reference_impl.stack.plan import STACK_FOLDER, Options, data_dir_of, planned
from reference_impl.stack.stack_file import stack_file_text
from reference_impl.stack.state_file import read_state, remove_state
from reference_impl.stack.supervisor import Supervisor
from reference_impl.stack.watching import print_logs, print_status, table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from reference_impl.stack.plan import Plan

# Longer than the start of a daemon may take (supervisor), so that its error is shown.
_DETACH_TIMEOUT_S = 40.0
# Three groups of daemons stop one after the other, each within 15 s (supervisor).
_DOWN_TIMEOUT_S = 60.0
# Not noticed by a person, and hardly any work.
_POLL_S = 0.05
_READY = re.compile(r"^ready in [0-9.]+ s$", re.MULTILINE)


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    try:
        parsed = _parser().parse_args(arguments)
        options = Options(
            config=parsed.config,
            data_dir=parsed.data_dir,
            free_ports=getattr(parsed, "free_ports", False),
            gateway_port=getattr(parsed, "port", None),
        )
        commands = {"up": _up, "down": _down, "status": _status, "logs": _logs, "config": _config}
        return commands[parsed.command](parsed, options)
    except SettingsError as error:
        sys.stderr.write(f"lakehouse: {error}\n")
        return 2
    except StartError as error:
        sys.stderr.write(f"lakehouse: {error}\n")
        return 1


def _parser() -> OneLineParser:
    parser = OneLineParser(
        prog="python -m reference_impl",
        description="The lakehouse, reference implementation: all daemons at once, or one by its "
        "name.",
        epilog="example: python -m reference_impl up --config lakehouse.toml --detach",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"lakehouse {__version__}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=OneLineParser
    )
    shared = _shared_options()
    helps = {
        "up": "serve until SIGINT or SIGTERM",
        "down": "stop the stack",
        "status": "show the health of each daemon",
        "logs": "show what daemons logged",
        "config": "print a stack file with every default",
    }
    made = {
        name: commands.add_parser(name, parents=[shared], help=help_text, allow_abbrev=False)
        for name, help_text in helps.items()
    }
    _add_up_options(made["up"])
    made["logs"].add_argument("daemon", nargs="?", help="only this one")
    made["logs"].add_argument(
        "--lines", type=int, default=20, help="how many last lines of each (default 20)"
    )
    return parser


def _shared_options() -> OneLineParser:
    shared = OneLineParser(add_help=False)
    shared.add_argument(
        "--config", metavar="FILE", help="TOML stack file; without it every setting has its default"
    )
    shared.add_argument(
        "--data-dir", metavar="FOLDER", help="folder of the stack's state, instead of the file's"
    )
    return shared


def _add_up_options(up: OneLineParser) -> None:
    up.add_argument("--one-process", action="store_true", help="all daemons in one process")
    up.add_argument(
        "--detach",
        action="store_true",
        help="return when all daemons answer, and leave them running",
    )
    up.add_argument(
        "--free-ports", action="store_true", help="take free ports instead of the configured ones"
    )
    up.add_argument(
        "--port", type=int, metavar="PORT", help="port of the gateway, also beside --free-ports"
    )
    up.add_argument(
        "--scratch",
        action="store_true",
        help="keep the state in a new folder, and remove it at the end",
    )


def _say(line: str) -> None:
    """Print a line; a closed output is ignored."""
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _up(parsed: argparse.Namespace, options: Options) -> int:
    if parsed.scratch and (parsed.detach or parsed.data_dir):
        raise SettingsError("--scratch goes with neither --detach nor --data-dir")
    if parsed.detach:
        return _detach(parsed, options)
    if parsed.scratch:
        with tempfile.TemporaryDirectory(prefix="lakehouse-") as folder:
            return _serve(parsed, replace(options, data_dir=folder))
    return _serve(parsed, options)


def _serve(parsed: argparse.Namespace, options: Options) -> int:
    started_s = time.monotonic()
    with planned(options) as plan:

        def when_ready() -> None:
            _say(table([(daemon.name, daemon.url, "ok") for daemon in plan.daemons]))
            _say(f"ready in {time.monotonic() - started_s:.1f} s")

        try:
            if parsed.one_process:
                return serve_in_one_process(plan, when_ready)
            return asyncio.run(_supervise(plan, when_ready))
        finally:
            remove_state(plan.folder)


async def _supervise(plan: Plan, when_ready: Callable[[], None]) -> int:
    return await Supervisor(plan, _say).run(when_ready)


def _detach(parsed: argparse.Namespace, options: Options) -> int:
    """Start the same command in a session of its own, and wait until it is ready or has ended."""
    folder = Path(data_dir_of(options)) / STACK_FOLDER
    if read_state(folder) is not None:
        raise StartError(f"a stack already runs on {folder.parent}")
    log_file = folder / "logs" / "stack.log"
    log_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with log_file.open("wb") as log:
        command = [sys.executable, "-m", "reference_impl", "up", *_flags_of(parsed, options)]
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    deadline_s = time.monotonic() + _DETACH_TIMEOUT_S
    while process.poll() is None and time.monotonic() < deadline_s:
        state = read_state(folder)
        logged = log_file.read_text(encoding="utf-8", errors="replace")
        is_ready = state is not None and state.pid == process.pid and state.is_ready
        if is_ready and _READY.search(logged):  # the state is written before the last line is
            _say(logged.rstrip("\n"))
            process.returncode = 0  # this process will not wait for it
            return 0
        time.sleep(_POLL_S)
    process.terminate()
    process.wait()
    sys.stderr.write(log_file.read_text(encoding="utf-8", errors="replace"))
    return process.returncode or 1


def _flags_of(parsed: argparse.Namespace, options: Options) -> list[str]:
    """Return the flags that start the same stack without `--detach`."""
    values = {
        "--config": options.config,
        "--data-dir": options.data_dir,
        "--port": parsed.port,
    }
    flags: list[str] = []
    for flag, value in values.items():
        if value is not None:
            flags += [flag, str(value)]
    if parsed.one_process:
        flags.append("--one-process")
    if parsed.free_ports:
        flags.append("--free-ports")
    return flags


def _down(_parsed: argparse.Namespace, options: Options) -> int:
    folder = Path(data_dir_of(options)) / STACK_FOLDER
    state = read_state(folder)
    if state is None:
        _say(f"no stack runs on {folder.parent}")
        return 0
    with contextlib.suppress(ProcessLookupError):
        os.kill(state.pid, signal.SIGTERM)
    deadline_s = time.monotonic() + _DOWN_TIMEOUT_S
    while read_state(folder) is not None or _lives(
        state.pid
    ):  # the state is removed before its process ends
        if time.monotonic() > deadline_s:
            raise StartError(f"process {state.pid} does not stop")
        time.sleep(_POLL_S)
    _say("stopped")
    return 0


def _lives(pid: int) -> bool:
    """Return whether a process still runs; an exited one that is not reaped does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return status.rpartition(") ")[2][:1] != "Z"


def _status(_parsed: argparse.Namespace, options: Options) -> int:
    return print_status(Path(data_dir_of(options)) / STACK_FOLDER, _say)


def _logs(parsed: argparse.Namespace, options: Options) -> int:
    return print_logs(Path(data_dir_of(options)) / STACK_FOLDER, parsed.daemon, parsed.lines, _say)


def _config(_parsed: argparse.Namespace, _options: Options) -> int:
    sys.stdout.write(stack_file_text())
    return 0
