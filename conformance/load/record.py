"""The record of a load run: NDJSON with a header, a line a runtime, and a footer; without its footer it is incomplete.

It lies in the folder of a run as `load.ndjson`, beside no `run.ndjson`: by that, readers tell the two apart.
"""

from pathlib import Path
from typing import Any, Final

import msgspec

from conformance.atomic_file import replace_file
from conformance.errors import Place, RunRecordError
from conformance.model.load import LoadHeader, LoadRun, RuntimeFigures

FORMAT: Final = 1
LOAD_NAME: Final = "load.ndjson"


def write_load(folder: Path, run: LoadRun) -> None:
    """Write the record of a load run."""
    lines: list[dict[str, Any]] = [{"line": "header", "format": FORMAT, "load": run.header}]
    lines += [{"line": "runtime", "figures": figures} for figures in run.runtimes]
    lines.append({"line": "footer", "runtimes": len(run.runtimes)})
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / LOAD_NAME, b"".join(msgspec.json.encode(line) + b"\n" for line in lines))


def is_load(folder: Path) -> bool:
    """Tell whether a folder holds a load run."""
    return (folder / LOAD_NAME).is_file()


def read_load_run(folder: Path) -> LoadRun:
    """Return a saved load run; raises RunRecordError where it is none, torn, or of another format."""
    file = folder / LOAD_NAME
    try:
        lines = [msgspec.json.decode(line) for line in file.read_bytes().splitlines()]
        if not lines or lines[0].get("format") != FORMAT:
            raise RunRecordError(f"wanted a load run of format {FORMAT}", place=Place(str(file)))
        if lines[-1].get("line") != "footer":
            raise RunRecordError("it has no footer: the load did not come to its end", place=Place(str(file)))
        return LoadRun(
            header=msgspec.convert(lines[0]["load"], LoadHeader),
            runtimes=tuple(msgspec.convert(line["figures"], RuntimeFigures) for line in lines[1:-1]),
        )
    except (OSError, KeyError, AttributeError, msgspec.MsgspecError) as error:
        raise RunRecordError(f"no load run: {error}", place=Place(str(file))) from error
