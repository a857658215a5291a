"""How long the whole stack takes to be ready, and what its gateway carries.

It also measures what the stack holds in memory idle.

Run: `python -m tests.bench.stack_bench`; it needs `wrk`. The stack runs as `up` runs it, a process
a daemon, on free ports in a folder of its own, logging warnings only.

Ready is the wall time from the command to its last line, the least of three starts. Resident memory
is read 2 s after the last start, added over the daemons, each page they share counted in each (RSS)
and once in all (PSS); the supervisor is named apart. Requests are `POST /v1/validate` of a valid
email, 32 connections for 5 s, straight to validatord and through the gateway; CPU is that of the
daemons asked.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

STARTS = 3
SECONDS = 5
CONNECTIONS = 32
MIB = 1024
SCRIPT = """
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = '{"kind":"email","artifact":{"to":"a@example.com","subject":"Your shift","body":"Hello, it starts at 7."}}'
"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "stack.toml"
        config.write_text('[stack]\nlog_level = "warning"\n')
        command = [sys.executable, "-m", "reference_impl"]
        flags = ["--config", str(config), "--data-dir", f"{folder}/data"]
        ready_s = []
        for start in range(STARTS):
            started_s = time.monotonic()
            subprocess.run(
                [*command, "up", "--free-ports", "--detach", *flags],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            ready_s.append(time.monotonic() - started_s)
            if start < STARTS - 1:
                subprocess.run([*command, "down", *flags], check=True, stdout=subprocess.DEVNULL)
        try:
            print(f"ready: {min(ready_s):.1f} s (least of {STARTS}; load {os.getloadavg()[0]:.1f})")
            time.sleep(2)
            show(json.loads((Path(folder) / "data/stack/state.json").read_text()), Path(folder))
        finally:
            subprocess.run([*command, "down", *flags], check=True, stdout=subprocess.DEVNULL)


def show(state: dict[str, Any], folder: Path) -> None:
    """Print memory and throughput of a running stack."""
    daemons = {daemon["name"]: daemon for daemon in state["daemons"]}
    memory = {
        name: [memory_mib(daemon["pid"], which) for which in ("Rss", "Pss")]
        for name, daemon in daemons.items()
    }
    for name, (rss, pss) in memory.items():
        print(f"  {name:<11} {rss:4.0f} MiB RSS  {pss:4.0f} MiB PSS")
    rss, pss = (sum(column) for column in zip(*memory.values(), strict=True))
    print(f"memory, {len(memory)} daemons idle: {rss:.0f} MiB RSS, {pss:.0f} MiB PSS")
    print(f"supervisor: {memory_mib(state['pid'], 'Rss'):.0f} MiB RSS")
    for name, asked in {
        "direct": ("validatord",),
        "through the gateway": ("gateway", "validatord"),
    }.items():
        pids = [daemons[daemon]["pid"] for daemon in asked]
        load(daemons[asked[0]]["url"], folder, 1)
        before_s = sum(map(cpu_s, pids))
        text = load(daemons[asked[0]]["url"], folder, SECONDS)
        spent_s = sum(map(cpu_s, pids)) - before_s
        requests = int(found(r"(\d+) requests in", text))
        rate = found(r"Requests/sec: +([0-9]+)", text)
        print(f"/v1/validate {name}: {rate}/s, {spent_s / requests * 1e6:.0f} µs CPU each")


def load(url: str, folder: Path, seconds: int) -> str:
    """Put wrk on a URL."""
    script = folder / "validate.lua"
    script.write_text(SCRIPT)
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds}s",
        "-s",
        str(script),
        f"{url}/v1/validate",
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(text)
    return text


def memory_mib(pid: int, which: str) -> float:
    """Read RSS or PSS of a process."""
    return int(found(rf"(?m)^{which}: +(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text())) / MIB


def cpu_s(pid: int) -> float:
    """Read the CPU time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def found(pattern: str, text: str) -> str:
    """Find a figure in a text."""
    match = re.search(pattern, text)
    assert match is not None, text
    return match[1]


if __name__ == "__main__":
    main()
