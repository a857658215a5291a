"""Start chatd: `python -m reference_impl.chatd --port 5220`."""

import sys

from reference_impl.kit.program import run_daemon

if __name__ == "__main__":
    sys.exit(run_daemon("chatd"))
