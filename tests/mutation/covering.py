"""Which tests run which lines of a package, and how long each takes: measured once."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

from tests.mutation.noting import noted, noting

_NOTHING: Final[dict[str, dict[str, Any]]] = {"by_line": {}, "seconds": {}, "digests": {}}
_RED: Final = (0, 1)
"""Exit codes of pytest when tests were run; one that fails without a mutant kills none."""


@dataclass(frozen=True, slots=True)
class Covering:
    """The tests of each line of each file, by its number, and what a test takes in seconds.

    `proven` are tests that were green here without a mutant, alone.
    """

    by_line: dict[str, dict[str, list[str]]]
    seconds: dict[str, float] = field(default_factory=dict)
    proven: set[str] = field(default_factory=set)

    def tests_of(self, file: str, line: int, budget_s: float) -> list[str]:
        """Return the tests that run a line, the quickest first, as many as fit into a time."""
        tests = self._quickest_first(self.by_line.get(file, {}).get(str(line), []))
        return _within(tests, self._seconds_of, budget_s)

    def others(self, tests: Sequence[str], budget_s: float) -> list[str]:
        """Return other tests likewise: the programs that they start may run any line.

        Each file of tests gets as much of the time, its quickest first, as none is known as nearer.
        """
        in_turn: list[tuple[float, str]] = []
        by_file: dict[str, float] = defaultdict(float)
        for test in self._quickest_first(self.seconds.keys() - set(tests)):
            by_file[_file_of(test)] += self._seconds_of(test)
            in_turn.append((by_file[_file_of(test)], test))
        return _within(map(itemgetter(1), sorted(in_turn)), self._seconds_of, budget_s)

    def _quickest_first(self, tests: Iterable[str]) -> list[str]:
        return sorted(tests, key=lambda test: (self._seconds_of(test), test))

    def _seconds_of(self, test: str) -> float:
        return self.seconds.get(test, 0.0)


def _within(tests: Iterable[str], seconds_of: Callable[[str], float], budget_s: float) -> list[str]:
    """Return tests in their order, as many as fit into a time, and one at the least."""
    kept: list[str] = []
    for test in tests:
        budget_s -= seconds_of(test)
        if kept and budget_s < 0:
            break
        kept.append(test)
    return kept


def measured(
    root: Path, lines: Mapping[str, AbstractSet[int]], tests: tuple[str, ...], kept_in: Path
) -> Covering:
    """Return what covers lines of files: measured in `root`, or read from a file that kept it.

    Where it was kept, only files of tests are measured that have changed since.
    """
    kept = json.loads(kept_in.read_text()) if kept_in.exists() else _NOTHING
    digests = dict(_digests(root, tests))
    changed = [file for file, digest in digests.items() if kept["digests"].get(file) != digest]
    same = digests.keys() - set(changed)
    found = _only(Covering(kept["by_line"], kept["seconds"]), same)
    if changed:
        found = _with(found, _measure(root, lines, changed))
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        kept_in.write_text(
            json.dumps({"by_line": found.by_line, "seconds": found.seconds, "digests": digests})
        )
    return found


def files_of(root: Path, tests: Iterable[str], like: str) -> Iterator[Path]:
    """Yield the files of tests that have such names; each word is a folder or a file."""
    for word in tests:
        yield from [root / word] if word.endswith(".py") else sorted((root / word).rglob(like))


def _digests(root: Path, tests: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the files of tests, each with a digest."""
    for file in files_of(root, tests, "test_*.py"):
        yield str(file.relative_to(root)), hashlib.sha256(file.read_bytes()).hexdigest()


def _only(
    covering: Covering, files: AbstractSet[str], without: AbstractSet[str] = frozenset()
) -> Covering:
    """Return what tests of some files cover, but for some of the tests."""

    def counts(test: str) -> bool:
        return _file_of(test) in files and test not in without

    by_line = {
        file: {line: list(filter(counts, tests)) for line, tests in lines.items()}
        for file, lines in covering.by_line.items()
    }
    return Covering(by_line, {test: s for test, s in covering.seconds.items() if counts(test)})


def _with(covering: Covering, other: Covering) -> Covering:
    """Return what the tests of both cover."""
    for file, lines in other.by_line.items():
        known = covering.by_line.setdefault(file, {})
        for line, tests in lines.items():
            known[line] = [*known.get(line, []), *tests]
    return Covering(covering.by_line, covering.seconds | other.seconds)


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def _measure(root: Path, lines: Mapping[str, AbstractSet[int]], tests: Sequence[str]) -> Covering:
    """Run tests on files that note who runs some of their lines; they are whole again then."""
    sources = {file: (root / file).read_text(encoding="utf-8") for file in lines}
    with tempfile.TemporaryDirectory() as scratch:
        notes, times = Path(scratch, "notes"), Path(scratch, "times.xml")
        notes.touch()
        for file, source in sources.items():
            written = noting(source, file, lines[file], notes)
            (root / file).write_text(written, encoding="utf-8")
        try:
            _run(root, [f"--junit-xml={times}", *tests])
        finally:
            for file, source in sources.items():
                (root / file).write_text(source, encoding="utf-8")
        by_line = noted(notes)
        cases = list(ET.parse(times).getroot().iter("testcase"))  # noqa: S314 - pytest wrote it
    failed = {_id_of(case) for case in cases if case.find("failure") is not None}
    seconds = {_id_of(case): float(case.get("time", "0")) for case in cases}
    green = {name: seconds[name] for name in sorted(seconds.keys() - failed)}
    return _only(Covering(by_line, green), {*tests}, failed)


def _run(root: Path, words: Sequence[str]) -> None:
    environment = {**os.environ, "PYTHONPATH": str(root), "LAW_RUNS": "20"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "--numprocesses", "0", *words], cwd=root, env=environment, check=False
    )
    if done.returncode not in _RED:
        raise SystemExit(f"the tests ended with {done.returncode}")


def _id_of(case: ET.Element) -> str:
    """Return the name by which pytest runs a test; functions of modules, as all of ours are."""
    module = case.get("classname", "").replace(".", "/")
    return f"{module}.py::{case.get('name')}"
