"""Start catalogd: `python -m reference_impl.catalogd --port 5212`."""

import sys

from reference_impl.kit.program import run_daemon

if __name__ == "__main__":
    sys.exit(run_daemon("catalogd"))
