"""Start pathwayd: `python -m reference_impl.pathwayd --port 5217`."""

import sys

from reference_impl.kit.program import run_daemon

if __name__ == "__main__":
    sys.exit(run_daemon("pathwayd"))
