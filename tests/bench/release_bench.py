"""CPU of a run compared with an earlier release.

It uses answers of the same bytes and answers that never have the same bytes.

Run, with a checkout of the release in a folder of its own:

    git worktree add /tmp/release COMMIT
    python -m tests.bench.release_bench /tmp/release

Each turn runs both, one after the other; the least of all turns counts.  `cold` is a run whose
cache folder is empty, so that it reads all suites and writes what it keeps of them.  Below that
stands what two objects of 50,000 unlike members take, in a process of its own, to compare.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench.workload import ROOT, fast_server, measured, write_suites

LIMIT_S, LIMIT_MIB = 1.0, 100
_RUNTIMES: Final = {
    "the same bytes, 2 runtimes": ("one", "one"),
    "never the same bytes, 2 runtimes": ("one", "other"),
    "never the same bytes, 3 runtimes": ("one", "other", "one"),
}
_UNLIKE: Final = """
import json, resource, time
from conformance.comparison.case_result import compared
from conformance.errors import Place
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.observation import Answer, Cell
from conformance.model.request import Request
bodies = [json.dumps({f"{letter}{n}": n for n in range(50_000)}).encode() for letter in "ab"]
answers = [Answer(status=200, reason="", headers=(("content-type", "application/json"),), body=body, elapsed_ms=1)
           for body in bodies]
cells = [Cell(runtime=name, live=True, observations=(each,)) for name, each in zip("ab", answers)]
case = Case(suite="s", name="c", place=Place("s"), against=None, compare=CompareLevel.VALUE, timeout_ms=10_000,
            steps=(Step(request=Request(method="GET", target="/")),))
started = time.process_time()
result = compared(case, cells, None)
assert len(result.comparison.findings) == 200 and result.comparison.more_findings
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{time.process_time() - started:.2f} s CPU, {peak:.0f} MiB at the peak")
"""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("release", type=Path, help="a checkout of the release")
    options.add_argument("--cases", type=int, default=2_000)
    options.add_argument("--turns", type=int, default=3)
    chosen = options.parse_args()
    checkouts = {"release": chosen.release.resolve(), "now, cold": ROOT, "now": ROOT}
    with fast_server() as url, tempfile.TemporaryDirectory() as folder:
        write_suites(Path(folder) / "suites", chosen.cases)
        for what, below in _RUNTIMES.items():
            words = [
                word
                for name, part in zip("abc", below, strict=False)
                for word in ("--runtime", f"{name}={url}/{part}")
            ]
            least = dict.fromkeys(checkouts, float("inf"))
            for _ in range(chosen.turns):
                for name, checkout in checkouts.items():
                    if "cold" in name:
                        shutil.rmtree(Path(folder) / "cache", ignore_errors=True)
                    least[name] = min(least[name], _cpu_s(checkout, words, Path(folder)))
            warm, cold = (least[name] / least["release"] for name in ("now", "now, cold"))
            print(
                f"{what}: {least['now']:.2f} s CPU, {warm:.2f} times the release's "
                f"{least['release']:.2f} s; cold {least['now, cold']:.2f} s, {cold:.2f} times",
                flush=True,
            )
        measured((sys.executable, "-c", _UNLIKE), Path(folder))
        told = (Path(folder) / "output").read_text(encoding="utf-8").strip()
        print(
            f"two objects of 50,000 unlike members: {told}; to reach: < {LIMIT_S} s, < "
            f"{LIMIT_MIB} MiB"
        )


def _cpu_s(checkout: Path, runtimes: list[str], folder: Path) -> float:
    """Return the CPU time of a run of all suites by one checkout."""
    command = (
        "env",
        f"PYTHONPATH={checkout}",
        f"XDG_CACHE_HOME={folder / 'cache'}",
        sys.executable,
        "-m",
        "conformance",
        "run",
        "suites",
        "--runs",
        "runs",
    )
    return measured((*command, *runtimes), folder, red_is_fine=True).cpu_s


if __name__ == "__main__":
    main()
