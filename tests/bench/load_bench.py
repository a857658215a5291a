"""The ceiling of the load generator: `conformance load` against wrk, in one run.

Locust is added where it is installed.

All drive one trivial endpoint of a server that does next to nothing.  What is counted is exchanges
a second; the server shares the machine with each of them.

Run: `python -m tests.bench.load_bench`
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

SECONDS, USERS = 8, 50
TARGET = "/one/1"
LOAD_TEXT = """\
load:
  users: {users}
  duration: {seconds}s
  warm_up: 1s
  scenarios: {{get: {{weight: 1, steps: [{{request: {{GET: {target}}}, expect: {{status: 200}}}}]}}}}
"""
LOCUST_TEXT = """\
from locust import FastHttpUser, task
class Getter(FastHttpUser):
    @task
    def get(self):
        self.client.get("{target}", name="get")
"""


def ours(url: str, folder: Path) -> float:
    """Return the exchanges a second of `conformance load`."""
    file = folder / "load.yaml"
    file.write_text(LOAD_TEXT.format(users=USERS, seconds=SECONDS, target=TARGET))
    words = [
        "load",
        str(file),
        "--runtime",
        f"server={url}",
        "--runs",
        str(folder / "runs"),
        "--json",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "conformance", *words],
        capture_output=True,
        check=True,
        env={**os.environ},
    )
    report = json.loads(done.stdout)
    assert not report["red"]
    print(f"  (load: {report['generator']})")
    return float(report["exchanges_per_s"])


def wrk(url: str) -> float | None:
    """Return the requests a second of wrk, None where it is not installed."""
    if shutil.which("wrk") is None:
        return None
    words = ["wrk", "-t2", f"-c{USERS}", f"-d{SECONDS}s", url + TARGET]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec: *([0-9.]+)", said)
    return float(found[1]) if found else None


def locust(url: str, folder: Path) -> float | None:
    """Return the requests a second of Locust in two processes, None where it is not installed."""
    if find_spec("locust") is None:
        return None
    file = folder / "locustfile.py"
    file.write_text(LOCUST_TEXT.format(target=TARGET))
    words = [
        sys.executable,
        "-m",
        "locust",
        "-f",
        str(file),
        "--host",
        url,
        "--headless",
        "--processes",
        "2",
    ]
    words += ["--users", str(USERS), "--spawn-rate", str(USERS), "--run-time", f"{SECONDS}s"]
    subprocess.run(
        [*words, "--csv", str(folder / "l")], capture_output=True, check=True, cwd=folder
    )
    last = (folder / "l_stats.csv").read_text().splitlines()[-1].split(",")
    header = (folder / "l_stats.csv").read_text().splitlines()[0].split(",")
    return float(last[header.index("Requests/s")])


def main() -> None:
    """Print a row a tool."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.fast_server"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            own = ours(url, folder)
            rates = {"conformance load": own, "wrk": wrk(url), "locust": locust(url, folder)}
        for tool, rate in rates.items():
            told = "not installed" if rate is None else f"{rate:,.0f} exchanges/s, {rate / own:.2f}"
            print(f"{tool:<18} {told}")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
