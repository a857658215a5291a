"""Start validatord: `python -m reference_impl.validatord --port 5221`."""

import sys

from reference_impl.kit.daemon import run
from reference_impl.validatord.app import ROOM

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], ROOM))
