"""Start storaged: `python -m reference_impl.storaged --port 5211`."""

import sys

from reference_impl.kit.daemon import run
from reference_impl.storaged.app import ROOM

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], ROOM))
