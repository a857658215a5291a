"""Start validatord: `python -m reference_impl.validatord --port 5221`."""

import sys

from reference_impl.kit.daemon import run
from reference_impl.validatord.app import NAME, make_operations
from reference_impl.validatord.config import Config

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], name=NAME, kind=Config, make_operations=make_operations))
