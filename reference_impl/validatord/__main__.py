"""Start validatord: `python -m reference_impl.validatord --port 5221`."""

import sys

from reference_impl.kit.program import run_daemon

if __name__ == "__main__":
    sys.exit(run_daemon("validatord"))
