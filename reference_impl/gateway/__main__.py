"""Start the gateway: `python -m reference_impl.gateway --port 5110`."""

import sys

from reference_impl.kit.program import run_daemon

if __name__ == "__main__":
    sys.exit(run_daemon("gateway"))
