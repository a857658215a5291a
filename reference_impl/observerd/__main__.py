"""Start observerd: `python -m reference_impl.observerd --port 5219`."""

import sys

from reference_impl.kit.program import run_daemon

if __name__ == "__main__":
    sys.exit(run_daemon("observerd"))
