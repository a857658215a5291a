"""Analysers as reviewers: their findings in the given files, as entries of a review.

|    python -m conformance.review.analysers NAME PATH...

NAME is one of ruff, mypy, go-vet and clippy.

In: the files of a change. Out: entries on standard output, or NO FINDINGS, and then the number of
bytes read. An analyser that is not installed, that fails, or that gets a file that does not exist
ends this program with an error, so that a failure never looks like no findings. Where possible,
comments and settings in the change cannot disable a rule. `_BLOCKS` has, for each analyser, the
classes of findings that block. No analyser needs a network.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec import Struct

from conformance.project.git import git
from conformance.review.analyser_programs import MODULE, AnalyserError, run
from conformance.wording import plural

_HERE: Final = Path(__file__).parent
_RUFF_RULES: Final = str(_HERE / "ruff_rules.toml")
_BLOCKS: Final = {
    "ruff": ("E9", "F5", "F6", "F7", "F82", "PLE", "invalid-syntax"),
    "mypy": (
        *(
            "arg-type",
            "assignment",
            "attr-defined",
            "call-arg",
            "call-overload",
            "index",
            "name-defined",
        ),
        *(
            "operator",
            "return",
            "return-value",
            "syntax",
            "union-attr",
            "used-before-def",
        ),
    ),
    "go-vet": (
        "compile",
        "assign",
        "atomic",
        "copylocks",
        "loopclosure",
        "lostcancel",
        "nilfunc",
        "printf",
    ),
    "clippy": ("error",),
}
"""Classes of findings that block: code that cannot run, or that does not do what it says."""
_MYPY_LINE: Final = re.compile(
    r"(?P<path>[^:]+):(?P<line>\d+): error: (?P<says>.*?)(?:  \[(?P<code>[a-z-]+)\])?"
)
_MYPY_SETS: Final = re.compile(r"^\s*#\s*(?P<says>mypy:.*|type:\s*ignore.*)")
_MYPY_SETTINGS: Final = (
    ("mypy.ini", "[mypy"),
    (".mypy.ini", "[mypy"),
    ("pyproject.toml", "[tool.mypy"),
    ("setup.cfg", "[mypy"),
)
"""The files in which mypy looks for settings, in its order, and how its section begins."""
_SHOWN_CHARACTERS: Final = 200
"""How much of the end of an output is shown: there a compiler says why it stopped."""
_GO_ERROR: Final = re.compile(r"(?:vet: )?(?P<path>\S+\.go):(?P<line>\d+):\d+: (?P<says>.*)")


class AnalyserFinding(NamedTuple):
    """One finding of an analyser: a file, a line, the class of the finding and its text."""

    path: Path
    line: int
    code: str
    says: str


class Analyser(Struct, frozen=True):
    """An analyser: the suffix of its files, its version command, and the function that runs it."""

    suffix: str
    version: tuple[str, ...]
    ask: Callable[[Sequence[Path]], Iterator[AnalyserFinding]]


def _ruff(files: Sequence[Path]) -> Iterator[AnalyserFinding]:
    argv = [
        *MODULE,
        "ruff",
        "check",
        "--ignore-noqa",
        "--config",
        _RUFF_RULES,
        "--no-cache",
        "--output-format",
        "json",
    ]
    done = run([*argv, "--", *map(str, files)], Path.cwd(), (0, 1))
    if not done.stdout.strip():
        raise AnalyserError(f"ruff printed nothing: {done.stderr.strip()}")
    for row in json.loads(done.stdout):
        yield AnalyserFinding(
            Path(row["filename"]),
            row["location"]["row"],
            row["code"] or "E9",
            row["message"],
        )


def _mypy(files: Sequence[Path]) -> Iterator[AnalyserFinding]:
    argv = [
        *MODULE,
        "mypy",
        f"--config-file={_mypy_settings()}",
        "--no-error-summary",
        "--no-color-output",
        "--no-pretty",
    ]
    done = run(
        [*argv, "--show-error-codes", "--hide-error-context", "--", *map(str, files)],
        Path.cwd(),
        (0, 1, 2),
    )
    for file in files:
        yield from _switched_off(file)
    errors = list(filter(None, map(_MYPY_LINE.fullmatch, done.stdout.splitlines())))
    if done.returncode and not errors:
        words = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()
        raise AnalyserError(f"mypy ended with {done.returncode}: {words[-1]}")
    for match in errors:
        yield AnalyserFinding(
            Path(match["path"]),
            int(match["line"]),
            match["code"] or "misc",
            match["says"],
        )


def _mypy_settings() -> str:
    """Return the settings file of the project; empty if it has none.

    mypy gets it by name, so that it does not read settings of the home folder. Raises AnalyserError
    if the file is not tracked by git.
    """
    found = next((name for name, begins in _MYPY_SETTINGS if _has_section(Path(name), begins)), "")
    if found and git(Path.cwd(), "ls-files", "--error-unmatch", "--", found) is None:
        raise AnalyserError(f"{found} has settings of mypy, and git does not keep it")
    return found


def _has_section(file: Path, begins: str) -> bool:
    lines = file.read_text("utf-8", "replace").splitlines() if file.is_file() else []
    return any(line.startswith(begins) for line in lines)


def _switched_off(file: Path) -> Iterator[AnalyserFinding]:
    """Yield a finding for each comment that sets mypy in a file; mypy cannot ignore them."""
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), start=1):
        if match := _MYPY_SETS.search(line):
            says = f"the file sets mypy for itself: {match['says']}"
            yield AnalyserFinding(file, number, "inline-settings", says)


def _go_vet(files: Sequence[Path]) -> Iterator[AnalyserFinding]:
    for folder, own in _by_project(files, "go.mod"):
        packages = sorted({f"./{file.parent.resolve().relative_to(folder)}" for file in own})
        done = run(["go", "vet", "-json", *packages], folder, (0, 1, 2))
        errors = list(filter(None, map(_GO_ERROR.fullmatch, done.stderr.splitlines())))
        if done.returncode and not errors:
            why = done.stderr.strip()[-_SHOWN_CHARACTERS:]
            raise AnalyserError(f"go vet ended with {done.returncode}: {why}")
        for match in errors:
            yield AnalyserFinding(
                folder / match["path"], int(match["line"]), "compile", match["says"]
            )
        for report in _json_values(done.stdout):
            yield from _vetted(report)


def _vetted(report: dict[str, Any]) -> Iterator[AnalyserFinding]:
    for analyses in report.values():
        for name, rows in analyses.items():
            for row in rows if isinstance(rows, list) else ():
                path, line, _ = row["posn"].rsplit(":", 2)
                yield AnalyserFinding(Path(path), int(line), name, row["message"])


def _json_values(text: str) -> Iterator[Any]:
    """Yield the JSON values of a text that holds several of them in sequence."""
    decoder, rest = json.JSONDecoder(), text.lstrip()
    while rest:
        value, end = decoder.raw_decode(rest)
        yield value
        rest = rest[end:].lstrip()


def _clippy(files: Sequence[Path]) -> Iterator[AnalyserFinding]:
    for folder, _ in _by_project(files, "Cargo.toml"):
        argv = [
            "cargo",
            "clippy",
            "--locked",
            "--offline",
            "--quiet",
            "--all-targets",
            "--message-format=json",
        ]
        done = run(argv, folder, (0, 101))
        rows = map(json.loads, done.stdout.splitlines())
        messages = [row["message"] for row in rows if row.get("message")]
        if done.returncode and not messages:
            why = done.stderr.strip()[-_SHOWN_CHARACTERS:]
            raise AnalyserError(f"cargo clippy ended with {done.returncode}: {why}")
        for message in messages:
            yield from _linted(folder, message)


def _linted(folder: Path, message: dict[str, Any]) -> Iterator[AnalyserFinding]:
    """Yield a message of clippy once for each of its primary places."""
    is_error = message["level"] == "error"
    lint = message["code"] or {}
    code = "error" if is_error else lint.get("code", "warning")
    for span in message["spans"]:
        if span["is_primary"]:
            file = folder / span["file_name"]
            yield AnalyserFinding(file, span["line_start"], code, message["message"])


def _by_project(files: Sequence[Path], name: str) -> Iterator[tuple[Path, list[Path]]]:
    """Yield each folder with a project file above some of the files, with these files."""
    projects: dict[Path, list[Path]] = {}
    for file in files:
        above = (folder for folder in file.resolve().parents if (folder / name).is_file())
        folder = next(above, None)
        if folder is None:
            raise AnalyserError(f"{file}: no {name} above it")
        projects.setdefault(folder, []).append(file)
    yield from sorted(projects.items())


ANALYSERS: Final = {
    "ruff": Analyser(".py", (*MODULE, "ruff", "--version"), _ruff),
    "mypy": Analyser(".py", (*MODULE, "mypy", "--version"), _mypy),
    "go-vet": Analyser(".go", ("go", "version"), _go_vet),
    "clippy": Analyser(".rs", ("cargo", "clippy", "--version"), _clippy),
}


def own_files(name: str, paths: Sequence[str]) -> tuple[Path, ...]:
    """Return those of the paths that an analyser reads.

    Raises AnalyserError if the analyser is not installed, or if one of these files does not exist.
    """
    analyser = ANALYSERS[name]
    run(analyser.version, Path.cwd(), (0,))
    files = tuple(Path(path) for path in paths if path.endswith(analyser.suffix))
    for file in files:
        if not file.is_file():
            why = f"no such file in {Path.cwd()}; paths are named from the top of the checkout"
            raise AnalyserError(f"{file}: {why}")
    return files


def entries(name: str, files: Sequence[Path]) -> Iterator[str]:
    """Yield an entry for each finding in the given files; raises AnalyserError."""
    if not files:
        return
    given = {file.resolve(): file for file in files}
    for finding in sorted(set(ANALYSERS[name].ask(files))):
        path = given.get(finding.path.resolve())
        if path is None:
            continue  # an analyser may also report other files
        blocks = finding.code.startswith(_BLOCKS[name])
        severity = "BLOCK" if blocks else "WARN"
        claim = f"{finding.code}: {' '.join(finding.says.split())}"
        yield f"WHERE: {path}:{finding.line}\nSEVERITY: {severity}\nCLAIM: {claim}\n"


def main() -> int:
    """Print the entries of one analyser; return 1 if it failed, 2 if there is no such analyser."""
    name, *paths = sys.argv[1:] or ["none"]
    if name not in ANALYSERS:
        sys.stderr.write(f"no analyser {name!r}: there are {', '.join(ANALYSERS)}\n")
        return 2
    try:
        files = own_files(name, paths)
        found = list(entries(name, files))
    except AnalyserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(found) if found else "NO FINDINGS\n")
    read = sum(file.stat().st_size for file in files)
    sys.stdout.write(f"\nREAD: {plural(read, 'byte')}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
