"""The folders of saved runs: lookup, the link to the latest, and the header of a new run."""

from pathlib import Path
from typing import Final

from conformance.errors import RunRecordError
from conformance.model.decision import Ledger
from conformance.model.run import NO_DEMANDS, Demands, RunHeader
from conformance.model.shard import Shard
from conformance.project.stamp import new_stamp

DEFAULT_RUNS: Final = Path("reports/runs")
LATEST: Final = "latest"


def new_header(
    ledger: Ledger,
    unselected: frozenset[str],
    baseline: str | None,
    shard: Shard | None = None,
    demands: Demands | None = None,
) -> RunHeader:
    """Return the header of a run that starts now."""
    return RunHeader(
        **new_stamp(),
        runtimes=(),
        baseline=baseline,
        ledger_file=ledger.file,
        ledger_digest=ledger.digest,
        unselected=unselected,
        shard=shard,
        demands=demands or NO_DEMANDS,
    )


def find_run(runs: Path, name: str) -> Path:
    """Return the folder of a saved run, given its id, its folder, or `latest`."""
    for folder in (runs / name, Path(name)):
        if folder.is_dir():
            return folder.resolve()
    raise RunRecordError(
        f"no run {name!r} in {runs}",
        hint="`conformance run` makes one; --runs names another folder",
    )


def begin_run(runs: Path, run_id: str) -> None:
    """Make the folder of a run, and make it the latest one.

    This is done at the start, so that after an early end no older run counts as the latest.
    """
    (runs / run_id).mkdir(parents=True, exist_ok=True)
    point_latest(runs, run_id)


def point_latest(runs: Path, run_id: str) -> None:
    """Make `latest` point to a run, atomically."""
    link = runs / f".latest-{run_id}"
    link.symlink_to(run_id)
    link.replace(runs / LATEST)
