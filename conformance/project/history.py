"""Earlier runs of the same command, from the reports in neighbouring folders.

Two commands are the same if they differ only in URLs.  Only earlier runs count, so that the report
of an old run does not change when newer runs come.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from conformance.errors import UNREADABLE_JSON
from conformance.model.run import RunHeader
from conformance.reporting.html.past_run import SHOWN_RUNS, PastRun

# A limit on the reports that are read, also if none of them is of the same command
_LOOKED_AT: Final = 200
_URL: Final = re.compile(r"=https?://[^\s']+")


class _Saved(Struct, frozen=True, kw_only=True):
    """The members of a run's `report.json` that are used here."""

    class Header(Struct, frozen=True, kw_only=True):
        run_id: str
        started: str
        command: str
        commit: str

    red: bool
    counts: dict[str, int]
    run: Header


def past_runs(folder: Path, header: RunHeader) -> Sequence[PastRun]:
    """Return the last runs of the same command before a run, the oldest first.

    A report that cannot be read is skipped.
    """
    alike = (saved for saved in _saved_beside(folder) if _before(saved.run, header))
    last = itertools.islice(alike, SHOWN_RUNS - 1)
    runs = [
        PastRun(
            run_id=saved.run.run_id,
            started=saved.run.started,
            commit=saved.run.commit,
            red=saved.red,
            counts=saved.counts,
        )
        for saved in last
    ]
    return sorted(runs, key=lambda run: (run.started, run.run_id))


def _saved_beside(folder: Path) -> Iterator[_Saved]:
    """Yield the reports in earlier folders next to that of a run, the newest first."""
    beside = sorted(
        (other for other in folder.parent.iterdir() if other.name < folder.name), reverse=True
    )
    for other in beside[:_LOOKED_AT]:
        try:
            yield msgspec.json.decode((other / "report.json").read_bytes(), type=_Saved)
        except (OSError, *UNREADABLE_JSON):
            continue


def _before(run: _Saved.Header, header: RunHeader) -> bool:
    earlier = (run.started, run.run_id) < (header.started, header.run_id)
    return earlier and _kind_of(run.command) == _kind_of(header.command)


def _kind_of(command: str) -> str:
    return _URL.sub("=URL", command)
