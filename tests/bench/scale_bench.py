"""What a case takes as runs grow: CPU, memory and record, by the number of cases and of runtimes.

Run: `python -m tests.bench.scale_bench`; `--cases 1000,10000` and `--runtimes 2` are smaller forms,
`--trace` adds what each case keeps while the suites are read, file and line first, by tracemalloc.

`list` reads the same suites and asks nobody: what it takes is what the cases themselves take.  CPU
of a case or an exchange is what more of them add to the smallest run of the table, so that a start
is not in it.  All runtimes give the same answers, and the suites are read from YAML each time.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench.workload import ENVIRONMENT, Use, fast_server, measured, write_suites

LIMIT_MIB: Final = 200
CASES_OF_RUNTIMES: Final = 10_000
_COMMAND: Final = ("env", "CONFORMANCE_NO_CACHE=1", sys.executable, "-m", "conformance")
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
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=_numbers, default=_numbers("1000,10000,100000"))
    options.add_argument("--runtimes", type=_numbers, default=_numbers("2,4,8"))
    options.add_argument(
        "--trace", action="store_true", help="say what the cases keep, by file and line"
    )
    chosen = options.parse_args()
    with fast_server() as url, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in {*chosen.cases, CASES_OF_RUNTIMES}:
            write_suites(folder / str(count), count)
        _by_cases(folder, chosen.cases, url)
        _by_runtimes(folder, chosen.runtimes, url)
        if chosen.trace:
            suites = folder / str(min(chosen.cases))
            subprocess.run((sys.executable, "-c", _TRACE, str(suites)), env=ENVIRONMENT, check=True)


def _numbers(text: str) -> list[int]:
    return sorted(map(int, text.split(",")))


def _by_cases(folder: Path, counts: list[int], url: str) -> None:
    """Print a row for each number of cases on two runtimes."""
    print(
        "    cases   list                    run                     more CPU a case  record a case"
    )
    first: tuple[int, float] | None = None
    for count in counts:
        listed = measured((*_COMMAND, "list", str(count)), folder)
        run = _run(folder, count, 2, url)
        record = _record_bytes(folder)
        first = first or (count, run.cpu_s)
        print(
            f"{count:>9}   {_shown(listed)}   {_shown(run)}   {_more(first, count, run, 1):>15}"
            f"  {record / count:>11.0f} B",
            flush=True,
        )
    print(f"to reach: the same in each row, and < {LIMIT_MIB} MiB\n")


def _by_runtimes(folder: Path, numbers: list[int], url: str) -> None:
    """Print a row for each number of runtimes that agree."""
    print(f"runtimes   run of {CASES_OF_RUNTIMES} cases     more CPU an exchange")
    first: tuple[int, float] | None = None
    for number in numbers:
        run = _run(folder, CASES_OF_RUNTIMES, number, url)
        first = first or (number, run.cpu_s)
        more = _more(first, number, run, CASES_OF_RUNTIMES)
        print(f"{number:>8}   {_shown(run)}   {more:>20}", flush=True)
    print("to reach: the same in each row")


def _more(first: tuple[int, float], count: int, run: Use, times: int) -> str:
    """Return what each more of something took, `times` exchanges or cases of it each."""
    least, cpu_s = first
    if count == least:
        return ""
    return f"{(run.cpu_s - cpu_s) / (count - least) / times * 1e6:.0f} us"


def _run(folder: Path, count: int, runtimes: int, url: str) -> Use:
    shutil.rmtree(folder / "runs", ignore_errors=True)
    named = [f"--runtime=r{number}={url}/one" for number in range(runtimes)]
    return measured((*_COMMAND, "run", str(count), "--runs", "runs", *named), folder)


def _record_bytes(folder: Path) -> int:
    record = folder / "runs/latest/run.ndjson"
    return record.stat().st_size


def _shown(use: Use) -> str:
    return f"{use.peak_mib:6.0f} MiB {use.cpu_s:7.2f} s CPU"


if __name__ == "__main__":
    main()
