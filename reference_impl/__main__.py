"""The lakehouse from the command line: `python -m reference_impl up`, or one daemon: `… vectord --port 4215`."""

import sys

from reference_impl.kit.daemon import run
from reference_impl.stack.command_line import main
from reference_impl.stack.rooms import ROOMS, room_of

if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in ROOMS:
        sys.exit(run(sys.argv[2:], room_of(sys.argv[1])))
    sys.exit(main(sys.argv[1:]))
