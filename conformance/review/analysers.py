"""Analysers as reviewers: what each finds in the files it is given, as entries of a review.

They need no network.

    python -m conformance.review.analysers NAME PATH...      NAME is one of ruff, mypy, go-vet,
                                                             clippy

In: the files of a change. Out: entries on standard output, NO FINDINGS where there are none. An
analyser that is not installed, that could not work, or that is given a file that is not there, ends
this program with an error: it has failed, and found nothing only if it looked. What a change can
say to switch a rule off is not read where that can be. The class of a finding says whether it
blocks: `_BLOCKS` has the classes of each analyser that do.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from conformance.project.git import git

_HERE: Final = Path(__file__).parent
_RUFF_RULES: Final = str(_HERE / "ruff_rules.toml")
_TIMEOUT_S: Final = 280
"""Less than the 300 s that a reviewer has by default, so that the reason is this one."""
_MODULE: Final = (sys.executable, "-P", "-m")
"""Runs an installed module: with `-P`, a folder of the same name in the checkout does not stand in
for it.
"""
_OFFLINE: Final = {"GOPROXY": "off", "CARGO_NET_OFFLINE": "true"}
"""What an analyser needs is there once the peers have been built."""
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
"""Classes of findings that must not ship: code that cannot run, or that does not do what it says.
"""
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
"""Where mypy looks for settings, in its order, and how a section of them begins."""
_GO_ERROR: Final = re.compile(r"(?:vet: )?(?P<path>\S+\.go):(?P<line>\d+):\d+: (?P<says>.*)")


class AnalyserError(Exception):
    """An analyser is missing, or could not work; the message says which and why."""


class Finding(NamedTuple):
    """What an analyser found: a file, a line, the class of the finding and its words."""

    path: Path
    line: int
    code: str
    says: str


@dataclass(frozen=True, slots=True)
class Analyser:
    """One analyser: the files it reads, and how it is asked about them."""

    suffix: str
    ask: Callable[[Sequence[Path]], Iterator[Finding]]


def _run(
    argv: Sequence[str], folder: Path, fine: Sequence[int]
) -> subprocess.CompletedProcess[str]:
    """Run a program.

    Raises AnalyserError where it is missing, or ends with an exit code that is not fine.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the words are ours, and no shell reads them
            argv, cwd=folder, env={**os.environ, **_OFFLINE}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=_TIMEOUT_S, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise AnalyserError(f"{argv[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise AnalyserError(f"{argv[0]} did not end within {_TIMEOUT_S} s") from None
    if "No module named" in done.stderr:
        raise AnalyserError(f"{argv[len(_MODULE)]} is not installed beside {argv[0]}")
    if done.returncode not in fine:
        words = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()
        raise AnalyserError(f"{' '.join(argv[:4])} ended with {done.returncode}: {words[-1]}")
    return done


def _ruff(files: Sequence[Path]) -> Iterator[Finding]:
    argv = [
        *_MODULE,
        "ruff",
        "check",
        "--ignore-noqa",
        "--config",
        _RUFF_RULES,
        "--no-cache",
        "--output-format",
        "json",
    ]
    done = _run([*argv, "--", *map(str, files)], Path.cwd(), (0, 1))
    if not done.stdout.strip():
        raise AnalyserError(f"ruff printed nothing: {done.stderr.strip()}")
    for row in json.loads(done.stdout):
        yield Finding(
            Path(row["filename"]),
            row["location"]["row"],
            row["code"] or "E9",
            row["message"],
        )


def _mypy(files: Sequence[Path]) -> Iterator[Finding]:
    argv = [
        *_MODULE,
        "mypy",
        f"--config-file={_mypy_settings()}",
        "--no-error-summary",
        "--no-color-output",
        "--no-pretty",
    ]
    done = _run(
        [*argv, "--show-error-codes", "--hide-error-context", "--", *map(str, files)],
        Path.cwd(),
        (0, 1, 2),
    )
    for file in files:
        yield from _switched_off(file)
    found = [match for line in done.stdout.splitlines() if (match := _MYPY_LINE.fullmatch(line))]
    if done.returncode and not found:
        words = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()
        raise AnalyserError(f"mypy ended with {done.returncode}: {words[-1]}")
    for match in found:
        yield Finding(
            Path(match["path"]),
            int(match["line"]),
            match["code"] or "misc",
            match["says"],
        )


def _mypy_settings() -> str:
    """Return the settings of the project, empty where it has none.

    Raises AnalyserError for some that no commit has.

    They are named, so that those of the home folder are not read.
    """
    found = next((name for name, begins in _MYPY_SETTINGS if _has_section(Path(name), begins)), "")
    if found and git(Path.cwd(), "ls-files", "--error-unmatch", "--", found) is None:
        raise AnalyserError(f"{found} has settings of mypy, and git does not keep it")
    return found


def _has_section(file: Path, begins: str) -> bool:
    lines = file.read_text("utf-8", "replace").splitlines() if file.is_file() else []
    return any(line.startswith(begins) for line in lines)


def _switched_off(file: Path) -> Iterator[Finding]:
    """Yield the lines by which a file sets mypy for itself: mypy has no option to overlook them."""
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), start=1):
        if match := _MYPY_SETS.search(line):
            yield Finding(
                file, number, "inline-settings", f"the file sets mypy for itself: {match['says']}"
            )


def _go_vet(files: Sequence[Path]) -> Iterator[Finding]:
    for folder, own in _by_project(files, "go.mod"):
        packages = sorted({f"./{file.parent.resolve().relative_to(folder)}" for file in own})
        done = _run(["go", "vet", "-json", *packages], folder, (0, 1, 2))
        broken = [
            match for line in done.stderr.splitlines() if (match := _GO_ERROR.fullmatch(line))
        ]
        if done.returncode and not broken:
            raise AnalyserError(
                f"go vet ended with {done.returncode}: {done.stderr.strip()[-200:]}"
            )
        for match in broken:
            yield Finding(folder / match["path"], int(match["line"]), "compile", match["says"])
        for report in _json_values(done.stdout):
            yield from _vetted(report)


def _vetted(report: dict[str, Any]) -> Iterator[Finding]:
    for analyses in report.values():
        for name, rows in analyses.items():
            for row in rows if isinstance(rows, list) else ():
                path, line, _ = row["posn"].rsplit(":", 2)
                yield Finding(Path(path), int(line), name, row["message"])


def _json_values(text: str) -> Iterator[Any]:
    """Yield JSON values that stand one after the other."""
    decoder, rest = json.JSONDecoder(), text.lstrip()
    while rest:
        value, end = decoder.raw_decode(rest)
        yield value
        rest = rest[end:].lstrip()


def _clippy(files: Sequence[Path]) -> Iterator[Finding]:
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
        done = _run(argv, folder, (0, 101))
        found = [
            row["message"]
            for row in map(json.loads, done.stdout.splitlines())
            if row.get("message")
        ]
        if done.returncode and not found:
            raise AnalyserError(
                f"cargo clippy ended with {done.returncode}: {done.stderr.strip()[-200:]}"
            )
        for message in found:
            code = (
                "error"
                if message["level"] == "error"
                else (message["code"] or {}).get("code", "warning")
            )
            for span in message["spans"]:
                if span["is_primary"]:
                    yield Finding(
                        folder / span["file_name"],
                        span["line_start"],
                        code,
                        message["message"],
                    )


def _by_project(files: Sequence[Path], name: str) -> Iterator[tuple[Path, list[Path]]]:
    """Yield the folders with a project file above some files, with these files."""
    projects: dict[Path, list[Path]] = {}
    for file in files:
        above = (folder for folder in file.resolve().parents if (folder / name).is_file())
        folder = next(above, None)
        if folder is None:
            raise AnalyserError(f"{file}: no {name} above it")
        projects.setdefault(folder, []).append(file)
    yield from sorted(projects.items())


ANALYSERS: Final = {
    "ruff": Analyser(".py", _ruff),
    "mypy": Analyser(".py", _mypy),
    "go-vet": Analyser(".go", _go_vet),
    "clippy": Analyser(".rs", _clippy),
}


def entries(name: str, paths: Sequence[str]) -> Iterator[str]:
    """Yield an entry for each finding in some files.

    Raises AnalyserError, also where one of its own is not there.
    """
    analyser = ANALYSERS[name]
    files = [Path(path) for path in paths if path.endswith(analyser.suffix)]
    for file in files:
        if not file.is_file():
            raise AnalyserError(
                f"{file}: no such file in {Path.cwd()}; paths are named from the top of the "
                "checkout"
            )
    shown = {file.resolve(): file for file in files}
    for finding in sorted(set(analyser.ask(files))) if files else ():
        path = shown.get(finding.path.resolve())
        if path is not None:
            blocks = finding.code.startswith(_BLOCKS[name])
            severity = "BLOCK" if blocks else "WARN"
            says = " ".join(finding.says.split())
            yield (
                f"WHERE: {path}:{finding.line}\nSEVERITY: {severity}\nCLAIM: {finding.code}: "
                f"{says}\n"
            )


def main() -> int:
    """Print the entries of one analyser; 1 where it could not work."""
    name, *paths = sys.argv[1:] or ["none"]
    if name not in ANALYSERS:
        sys.stderr.write(f"no analyser {name!r}: there are {', '.join(ANALYSERS)}\n")
        return 2
    try:
        found = list(entries(name, paths))
    except AnalyserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(found) if found else "NO FINDINGS\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
