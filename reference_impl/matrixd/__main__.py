"""Start matrixd: `python -m reference_impl.matrixd --port 5218`."""

import sys

from reference_impl.kit.daemon import run
from reference_impl.matrixd.app import ROOM

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], ROOM))
