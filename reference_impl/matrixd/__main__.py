"""Start matrixd: `python -m reference_impl.matrixd --port 5218`."""

import sys

from reference_impl.kit.program import run_daemon

if __name__ == "__main__":
    sys.exit(run_daemon("matrixd"))
