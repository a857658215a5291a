"""The record of a load run: NDJSON with a header, a line a runtime, and a footer.

Without its footer it is incomplete.

It lies in the folder of a run as `load.ndjson`, beside no `run.ndjson`: by that, readers tell the
two apart.
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
    """Writes the record of a load run, and keeps what it holds; use as a context manager."""

    def __init__(self, folder: Path, header: LoadHeader) -> None:
        super().__init__(folder / LOAD_NAME)
        self.run = LoadRun(header=header, runtimes=(), complete=False)
        self.row({"line": "header", "format": FORMAT, "load": header})

    def runtime(self, figures: RuntimeFigures) -> None:
        """Write what a runtime made of the load."""
        self.run = replace(self.run, runtimes=(*self.run.runtimes, figures))
        self.row({"line": "runtime", "figures": figures})

    def footer(self) -> None:
        """Write that the load came to its end."""
        self.run = replace(self.run, complete=True)
        self.row({"line": "footer", "runtimes": len(self.run.runtimes)})


def is_load(folder: Path) -> bool:
    """Return whether a folder holds a load run."""
    return (folder / LOAD_NAME).is_file()


def read_load_run(folder: Path) -> LoadRun:
    """Return a saved load run, whole or not.

    Raises RunRecordError where it is none, or of another format.

    The last line of one that died may be torn: it is left out.
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
