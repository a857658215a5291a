"""Start ingestd: `python -m reference_impl.ingestd --port 5213`."""

import sys

from reference_impl.kit.program import run_daemon

if __name__ == "__main__":
    sys.exit(run_daemon("ingestd"))
