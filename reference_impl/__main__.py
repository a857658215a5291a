"""The lakehouse on the command line: `python -m reference_impl up`, one daemon, or a tool.

One daemon is, for example, `… vectord --port 4215`.

A daemon takes its settings as flags.  `--scratch` gives it a new data directory that is deleted
when it ends.
"""

import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module

from reference_impl.kit.program import run_program


def main(arguments: Sequence[str]) -> int:
    """Run the stack, one daemon or one tool, and return its exit code."""
    # Loaded here, so that `run_program` can report a missing package.
    rooms = import_module("reference_impl.stack.rooms")
    name, rest = "".join(arguments[:1]), arguments[1:]
    if name in rooms.ROOMS:
        return run_one(name, rest)
    if name in rooms.TOOLS:
        code: int = rooms.tool_of(name)(rest)
    else:
        code = import_module("reference_impl.stack.command_line").main(arguments)
    return code


def run_one(name: str, arguments: Sequence[str]) -> int:
    """Run one daemon and return its exit code."""
    if "--scratch" not in arguments:
        return _served(name, arguments)
    flags = [argument for argument in arguments if argument != "--scratch"]
    with tempfile.TemporaryDirectory(prefix=f"{name}-") as folder:
        return _served(name, ["--data-dir", folder, *flags])


def _served(name: str, arguments: Sequence[str]) -> int:
    room = import_module("reference_impl.stack.rooms").room_of(name)
    code: int = import_module("reference_impl.kit.daemon").run(arguments, room)
    return code


if __name__ == "__main__":
    sys.exit(run_program(lambda: main(sys.argv[1:])))
