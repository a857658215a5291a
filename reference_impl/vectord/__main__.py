"""Start vectord: `python -m reference_impl.vectord --port 5215`."""

import sys

from reference_impl.kit.program import run_daemon

if __name__ == "__main__":
    sys.exit(run_daemon("vectord"))
