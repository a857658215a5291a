"""Start chatd: `python -m reference_impl.chatd --port 5220`."""

import sys

from reference_impl.chatd.app import ROOM
from reference_impl.kit.daemon import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], ROOM))
