"""Appends records to a log for as long as it lives, and says which are there.

Run by the tests as a program.

`python -m tests.batch.appender ROOT WRITER TEMPLATE SIZE…`: record I has the id WRITER-I and a task
of the next size in turn, written into the template for RUN_ID and TASK. An id is printed when its
append has returned.
"""

import itertools
import os
import sys
from pathlib import Path

import msgspec

from reference_impl.replay.store import append_run
from reference_impl.replay.wire import ReplayRun


def main(log: str, writer: str, template: str, *sizes: str) -> None:
    """Append until somebody ends it."""
    root = Path(log).parents[2]
    for number, size in enumerate(itertools.cycle(map(int, sizes))):
        text = template.replace("RUN_ID", f"{writer}-{number}").replace("TASK", "x" * size)
        append_run(root, msgspec.json.decode(text, type=ReplayRun))
        os.write(1, f"{writer}-{number}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
