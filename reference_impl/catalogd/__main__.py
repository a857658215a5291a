"""Start catalogd: `python -m reference_impl.catalogd --port 5212`."""

import sys

from reference_impl.catalogd.app import ROOM
from reference_impl.kit.daemon import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], ROOM))
