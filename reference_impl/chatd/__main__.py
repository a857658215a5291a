"""Start chatd: `python -m reference_impl.chatd --port 5220`."""

import sys

from reference_impl.chatd.app import NAME, make_operations
from reference_impl.chatd.config import Config
from reference_impl.kit.daemon import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], name=NAME, kind=Config, make_operations=make_operations))
