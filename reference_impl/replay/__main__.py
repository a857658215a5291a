"""Replay from the command line."""

import sys

from reference_impl.replay.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
