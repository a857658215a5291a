"""Peak memory and CPU of runs of 1,000, 10,000 and 100,000 cases on two runtimes.

It shows whether the memory is flat.

Run: `python -m tests.bench.memory_bench`; `--cases 1000,10000` is the smaller form, `--trace` adds
what each case keeps while the suites are read, file and line first, by tracemalloc.

`list` reads the same suites and asks nobody: what it takes is what the cases themselves take.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench.workload import ENVIRONMENT, Use, fast_server, measured, write_suites

LIMIT_MIB: Final = 200
_TRACE: Final = """
import pathlib, sys, tracemalloc
from conformance.project.files import read_suites, suite_files
tracemalloc.start(1)
cases = list(read_suites(suite_files([pathlib.Path(sys.argv[1])])))
kept, peak = tracemalloc.get_traced_memory()
print(f"kept {kept / len(cases):.0f} bytes a case, of which")
for line in tracemalloc.take_snapshot().statistics("lineno")[:15]:
    at = line.traceback[0]
    print(f"  {line.size / len(cases):7.0f} bytes, {line.count / len(cases):5.1f} blocks  {at.filename}:{at.lineno}")
"""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument(
        "--cases", default="1000,10000,100000", help="numbers of cases, joined by commas"
    )
    options.add_argument(
        "--trace", action="store_true", help="say what the cases keep, by file and line"
    )
    chosen = options.parse_args()
    counts = [int(count) for count in chosen.cases.split(",")]
    with fast_server() as url, tempfile.TemporaryDirectory() as folder:
        for count in counts:
            write_suites(Path(folder) / str(count), count)
        peaks = {count: _show(Path(folder), count, url) for count in counts}
        if chosen.trace:
            suites = Path(folder) / str(counts[0])
            subprocess.run((sys.executable, "-c", _TRACE, str(suites)), env=ENVIRONMENT, check=True)
    least, most = min(counts), max(counts)
    print(
        f"{most} cases take {peaks[most] / peaks[least]:.1f} times the memory of {least}; to "
        f"reach: < {LIMIT_MIB} MiB"
    )
    if most > least:
        print(f"that is {(peaks[most] - peaks[least]) * 2**20 / (most - least):.0f} bytes a case")


def _show(folder: Path, count: int, url: str) -> float:
    """Print the row of one number of cases, and return the peak of its run."""
    command = (sys.executable, "-m", "conformance")
    runtimes = ("--runtime", f"a={url}/one", "--runtime", f"b={url}/one")
    listed = measured((*command, "list", str(count)), folder)
    run = measured((*command, "run", str(count), "--runs", "runs", *runtimes), folder)
    print(f"{count:>7} cases   list {_shown(listed)}   run {_shown(run)}", flush=True)
    return run.peak_mib


def _shown(use: Use) -> str:
    return f"{use.peak_mib:6.0f} MiB {use.cpu_s:7.2f} s CPU"


if __name__ == "__main__":
    main()
