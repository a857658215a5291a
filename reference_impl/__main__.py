"""The lakehouse from the command line: `python -m reference_impl up`, or one daemon: `… vectord --port 4215`.

A daemon takes the flags of its own settings; `--scratch` gives it a new data directory that is gone when it ends.
"""

import sys
import tempfile
from collections.abc import Sequence

from reference_impl.kit.daemon import run
from reference_impl.stack.command_line import main
from reference_impl.stack.rooms import ROOMS, room_of


def run_one(name: str, arguments: Sequence[str]) -> int:
    """Run one daemon."""
    if "--scratch" not in arguments:
        return run(arguments, room_of(name))
    flags = [argument for argument in arguments if argument != "--scratch"]
    with tempfile.TemporaryDirectory(prefix=f"{name}-") as folder:
        return run(["--data-dir", folder, *flags], room_of(name))


if __name__ == "__main__":
    is_daemon = sys.argv[1:2] and sys.argv[1] in ROOMS
    sys.exit(run_one(sys.argv[1], sys.argv[2:]) if is_daemon else main(sys.argv[1:]))
