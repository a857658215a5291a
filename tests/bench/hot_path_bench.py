"""How fast a search goes client → gateway → matrixd → vectord.

It is measured by the way in which one daemon calls the next.

Run: `python -m tests.bench.hot_path_bench`; it needs `wrk`, and the candidates `aiohttp` and
`httpx` where they are not there already (`pip install aiohttp`).

The daemons are stand-ins on the real kit, a process each, log level warning. `search` goes through
all three, `gateway` through the gateway to the last one only. Candidates take turns, three times;
the best of each figure counts, because other work on the machine can only slow it. CPU is what all
daemons of the row used per request, user and system.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.client_candidates import CANDIDATES
from tests.bench.hot_path_room import DIM

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 3
SECONDS = 4
CONNECTIONS = 32
WANTED = {"gateway": 1200, "search": 800}
CHAINS = {"gateway": ("vectord", "gateway"), "search": ("vectord", "matrixd", "gateway")}
SCRIPT = f"""
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = '{{"vector":[{",".join(["0.125"] * DIM)}],"k":10,"corpora":["workers"]}}'
"""


def main() -> None:
    """Measure and print."""
    best: dict[tuple[str, str], tuple[float, float, float]] = {}
    for turn in range(ROUNDS):
        for candidate in CANDIDATES:
            for what, roles in CHAINS.items():
                print(f"turn {turn + 1} of {ROUNDS}: {candidate} {what}", file=sys.stderr)
                seen = measured(candidate, roles)
                best[candidate, what] = max(best.get((candidate, what), seen), seen)
    print(
        "| client | what | requests/s | wanted | p99 ms | CPU of the daemons, µs a request "
        "|\n|---|---|---|---|---|---|"
    )
    for (candidate, what), (rate, p99_ms, cpu_us) in best.items():
        print(
            f"| {candidate} | {what} | {rate:.0f} | {WANTED[what]} | {p99_ms:.1f} | {cpu_us:.0f} |"
        )


def measured(candidate: str, roles: tuple[str, ...]) -> tuple[float, float, float]:
    """Run a chain, its last daemon first, under load.

    The results are requests a second, p99 in ms, and CPU µs a request.
    """
    with ExitStack() as stack:
        url, pids = "", []
        for role in roles:
            pid, url = stack.enter_context(stand_in(role, candidate, url))
            pids.append(pid)
        load(url, 1)
        before_s = sum(map(cpu_s, pids))
        text = load(url, SECONDS)
        spent_s = sum(map(cpu_s, pids)) - before_s
    if "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(text)
    requests = int(found(r"(\d+) requests in", text))
    return (
        float(found(r"Requests/sec:\s+([\d.]+)", text)),
        ms(found(r"\n +99% +(\S+)", text)),
        spent_s / requests * 1e6,
    )


@contextmanager
def stand_in(role: str, candidate: str, next_url: str) -> Iterator[tuple[int, str]]:
    """Run a stand-in; gives its process id and URL."""
    command = [
        sys.executable,
        "-m",
        "tests.bench.hot_path_room",
        role,
        "--port",
        "0",
        "--log-level",
        "warning",
    ]
    command += ["--candidate", candidate, "--next-url", next_url]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield process.pid, process.stderr.readline().removeprefix("listening on ").strip()
        finally:
            process.terminate()


def load(url: str, seconds: int) -> str:
    """Put wrk on a URL."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "search.lua"
        script.write_text(SCRIPT)
        command = [
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds}s",
            "--latency",
            "-s",
            str(script),
            f"{url}/v1/search",
        ]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def cpu_s(pid: int) -> float:
    """Read the CPU time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def found(pattern: str, text: str) -> str:
    """Find a figure in wrk's output."""
    match = re.search(pattern, text)
    assert match is not None, text
    return match[1]


def ms(text: str) -> float:
    """Read a duration as wrk writes it."""
    for unit, factor in (("us", 0.001), ("ms", 1.0), ("s", 1000.0)):
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * factor
    raise ValueError(text)


if __name__ == "__main__":
    main()
