"""Which tests run which lines of a package, and how long each takes: measured once, by coverage.py.

Needs `pip install pytest-cov`.  Programs that a test starts are not seen.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

_CONTEXTS: Final = """\
[run]
branch = false
core = ctrace
[json]
show_contexts = true
"""
_RED: Final = (0, 1)
"""Exit codes of pytest when tests were run; one that fails without a mutant kills none."""


@dataclass(frozen=True, slots=True)
class Covering:
    """The tests of each line of each file, and what a test takes in seconds."""

    by_line: dict[str, dict[int, list[str]]]
    seconds: dict[str, float] = field(default_factory=dict)

    def tests_of(self, file: str, line: int, budget_s: float) -> list[str]:
        """Return the tests that run a line, the quickest first, as many as fit into a time."""
        return self._quickest(self.by_line.get(file, {}).get(line, []), budget_s)

    def others(self, tests: Sequence[str], budget_s: float) -> list[str]:
        """Return all other tests likewise: the programs that they start may run any line."""
        return self._quickest(sorted(self.seconds.keys() - set(tests)), budget_s)

    def _quickest(self, tests: Sequence[str], budget_s: float) -> list[str]:
        kept: list[str] = []
        for test in sorted(tests, key=lambda each: (self.seconds.get(each, 0.0), each)):
            budget_s -= self.seconds.get(test, 0.0)
            if kept and budget_s < 0:
                break
            kept.append(test)
        return kept


def measured(root: Path, package: str, tests: tuple[str, ...], kept_in: Path) -> Covering:
    """Return what covers a package: measured in `root`, or read from a file that kept it."""
    if not kept_in.exists():
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        kept_in.write_text(json.dumps(_measure(root, package, tests)))
    kept = json.loads(kept_in.read_text())
    names = kept["tests"]
    by_line = {
        file: {int(line): [names[number] for number in numbers] for line, numbers in lines.items()}
        for file, lines in kept["files"].items()
    }
    return Covering(by_line, kept["seconds"])


def _measure(root: Path, package: str, tests: tuple[str, ...]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "coveragerc").write_text(_CONTEXTS)
        words = [*("-q", "-p", "no:cacheprovider", "--numprocesses", "0"), *tests]
        words += [f"--cov={package}", "--cov-context=test", f"--cov-config={folder / 'coveragerc'}"]
        words += [
            f"--cov-report=json:{folder / 'lines.json'}",
            f"--junit-xml={folder / 'times.xml'}",
        ]
        environment = {**os.environ, "PYTHONPATH": str(root), "LAW_RUNS": "20"}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *words], cwd=root, env=environment, check=False
        )
        if done.returncode not in _RED:
            raise SystemExit(f"the tests of {package} ended with {done.returncode}")
        files = json.loads((folder / "lines.json").read_text())["files"]
        times = ET.parse(folder / "times.xml").getroot()  # noqa: S314 - pytest wrote it
    failed = {_id_of(case) for case in times.iter("testcase") if case.find("failure") is not None}
    seconds = {_id_of(case): float(case.get("time", "0")) for case in times.iter("testcase")}
    green = {name: seconds[name] for name in sorted(seconds.keys() - failed)}
    return _by_number(files, failed) | {"seconds": green}


def _by_number(files: dict[str, Any], failed: set[str]) -> dict[str, Any]:
    """Return the tests by number, and the numbers of those that run each line of each file."""
    numbers: dict[str, int] = {}
    lines: dict[str, dict[str, list[int]]] = {}
    for file, about in files.items():
        lines[file] = {}
        for line, contexts in about["contexts"].items():
            tests = {context.rpartition("|")[0] for context in contexts} - {"", *failed}
            lines[file][line] = [numbers.setdefault(test, len(numbers)) for test in sorted(tests)]
    return {"tests": list(numbers), "files": lines}


def _id_of(case: ET.Element) -> str:
    """Return the name by which pytest runs a test; functions of modules, as all of ours are."""
    module = case.get("classname", "").replace(".", "/")
    return f"{module}.py::{case.get('name')}"
