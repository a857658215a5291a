"""Start pathwayd: `python -m reference_impl.pathwayd --port 5217`."""

import sys

from reference_impl.kit.daemon import run
from reference_impl.pathwayd.app import ROOM

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], ROOM))
