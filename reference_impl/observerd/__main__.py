"""Start observerd: `python -m reference_impl.observerd --port 5219`."""

import sys

from reference_impl.kit.daemon import run
from reference_impl.observerd.app import ROOM

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], ROOM))
