"""Seeds one defect at a time into a copy of the project, where the tests must then fail.

    python -m tests.seeded.sowing                 every defect; prints a table for
                                                  docs/reliability.md
    python -m tests.seeded.sowing --only NAME     one of them

A defect is caught when some test fails; the table names the first one.  A copy without a defect
must be green first.
"""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.seeded.defects import DEFECTS, Defect

ROOT = Path(__file__).parents[2]
_FAILED = re.compile(r"^FAILED (.+?)(?: - .*)?$", re.MULTILINE)
_TIMEOUT_S = 900
_SKIPPED = shutil.ignore_patterns(
    ".git", ".venv", ".tox", "target", "__pycache__", "runs", ".*_cache"
)
_OPTIONS = [
    "-x",
    "--numprocesses",
    "auto",
    "--ignore=tests/seeded",
]  # its tables fail wherever a defect is


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What the tests made of a copy: the first test that failed, or None."""

    caught_by: str | None
    took_s: float


def seeded(defect: Defect, folder: Path) -> None:
    """Put a defect into a copy of the project.

    Raises ValueError where its place is not there just once.
    """
    file = folder / defect.file
    text = file.read_text(encoding="utf-8")
    if text.count(defect.sound) != 1:
        raise ValueError(
            f"{defect.name}: {text.count(defect.sound)} places in {defect.file}, wanted one"
        )
    file.write_text(text.replace(defect.sound, defect.seeded), encoding="utf-8")


def harvest(defect: Defect | None) -> Harvest:
    """Seed one defect, or none, in a fresh copy and run the tests there until one fails.

    The nearest tests run first.
    """
    with copied() as copy:
        started = time.monotonic()
        nearest: list[str] = []
        if defect is not None:
            seeded(defect, copy)
            nearest = [f"tests/{Path(defect.file).parts[1]}"]
        caught_by = (
            _first_failure(copy, nearest) if nearest and (copy / nearest[0]).is_dir() else None
        )
        return Harvest(
            caught_by=caught_by or _first_failure(copy, []),
            took_s=round(time.monotonic() - started, 1),
        )


@contextlib.contextmanager
def copied(*parts: str) -> Iterator[Path]:
    """Yield a fresh copy of the project, or of these files and folders of it.

    It is removed at the end.
    """
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy"
        for part in parts or (".",):
            (copy / part).parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, copy / part, symlinks=True, ignore=_SKIPPED)
            else:
                shutil.copy(ROOT / part, copy / part)
        yield copy


def pytest_in(copy: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run pytest in a copy, on the code of the copy, whatever session this one is a part of."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words],
        cwd=copy,
        env={**outer, "PYTHONPATH": str(copy), "CONFORMANCE_REQUIRE_LIVE": "0"},
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )


def failures(done: "subprocess.CompletedProcess[str]") -> list[str]:
    """Return the tests that failed, by name; one that could not be run has not failed."""
    return _FAILED.findall(done.stdout)


def _first_failure(copy: Path, paths: list[str]) -> str | None:
    """Run tests in a copy and return the first that fails, or None."""
    done = pytest_in(copy, *_OPTIONS, *paths)
    return next(iter(failures(done)), None) or (
        f"exit code {done.returncode}" if done.returncode else None
    )


def table(harvests: list[tuple[Defect, Harvest]]) -> Iterator[str]:
    """Yield a Markdown table of defects and what caught them."""
    yield "| defect | in | caught by |"
    yield "|---|---|---|"
    for defect, found in harvests:
        caught_by = f"`{found.caught_by}`" if found.caught_by else "**nothing**"
        yield f"| {defect.says} | `{defect.file}` | {caught_by} |"
    caught = sum(found.caught_by is not None for _, found in harvests)
    yield ""
    yield f"{caught} of {len(harvests)} caught."


def main() -> int:
    """Seed the defects that are asked for, one after the other."""
    parser = argparse.ArgumentParser(
        description="seed defects, one at a time, and see the tests turn red"
    )
    parser.add_argument("--only", metavar="NAME", help="the name of one defect")
    only = parser.parse_args().only
    sound = harvest(None)
    if sound.caught_by is not None:
        sys.stderr.write(f"without any defect {sound.caught_by} fails: nothing can be told\n")
        return 1
    harvests = []
    for defect in DEFECTS:
        if only in {None, defect.name}:
            found = harvest(defect)
            harvests.append((defect, found))
            sys.stderr.write(f"{defect.name}: {found.caught_by or 'NOTHING'} ({found.took_s} s)\n")
    sys.stdout.write("\n".join(table(harvests)) + "\n")
    return int(any(found.caught_by is None for _, found in harvests))


if __name__ == "__main__":
    sys.exit(main())
