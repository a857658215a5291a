"""A run of isolated cases on one process, and on one for each CPU.

    python -m tests.bench.jobs_bench [--cases 10000] [--turns 5]

Both take turns; the least of all turns counts.  The server is a process of its own on the same
machine: what it takes is not in the CPU time of a run, but it has the same cores.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench.workload import Use, fast_server, measured, write_suites

JOBS: Final = ("1", "auto")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=10_000)
    options.add_argument("--turns", type=int, default=5)
    chosen = options.parse_args()
    uses: dict[str, list[Use]] = {jobs: [] for jobs in JOBS}
    with tempfile.TemporaryDirectory() as name, fast_server() as url:
        folder = Path(name)
        write_suites(folder / "suites", chosen.cases)
        for file in (folder / "suites").glob("*.yaml"):
            file.write_text(file.read_text().replace("cases:\n", "isolate: names\ncases:\n", 1))
        for _ in range(chosen.turns):
            for jobs, seen in uses.items():
                seen.append(_run(folder, url, jobs))
    one, many = (_least(uses[jobs]) for jobs in JOBS)
    print(f"{chosen.cases} cases on 2 runtimes, the same bytes from both")
    print(f"--jobs 1     {one.wall_s:.2f} s, {one.cpu_s:.2f} s CPU")
    print(f"--jobs auto  {many.wall_s:.2f} s, {many.cpu_s:.2f} s CPU")
    print(f"{one.wall_s / many.wall_s:.2f} times as fast; to reach on two cores: 1.7")


def _run(folder: Path, url: str, jobs: str) -> Use:
    words = ("run", "suites", "--quiet", "--jobs", jobs)
    runtimes = ("--runtime", f"a={url}/one", "--runtime", f"b={url}/one")
    return measured([sys.executable, "-m", "conformance", *words, *runtimes], folder)


def _least(uses: list[Use]) -> Use:
    return Use(
        cpu_s=min(use.cpu_s for use in uses),
        wall_s=min(use.wall_s for use in uses),
        peak_mib=max(use.peak_mib for use in uses),
    )


if __name__ == "__main__":
    main()
