"""The record of a load run: NDJSON with a header, one line per runtime, and a footer.

A record without a footer is incomplete. The file is `load.ndjson` in the folder of the run; a
folder with a `run.ndjson` is a run of cases.
"""

from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from conformance.errors import UNREADABLE_JSON, Place, RunRecordError
from conformance.load.figures import LoadHeader, LoadRun, RuntimeFigures
from conformance.records.lines import RecordLines

FORMAT: Final = 1
LOAD_NAME: Final = "load.ndjson"


class LoadWriter(RecordLines):
    """Writes the record of a load run, and keeps its content as `run`; a context manager."""

    def __init__(self, folder: Path, header: LoadHeader) -> None:
        super().__init__(folder / LOAD_NAME)
        self.run = LoadRun(header=header, runtimes=(), complete=False)
        self.row({"line": "header", "format": FORMAT, "load": header})

    def runtime(self, figures: RuntimeFigures) -> None:
        """Write the figures of one runtime."""
        self.run = replace(self.run, runtimes=(*self.run.runtimes, figures))
        self.row({"line": "runtime", "figures": figures})

    def footer(self) -> None:
        """Write that the load has finished."""
        self.run = replace(self.run, complete=True)
        self.row({"line": "footer", "runtimes": len(self.run.runtimes)})


def is_load(folder: Path) -> bool:
    """Return whether a folder holds a load run."""
    return (folder / LOAD_NAME).is_file()


def read_load_run(folder: Path) -> LoadRun:
    """Return a saved load run, complete or not.

    A torn last line is skipped. Raises RunRecordError if the folder has no load run of this format.
    """
    file = folder / LOAD_NAME
    try:
        whole = [
            line for line in file.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")
        ]
        lines = [msgspec.json.decode(line) for line in whole]
        if not lines or lines[0].get("format") != FORMAT:
            raise RunRecordError(f"wanted a load run of format {FORMAT}", place=Place(str(file)))
        return LoadRun(
            header=msgspec.convert(lines[0]["load"], LoadHeader),
            runtimes=tuple(
                msgspec.convert(line["figures"], RuntimeFigures)
                for line in lines
                if line["line"] == "runtime"
            ),
            complete=lines[-1]["line"] == "footer",
        )
    except (OSError, *UNREADABLE_JSON) as error:
        raise RunRecordError(f"no load run: {error}", place=Place(str(file))) from error
