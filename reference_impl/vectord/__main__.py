"""Start vectord: `python -m reference_impl.vectord --port 5215`."""

import sys

from reference_impl.kit.daemon import run
from reference_impl.vectord.app import ROOM

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], ROOM))
