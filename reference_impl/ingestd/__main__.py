"""Start ingestd: `python -m reference_impl.ingestd --port 5213`."""

import sys

from reference_impl.ingestd.app import ROOM
from reference_impl.kit.daemon import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], ROOM))
