"""Start queryd: `python -m reference_impl.queryd --port 5214`."""

import sys

from reference_impl.kit.program import run_daemon

if __name__ == "__main__":
    sys.exit(run_daemon("queryd"))
