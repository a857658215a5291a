"""Start the gateway: `python -m reference_impl.gateway --port 5110`."""

import sys

from reference_impl.gateway.app import ROOM
from reference_impl.kit.daemon import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], ROOM))
