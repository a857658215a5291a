"""Start embedd: `python -m reference_impl.embedd --port 5216`."""

import sys

from reference_impl.embedd.app import ROOM
from reference_impl.kit.daemon import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], ROOM))
