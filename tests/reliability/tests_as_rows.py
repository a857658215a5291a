"""Rows that are tests already: the figure is how many of them pass.

A test that is skipped has measured nothing, so the row misses its bound.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.reliability.measurement import ROOT
from tests.reliability.row import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class PytestOutcome:
    """What pytest says of some tests: how many, which did not pass, and the slowest in seconds."""

    count: int
    failed: tuple[str, ...]
    skipped: tuple[str, ...]
    slowest_s: float

    @property
    def is_met(self) -> bool:
        """Return whether there are tests and all of them have passed."""
        return self.count > 0 and not self.failed and not self.skipped

    @property
    def text(self) -> str:
        """Return the counts in words, with the first test that did not pass."""
        passed = self.count - len(self.failed) - len(self.skipped)
        words = [f"{passed} of {self.count} tests pass, the slowest in {self.slowest_s:.1f} s"]
        if self.failed:
            words.append(f"failed: {self.failed[0]}")
        if self.skipped:
            words.append(f"{len(self.skipped)} skipped, such as {self.skipped[0]}")
        return "; ".join(words)


def run_tests(paths: Sequence[str], keyword: str = "") -> PytestOutcome:
    """Run tests in a process of their own; `keyword` selects some as `pytest -k` does."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = Path(folder) / "junit.xml"
        words = ["-q", "-p", "no:cacheprovider", f"--junitxml={outcome}"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *words, *(["-k", keyword] if keyword else []), *paths],
            cwd=ROOT,
            stdout=sys.stderr,
            check=False,
        )
        if not outcome.exists():
            return PytestOutcome(
                count=0, failed=(f"pytest exits with {done.returncode}",), skipped=(), slowest_s=0
            )
        cases = list(ET.parse(outcome).iter("testcase"))  # noqa: S314 - written by pytest just now
    return PytestOutcome(
        count=len(cases),
        failed=_with(cases, "failure", "error"),
        skipped=_with(cases, "skipped"),
        slowest_s=max((float(case.get("time", "0")) for case in cases), default=0.0),
    )


def _with(cases: Sequence[ET.Element], *outcomes: str) -> tuple[str, ...]:
    return tuple(
        str(case.get("name"))
        for case in cases
        if any(case.find(outcome) is not None for outcome in outcomes)
    )


def passing(paths: Sequence[str], keyword: str = "") -> Figure:
    """Measure how many tests pass."""
    run = run_tests(paths, keyword)
    return Figure(
        text=run.text,
        is_met=run.is_met,
        numbers={"tests": run.count, "failed": list(run.failed), "skipped": list(run.skipped)},
    )
