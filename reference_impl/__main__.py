"""The lakehouse from the command line: `python -m reference_impl up`, one daemon (`… vectord --port 4215`), or a tool.

A daemon takes the flags of its own settings; `--scratch` gives it a new data directory that is gone when it ends.
"""

import sys
import tempfile
from collections.abc import Sequence

from reference_impl.kit.daemon import run
from reference_impl.stack.command_line import main
from reference_impl.stack.rooms import ROOMS, TOOLS, room_of, tool_of


def run_one(name: str, arguments: Sequence[str]) -> int:
    """Run one daemon."""
    if "--scratch" not in arguments:
        return run(arguments, room_of(name))
    flags = [argument for argument in arguments if argument != "--scratch"]
    with tempfile.TemporaryDirectory(prefix=f"{name}-") as folder:
        return run(["--data-dir", folder, *flags], room_of(name))


if __name__ == "__main__":
    first, rest = sys.argv[1:2], sys.argv[2:]
    if first and first[0] in TOOLS:
        sys.exit(tool_of(first[0])(rest))
    sys.exit(run_one(first[0], rest) if first and first[0] in ROOMS else main(sys.argv[1:]))
