"""CPU of `conformance run` until its first request arrives, beside other checkouts.

    python -m tests.bench.start_bench [CHECKOUT]…

The server asks the kernel what the process that runs has used (`/proc/PID/schedstat`, Linux only)
when its first request arrives.  Checkouts take turns; the least of all turns counts.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench.workload import ENVIRONMENT, ROOT
from tests.miniatures.server import Received, Reply, serve

TURNS: Final = 8
_NS_PER_MS: Final = 1_000_000
_SUITE: Final = "suite: bench/start\ncases:\n  - {name: one, request: {GET: /}}\n"


class FirstRequest:
    """A service that notes what a process has used by the time of the first request."""

    def __init__(self) -> None:
        self.process = 0
        self.used_ms: float | None = None

    def __call__(self, _: Received) -> Reply:
        """Answer; the first time, look at the process."""
        if self.used_ms is None:
            on_cpu_ns, *_others = Path(f"/proc/{self.process}/schedstat").read_text().split()
            self.used_ms = int(on_cpu_ns) / _NS_PER_MS
        return Reply()


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("checkouts", nargs="*", type=Path, metavar="CHECKOUT")
    checkouts = [ROOT, *(each.resolve() for each in options.parse_args().checkouts)]
    least = dict.fromkeys(checkouts, float("inf"))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "start.yaml").write_text(_SUITE, encoding="utf-8")
        for _ in range(TURNS):
            for checkout in checkouts:
                least[checkout] = min(least[checkout], _used_ms(checkout, Path(folder)))
    for checkout, used_ms in least.items():
        print(f"{used_ms:.0f} ms CPU until the first request: {checkout}")


def _used_ms(checkout: Path, folder: Path) -> float:
    service = FirstRequest()
    with serve(service) as url:
        process = subprocess.Popen(
            [sys.executable, "-m", "conformance", "run", "start.yaml", "--runtime", f"a={url}",
             "--runtime", f"b={url}"],
            cwd=folder,
            env={**ENVIRONMENT, "PYTHONPATH": os.fspath(checkout)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        service.process = process.pid
        if process.wait() or service.used_ms is None:
            raise SystemExit(f"a run of {checkout} ended with {process.returncode}")
    return service.used_ms


if __name__ == "__main__":
    main()
