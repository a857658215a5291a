"""A command that leaves what nobody should open, with habits to choose from its first argument.

`pipes` puts a pipe in the place of its input, `links` a link to another file; `hides` makes its
output stream a pipe; `swaps` puts a link to another folder in the place of its own; `digs` leaves
folders in one another, deeper than Python goes; `inflates` leaves a sparse file of 1 TiB,
`replaces` makes its input one; `leads` puts links where the next step's files will be, to the
folder in its second argument.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

GIVEN = Path("in.jsonl")
TIB = 1 << 40


def pipes() -> None:
    GIVEN.unlink()
    os.mkfifo(GIVEN)


def links() -> None:
    GIVEN.unlink()
    GIVEN.symlink_to("/etc/hostname")


def hides() -> None:
    Path("../stdout").unlink()
    os.mkfifo("../stdout")


def swaps() -> None:
    here = Path.cwd()
    here.rename(here.with_name("elsewhere"))
    here.symlink_to("/etc")


def digs() -> None:
    for _ in range(3000):
        Path("d").mkdir()
        os.chdir("d")


def inflates() -> None:
    with Path("large.bin").open("wb") as file:
        file.truncate(TIB)


def replaces() -> None:
    with GIVEN.open("wb") as file:
        file.truncate(TIB)


def leads() -> None:
    outside = Path(sys.argv[2])
    Path("next.txt").symlink_to(outside / "next.txt")
    Path("folder").symlink_to(outside)


HABITS: dict[str, Callable[[], None]] = {
    "pipes": pipes,
    "links": links,
    "hides": hides,
    "swaps": swaps,
    "digs": digs,
    "inflates": inflates,
    "replaces": replaces,
    "leads": leads,
}

if __name__ == "__main__":
    HABITS[sys.argv[1]]()
