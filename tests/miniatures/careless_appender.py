"""Appends records as many programs do, with a line end behind each and in a write of its own.

Run as a program.

Its arguments are those of `tests.batch.appender`. A death between the two writes, or another
writer, glues two records.
"""

import itertools
import os
import sys
from pathlib import Path


def main(log: str, writer: str, template: str, *sizes: str) -> None:
    """Append until somebody ends it."""
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for number, size in enumerate(itertools.cycle(map(int, sizes))):
        text = template.replace("RUN_ID", f"{writer}-{number}").replace("TASK", "x" * size)
        os.write(descriptor, text.encode())
        os.write(descriptor, b"\n")
        os.write(1, f"{writer}-{number}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
