"""Answers that take too long to compare, from the command line: errored, and said once."""

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, always, json_reply, serve

PATIENCE_S: Final = 60
SUITE: Final = """\
suite: s
timeout_ms: {timeout}
cases:
  - {{name: large, request: {{GET: /}}}}
"""


def test_a_case_that_takes_too_long_to_compare(tmp_path: Path) -> None:
    """Two recordings that cannot be compared in a millisecond make the case errored.

    The run goes on.
    """
    for name in ("a", "b"):
        (tmp_path / "s.yaml").write_text(SUITE.format(timeout=60_000))
        large = [{f"{name}{number}": number} for number in range(2_000)]
        with serve(always(large)) as url:
            conformance(
                "record",
                "s.yaml",
                "--runtime",
                f"{name}={url}",
                "--output",
                f"{name}.ndjson",
                cwd=tmp_path,
            )
    (tmp_path / "s.yaml").write_text(
        SUITE.format(timeout=1) + "  - {name: other, request: {GET: /other}}\n"
    )
    (tmp_path / "runtimes.yaml").write_text(
        "runtimes:\n  a: {recording: a.ndjson}\n  b: {recording: b.ndjson}\n"
    )
    done = conformance("run", "s.yaml", cwd=tmp_path, CONFORMANCE_REQUIRE_LIVE="")
    report = json.loads((tmp_path / "reports/runs/latest/report.json").read_text())

    why = "comparison_budget: step 1: comparing the answers took more than 1 ms of CPU time"
    assert f"errored   s/large  (s.yaml:4:5)\n          {why}\n" in done.stdout
    assert (
        "answers of a, b took too long to compare: faulted comparison_budget — 1 of 2 cases\n"
        in done.stdout
    )
    assert "errored   s/other" in done.stdout
    assert "\nRED: 2 errored\n" in done.stdout
    assert report["counts"]["errored"] == 2
    assert done.returncode == 1


def test_a_signal_ends_a_comparison_at_once(tmp_path: Path) -> None:
    """The comparison is made beside the loop that hears signals; the record is kept."""
    (tmp_path / "s.yaml").write_text(SUITE.format(timeout=600_000))
    bodies = [[{f"{letter}{number}": number} for number in range(60_000)] for letter in "ab"]
    asked = threading.Semaphore(0)

    def service(body: object) -> Service:
        def answer(_: Received) -> Reply:
            asked.release()
            return json_reply(body)

        return answer

    with serve(service(bodies[0])) as first, serve(service(bodies[1])) as other:
        words = ("--runtime", f"a={first}", "--runtime", f"b={other}")
        command = [sys.executable, "-m", "conformance", "run", "s.yaml", *words]
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as run:
            assert all(asked.acquire(timeout=PATIENCE_S) for _ in bodies)
            time.sleep(1)
            assert run.poll() is None
            run.send_signal(signal.SIGTERM)
            _, errors = run.communicate(timeout=PATIENCE_S)
    assert errors.strip() == "interrupted; what was written so far is kept"
    assert run.returncode == 130
    record = next((tmp_path / "reports/runs").glob("2*/run.ndjson")).read_text()
    assert [json.loads(line)["line"] for line in record.splitlines()] == ["header"]
