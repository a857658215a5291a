"""Start embedd: `python -m reference_impl.embedd --port 5216`."""

import sys

from reference_impl.kit.program import run_daemon

if __name__ == "__main__":
    sys.exit(run_daemon("embedd"))
