"""Rows a second of the materializer in three languages.

It also measures the memory that a gigabyte of sources takes.

Run: `python -m tests.bench.materializer_bench [--rows 240000] [--rounds 3] [--gigabyte]`; the peers
must be built.

The rows are those of `cases/batch` that a record is made of, over all twelve sources, each made
unlike all others by a member of its own and put on one of `DAYS` days. The runtimes run one after
the other, `--rounds` times, each into a root that is made again; told are medians, and their ratio
to Go's. Trees that are not equal byte for byte fail the bench. CPU (user and system) and peak
memory are what the kernel counted for the one process.

With `--gigabyte` there is 1 GB of rows, each runtime runs once, and memory is held against
`MOST_MIB`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reference_impl.materializer.errors import RowError
from reference_impl.materializer.service.members import check_members
from reference_impl.materializer.service.row import read_row
from reference_impl.materializer.service.transforms import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "cases/batch/data/data/_kb"
COMMANDS = {
    "go": [str(ROOT / "peers/go/bin/lakehouse")],
    "python": [sys.executable, "-m", "reference_impl"],
    "typescript": [
        str(ROOT / "peers/ts/node_modules/.bin/bun"),
        str(ROOT / "peers/ts/src/main.ts"),
    ],
}
TIMES = ("ts", "analyzed_at", "reviewed_at", "extracted_at", "created_at", "finished_at")
DAYS = 7
MOST_MIB = 200
GIGABYTE = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one run of one runtime took."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    tree: str


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--rows", type=int, default=240_000, help="rows over all sources (default: %(default)s)"
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="runs of each runtime (default: %(default)s)"
    )
    parser.add_argument(
        "--gigabyte", action="store_true", help="1 GB of rows, one run of each runtime"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder) / "sources"
        rows, size = write_sources(sources, GIGABYTE if options.gigabyte else None, options.rows)
        print(
            f"{rows} rows, {size / 1e6:.0f} MB, {len(list(sources.iterdir()))} sources; load "
            f"{os.getloadavg()[0]:.1f}"
        )
        rounds = 1 if options.gigabyte else options.rounds
        spent: dict[str, list[Spent]] = {name: [] for name in COMMANDS}
        for _, name in itertools.product(range(rounds), COMMANDS):
            spent[name].append(run(name, sources, Path(folder) / "root"))
    if len({one.tree for each in spent.values() for one in each}) != 1:
        sys.exit("the three trees are not equal")
    show(spent, rows)
    if options.gigabyte and any(one.peak_mib > MOST_MIB for each in spent.values() for one in each):
        sys.exit(f"a runtime took more than {MOST_MIB} MiB")


def write_sources(folder: Path, wanted_bytes: int | None, wanted_rows: int) -> tuple[int, int]:
    """Write the twelve sources; give how many rows and bytes they have."""
    folder.mkdir()
    rows = size = 0
    samples = {file.stem: list(good_rows(file)) for file in sorted(SAMPLES.glob("*.jsonl"))}
    for name, templates in samples.items():
        with (folder / f"{name}.jsonl").open("wb", buffering=1 << 20) as out:
            share_bytes = (wanted_bytes or 0) // len(samples)
            left = share_bytes or wanted_rows // len(samples)
            for number, template in enumerate(itertools.cycle(templates)):
                if left <= 0:
                    break
                line = varied(template, number)
                out.write(line)
                left -= len(line) if share_bytes else 1
                rows += 1
                size += len(line)
    return rows, size


def good_rows(file: Path) -> Iterator[dict[str, Any]]:
    """Give the rows of a sample that a record is made of."""
    for line in file.read_bytes().splitlines():
        with contextlib.suppress(RowError):
            row = read_row(line)
            check_members(row, TRANSFORMS[file.stem].members)
            yield json.loads(line)


def varied(template: dict[str, Any], number: int) -> bytes:
    """Write a row that no other is like, on one of a few days."""
    row = {**template, "number": number}
    for name in TIMES:
        if isinstance(row.get(name), str):
            row[name] = f"2026-11-{1 + number % DAYS:02}T{number % 24:02}:{number % 60:02}:00Z"
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def run(name: str, sources: Path, root: Path) -> Spent:
    """Run one materializer on a fresh root."""
    shutil.rmtree(root, ignore_errors=True)
    (root / "data").mkdir(parents=True)
    (root / "data/_kb").symlink_to(sources)
    environment = {
        **os.environ,
        "CONFORMANCE_CLOCK": "2026-11-25T12:00:00Z",
        "PYTHONPATH": str(ROOT),
    }
    command = [*COMMANDS[name], "materializer", "--root", str(root)]
    started_s = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.monotonic() - started_s
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{name} ended with {process.returncode}")
    (sources / "distillation_skips.jsonl").unlink(missing_ok=True)
    cpu_s = usage.ru_utime + usage.ru_stime
    return Spent(
        wall_s=wall_s,
        cpu_s=cpu_s,
        peak_mib=usage.ru_maxrss / 1024,
        tree=digest(root / "data/evidence"),
    )


def digest(folder: Path) -> str:
    """Give one digest of all files below a folder, their names included."""
    whole = hashlib.sha256()
    for file in sorted(folder.rglob("*.jsonl")):
        with file.open("rb") as content:
            whole.update(
                f"{file.relative_to(folder)} "
                f"{hashlib.file_digest(content, 'sha256').hexdigest()}\n".encode()
            )
    return whole.hexdigest()


def show(spent: dict[str, list[Spent]], rows: int) -> None:
    """Print a row a runtime."""
    print("| runtime | rows/s | CPU a row | CPU, to Go | wall, to Go | peak memory |")
    print("|---|--:|--:|--:|--:|--:|")
    median = {
        name: [
            statistics.median(getattr(one, what) for one in each)
            for what in ("wall_s", "cpu_s", "peak_mib")
        ]
        for name, each in spent.items()
    }
    for name, (wall_s, cpu_s, peak_mib) in median.items():
        to_go = f"{cpu_s / median['go'][1]:.2f} | {wall_s / median['go'][0]:.2f}"
        print(
            f"| {name} | {rows / wall_s:,.0f} | {cpu_s / rows * 1e6:.1f} µs | {to_go} | "
            f"{peak_mib:.0f} MiB |"
        )


if __name__ == "__main__":
    main()
