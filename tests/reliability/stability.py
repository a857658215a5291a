"""R20: the same cases give the same verdicts and the same report, also on a busy machine."""

import contextlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.cli.command import conformance, settled
from tests.reliability.measurement import ROOT
from tests.reliability.row import Figure

_SLOW: Final = 0.8
"""Of the budget of an exchange: slower than this, it will be a fault one day."""
_TIMEOUT_MS: Final = 5_000
"""The default budget."""
_ELAPSED: Final = re.compile(r"\b[0-9.]+ (?:ms|s)\b")
_BUSY: Final = "while True: pass"


def repeated_runs(suite: str, quiet: int, busy: int) -> Figure:
    """Run a suite so often, with runtimes that are started again for each run."""
    with tempfile.TemporaryDirectory() as folder:
        seen = [_run(suite, Path(folder) / f"{number}") for number in range(quiet)]
        with _busy_processors():
            seen += [_run(suite, Path(folder) / f"busy{number}") for number in range(busy)]
    verdicts, reports = {one[0] for one in seen}, {one[1] for one in seen}
    slowest_ms, cases = max(one[2] for one in seen), seen[0][3]
    return Figure(
        text=(
            f"{quiet} runs and {busy} beside busy processors, {cases} cases each: "
            f"{len(verdicts) - 1} other sets of verdicts, {len(reports) - 1} other reports, the "
            f"slowest exchange {slowest_ms:.0f} ms of {_TIMEOUT_MS}"
        ),
        is_met=(
            len(verdicts) == 1
            and len(reports) == 1
            and cases > 0
            and slowest_ms < _SLOW * _TIMEOUT_MS
        ),
        numbers={"slowest_ms": slowest_ms},
    )


def _run(suite: str, runs: Path) -> tuple[str, str, float, int]:
    """Return the verdicts, the report without times, the slowest exchange, and how many cases."""
    conformance("run", suite, "--runs", str(runs), cwd=ROOT)
    report = (runs / "latest/report.md").read_text()
    lines = (runs / "latest/run.ndjson").read_text().splitlines()
    cases = [row for row in map(json.loads, lines) if row["line"] == "case"]
    verdicts = json.dumps([[row["case"], row["verdict"]] for row in cases])
    text = _ELAPSED.sub("TIME", settled(report)).replace(str(runs), "RUNS")
    return verdicts, text, max(map(_slowest_ms, cases), default=0.0), len(cases)


def _slowest_ms(row: dict[str, Any]) -> float:
    answers = [seen.get("answer", {}) for cell in row["cells"] for seen in cell["seen"]]
    return max((float(answer.get("elapsed_ms", 0)) for answer in answers), default=0.0)


@contextlib.contextmanager
def _busy_processors() -> Iterator[None]:
    """Keep two processors busy."""
    busy = [subprocess.Popen([sys.executable, "-c", _BUSY]) for _ in range(2)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()
