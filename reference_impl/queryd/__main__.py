"""Start queryd: `python -m reference_impl.queryd --port 5214`."""

import sys

from reference_impl.kit.daemon import run
from reference_impl.queryd.app import ROOM

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], ROOM))
