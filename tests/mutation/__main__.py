"""Plant random slips in the code, one at a time, and see whether the tests that run it fail.

    python -m tests.mutation                            100 mutants of each package
    python -m tests.mutation --package ledger --mutants 20
    python -m tests.mutation --show                     what is known so far, and the survivors

What was tried is kept in a file and not tried again, so that a run can be stopped and goes on
later.  An entry is about the code of its file: where that has changed, it does not count; comments
and docstrings may change.  What survived is tried again when the tests have changed.

A mutant is killed by the first test that fails, or that takes much longer than it did.  Tests that
run its line, within the process or in a program, are tried first, the quickest before the others;
then those tests of the package that were not seen to, since a program may run for several of them.
Mutants that no test can kill are listed in `equivalent.py` and not tried.
"""

import argparse
import contextlib
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tests.mutation.covering import Covering, files_of, measured
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import Mutant, code_of, function_at, mutants_of
from tests.seeded.sowing import ROOT, copied

PACKAGES: Final[dict[str, tuple[str, ...]]] = {
    "conformance/comparison": ("tests/comparison", "tests/verdicts"),
    "conformance/verdicts": (
        "tests/verdicts",
        "tests/ledger",
        "tests/tracker",
        "tests/runner/test_conversations.py",
        "tests/cli/test_answers_without_content.py",
        "tests/cli/test_by_itself.py",
        "tests/cli/test_openapi_operations.py",
        "tests/cli/test_shards.py",
    ),
    "conformance/ledger": (
        "tests/ledger",
        "tests/tracker",
        "tests/verdicts/test_pins_in_the_next_run.py",
    ),
    "conformance/runner/http": ("tests/runner",),
    "reference_impl/vectord": ("tests/reference_impl/vectord",),
}
"""The packages, and the folders and files of tests that are tried on their mutants."""
KEPT: Final = ROOT / ".mutation"
BUDGET_S: Final = 60.0
"""The tests that run the line of a mutant, by the time that they take without it."""
OTHERS_S: Final = 120.0
"""The other tests, likewise: more, as nothing says which of them are near."""
_FAILED: Final = re.compile(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a mutant; `killed_by` is a test, an exit code, or nothing for a survivor.

    `digest` and `of_tests` are of the code of the file and of the tests as they were.  `number` is
    the mutant's place among those of its file.
    """

    package: str
    file: str
    digest: str
    line: int
    number: int
    code: str
    written: str
    instead: str
    tests: int
    killed_by: str
    of_tests: str = ""


def main() -> int:
    """Try the mutants that are asked for, and print what is known."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--package", help="the last part of the name of one of them")
    options.add_argument("--mutants", type=int, default=100, help="how many of each package")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--show", action="store_true", help="try none")
    chosen = options.parse_args()
    packages = [each for each in PACKAGES if each.endswith(chosen.package or "")]
    if not chosen.show:
        with copied() as copy:
            for package in packages:
                _try_package(copy, package, chosen.mutants, chosen.seed)
    print("\n".join(_table(packages, chosen.mutants, chosen.seed)))
    return 0


def _try_package(copy: Path, package: str, count: int, seed: int) -> None:
    name = package.replace("/", ".")
    sample = _sample(package, count, seed)
    lines: dict[str, set[int]] = defaultdict(set)
    for file, mutant in sample:
        lines[file].add(mutant.line)
    kept_in = KEPT / f"{name}.{_state(package)}.{seed}.{count}.json"
    covering = measured(copy, lines, PACKAGES[package], kept_in)
    known = {(each.file, each.number, each.instead) for each in _outcomes(package)}
    for number, (file, mutant) in enumerate(sample, start=1):
        is_known = (file, mutant.number, mutant.instead) in known
        if is_known or _key(file, mutant) in EQUIVALENT:
            continue
        outcome = _tried(copy, package, file, mutant, covering)
        with (KEPT / "outcomes.jsonl").open("a") as kept:
            kept.write(json.dumps(asdict(outcome)) + "\n")
        end = outcome.killed_by or f"SURVIVED {outcome.tests} tests"
        print(
            f"{package} {number}/{count} {file}:{mutant.line} {mutant.instead!r}: {end}", flush=True
        )


def _sample(package: str, count: int, seed: int) -> list[tuple[str, Mutant]]:
    """Return random mutants of a package; more of them begin with the same ones."""
    all_mutants = [
        (str(file.relative_to(ROOT)), mutant)
        for file in sorted((ROOT / package).rglob("*.py"))
        for mutant in mutants_of(file.read_text(encoding="utf-8"))
    ]
    random.Random(f"{seed} {package}").shuffle(all_mutants)  # noqa: S311 - no secret
    return all_mutants[:count]


def _key(file: str, mutant: Mutant) -> tuple[str, str, str, str]:
    """Return what a mutant is known by where the file may still change.

    That is its function, and its line without it and with it.
    """
    source = (ROOT / file).read_text(encoding="utf-8")
    without, mutated = (
        text.splitlines()[mutant.line - 1].strip() for text in (source, mutant.applied(source))
    )
    return file, function_at(source, mutant.line), without, mutated


def _tried(copy: Path, package: str, file: str, mutant: Mutant, covering: Covering) -> Outcome:
    """Return what became of a mutant in a copy, which is whole again then."""
    source = (ROOT / file).read_text(encoding="utf-8")
    tests = covering.tests_of(file, mutant.line, BUDGET_S)
    mutated = mutant.applied(source)
    tried, killed_by = _killed(copy, file, mutated, tests, covering)
    if not killed_by:
        others = covering.others(tests, OTHERS_S)
        further, killed_by = _killed(copy, file, mutated, others, covering)
        tried += further
    return Outcome(
        package=package,
        file=file,
        digest=_digest(code_of(source)),
        line=mutant.line,
        number=mutant.number,
        code=_key(file, mutant)[2],
        written=mutant.written,
        instead=mutant.instead,
        tests=tried,
        killed_by=killed_by,
        of_tests=_of_tests(package),
    )


def _killed(
    copy: Path, file: str, mutated: str, tests: list[str], covering: Covering
) -> tuple[int, str]:
    """Return how many tests were tried on a mutant, and which one killed it, if any did.

    The copy is whole again then.
    """
    source = (copy / file).read_text(encoding="utf-8")
    while tests:
        (copy / file).write_text(mutated, encoding="utf-8")
        try:
            killed_by = _red_test(copy, tests, covering)
        finally:
            (copy / file).write_text(source, encoding="utf-8")
        if not killed_by:
            break
        # What is red without the mutant as well, alone, kills none
        alone = [each for each in tests if killed_by in {each, each.partition("::")[0]}] or tests
        if covering.proven.issuperset(alone) or not _red_test(copy, alone, covering):
            covering.proven.update(alone)
            return len(tests), killed_by
        tests = [test for test in tests if test not in alone]
    return len(tests), ""


def _red_test(copy: Path, tests: list[str], covering: Covering) -> str:
    """Return the first test that fails, or that does not end, or nothing.

    Where no test can be named, the exit code of pytest.
    """
    asked, seconds, now = (copy / f".mutation_{name}" for name in ("tests", "seconds", "now"))
    asked.write_text("\n".join(tests))
    seconds.write_text(json.dumps(covering.seconds))
    now.write_text("")
    words = ["-q", "-x", "-p", "no:cacheprovider", "-p", "tests.mutation.patience"]
    words += ["--numprocesses", "0", f"@{asked}"]
    given = {"MUTATION_SECONDS": str(seconds), "MUTATION_NOW": str(now)}
    with tempfile.TemporaryFile("w+") as printed:
        run = subprocess.Popen(
            [sys.executable, "-m", "pytest", *words],
            cwd=copy,
            env={**os.environ, **given, "PYTHONPATH": str(copy), "LAW_RUNS": "20"},
            stdout=printed,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        exit_code = run.wait()
        # What it started may still run, and would slow down the next
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
        printed.seek(0)
        failed = _FAILED.search(printed.read())
    if exit_code == 0:
        return ""
    if exit_code == -signal.SIGALRM:
        return now.read_text() or "time"
    return failed[1] if failed else now.read_text() or f"exit code {exit_code}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _state(package: str) -> str:
    """Return a digest of the text of a package: another one has other lines."""
    files = sorted((ROOT / package).rglob("*.py"))
    return _digest("".join(file.read_text(encoding="utf-8") for file in files))


def _of_tests(package: str) -> str:
    """Return a digest of the code of the tests of a package."""
    files = sorted(files_of(ROOT, PACKAGES[package], "*.py"))
    return _digest("".join(code_of(file.read_text(encoding="utf-8")) for file in files))


def _outcomes(package: str) -> Iterator[Outcome]:
    """Yield what is known of mutants of files, and of survivors of tests, that are as they were."""
    kept = KEPT / "outcomes.jsonl"
    of_tests = _of_tests(package)
    for line in kept.read_text().splitlines() if kept.exists() else []:
        outcome = Outcome(**json.loads(line))
        file = ROOT / outcome.file
        is_same = file.exists() and outcome.digest == _digest(code_of(file.read_text("utf-8")))
        counts = bool(outcome.killed_by) or outcome.of_tests == of_tests
        if outcome.package == package and is_same and counts:
            yield outcome


def _table(packages: list[str], count: int, seed: int) -> Iterator[str]:
    """Yield a Markdown table of the packages, and one of the mutants that live."""
    living: list[str] = []
    yield "| package | tried | killed | survived | equivalent |"
    yield "|---|--:|--:|--:|--:|"
    for package in packages:
        known = {(each.file, each.number, each.instead): each for each in _outcomes(package)}
        tally: Counter[str] = Counter()
        for file, mutant in _sample(package, count, seed):
            key = _key(file, mutant)
            outcome = known.get((file, mutant.number, mutant.instead))
            why = EQUIVALENT.get(key, "") or (outcome and _why_it_lives(outcome)) or ""
            tally["equivalent" if key in EQUIVALENT else "tried" if outcome else "left"] += 1
            tally["survived"] += bool(why) and key not in EQUIVALENT
            if why:
                living.append("| {} |".format(" | ".join((*map(_as_code, key), why))))
        killed = tally["tried"] - tally["survived"]
        cells = (f"`{package}`", tally["tried"], killed, tally["survived"], tally["equivalent"])
        yield "| {} |".format(" | ".join(map(str, cells)))
    yield from (
        "",
        "| file | function | code | instead | why it lives |",
        "|---|---|---|---|---|",
        *living,
    )


def _why_it_lives(outcome: Outcome) -> str:
    return "" if outcome.killed_by else f"survived {outcome.tests} tests"


def _as_code(text: str) -> str:
    """Return a text as code in a cell of a table."""
    return "`{}`".format(text.strip().replace("|", "\\|"))


if __name__ == "__main__":
    sys.exit(main())
