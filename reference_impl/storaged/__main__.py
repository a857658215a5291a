"""Start storaged: `python -m reference_impl.storaged --port 5211`."""

import sys

from reference_impl.kit.program import run_daemon

if __name__ == "__main__":
    sys.exit(run_daemon("storaged"))
