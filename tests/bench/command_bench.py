"""The figures of the command line: CPU time of `--help`, and the probe.

The probe is measured from start to report with its runtimes up.

Run: `python tests/bench/command_bench.py`, with the peers built.  Every figure stands beside one of
the interpreter itself from the same run, because absolute times are the machine's.
"""

import contextlib
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUNDS = 9
COMMANDS = {
    "python": (sys.executable, "-m", "reference_impl", "validatord"),
    "rust": (str(ROOT / "peers/rust/target/release/lakehouse"), "serve"),
    "go": (str(ROOT / "peers/go/bin/lakehouse"), "serve"),
}


@contextlib.contextmanager
def runtimes() -> Iterator[list[str]]:
    """Start the three runtimes; yields the options that name them."""
    started, options = [], []
    try:
        for name, command in COMMANDS.items():
            process = subprocess.Popen(
                [*command, "--port", "0"], cwd=ROOT, stderr=subprocess.PIPE, text=True
            )
            started.append(process)
            assert process.stderr is not None
            while not (
                listening := re.search(r"listening on (http://\S+)", process.stderr.readline())
            ):
                pass
            options += ["--runtime", f"{name}={listening[1]}"]
        yield options
    finally:
        for process in started:
            process.terminate()
            process.wait()


def measured(*command: str) -> tuple[float, float]:
    """Return the median wall and CPU milliseconds of a command."""
    walls, cpus = [], []
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    for _ in range(ROUNDS + 1):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
        walls.append(time.monotonic() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(walls[1:]) * 1000, statistics.median(cpus[1:]) * 1000


def show(what: str, figures: tuple[float, float], interpreter: tuple[float, float]) -> None:
    """Print one row."""
    wall, cpu = figures
    print(
        f"{what:<22} wall {wall:7.0f} ms   CPU {cpu:7.0f} ms   {cpu / interpreter[1]:5.1f} "
        "interpreters"
    )


if __name__ == "__main__":
    bare = measured(sys.executable, "-c", "pass")
    show("python -c pass", bare, bare)
    show("conformance --help", measured(sys.executable, "-m", "conformance", "--help"), bare)
    with runtimes() as options, tempfile.TemporaryDirectory() as runs:
        probe = (
            sys.executable,
            "-m",
            "conformance",
            "run",
            "cases/validatord",
            "--runs",
            runs,
            *options,
        )
        show("the probe, runtimes up", measured(*probe), bare)
