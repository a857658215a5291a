"""`conformance doctor`: says what a run on this machine would find."""

import importlib.metadata
import json
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
from msgspec import Struct
from msgspec.structs import asdict

from conformance.cli import options
from conformance.errors import (
    BadFileError,
    ConformanceError,
    RuntimeUnavailableError,
    UsageError,
)
from conformance.model.runtime import (
    AppRuntime,
    AttachedRuntime,
    BatchRuntime,
    CommandRuntime,
    RecordedRuntime,
    Runtime,
)
from conformance.project.files import (
    LEDGER_NAME,
    RUNTIMES_NAME,
    find_above,
    other_yaml,
    read_suites,
    suite_files,
)
from conformance.project.request import RunRequest
from conformance.project.runs import DEFAULT_RUNS
from conformance.project.runtimes import load_runtimes, runtimes_path
from conformance.reporting.phrases import plural
from conformance.runner.process.launcher import program_exists
from conformance.runner.recording import read_recording

_EPILOG = """\b
Example:
  conformance doctor cases
"""
_PACKAGE: Final = "conformance-harness"
_NO_FEATURES: Final = frozenset({"all", "dev"})
"""Extras that only combine others."""
_OF_AN_EXTRA: Final = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+).*;.*extra == ['\"](?P<extra>[^'\"]+)['\"]"
)
_SHOWN_FILES: Final = 5
_LACKS: Final = (
    "no subreaper and no /proc, so that a started command is stopped with its process group only "
    "(what it puts into a session of its own stays), and nobody can be named who holds its port"
)


class DoctorFinding(Struct, frozen=True):
    """The result of one check: `ok`, `note` (works with limits) or `bad` (a run would fail)."""

    state: str
    what: str
    detail: str


@click.command("doctor", epilog=_EPILOG)
@options.paths
@options.runtimes_file
@options.as_json
def command(*, paths: tuple[Path, ...], runtimes_file: Path | None, as_json: bool) -> int:
    """Say what a run here would find: Python, extras, files, and how each runtime would be reached.

    Nothing is started and no request is sent. Exits 2 if a suite or the runtimes file cannot be
    read, and 4 if a runtime could not take part.
    """
    request = RunRequest(paths=paths, runtimes_file=runtimes_file, runs=DEFAULT_RUNS)
    file, declared = _declared(request)
    files = [*_suites(request), file, _ledger(request)]
    runtimes = list(map(_runtime, declared))
    findings = [*_machine(), *files, *runtimes]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        width = max(len(finding.what) for finding in findings)
        for finding in findings:
            click.echo(f"{finding.state:<4}  {finding.what:<{width}}  {finding.detail}")
    if any(map(_is_bad, files)):
        return UsageError.exit_code
    return RuntimeUnavailableError.exit_code if any(map(_is_bad, runtimes)) else 0


def _is_bad(finding: DoctorFinding) -> bool:
    return finding.state == "bad"


def _machine() -> Iterator[DoctorFinding]:
    yield DoctorFinding("ok", "python", f"{platform.python_version()} at {sys.executable}")
    system = platform.system()
    lacks = "" if system == "Linux" else f": {_LACKS}"
    yield DoctorFinding(
        "note" if lacks else "ok", "platform", f"{system} {platform.release()}{lacks}"
    )
    git = shutil.which("git")
    yield DoctorFinding(
        "ok" if git else "note", "git", git or "not found: reports cannot name the commit"
    )
    for extra, packages in _extras().items():
        missing = [package for package in packages if not _is_installed(package)]
        advice = f"not installed: {', '.join(missing)}; pip install '{_PACKAGE}[{extra}]'"
        yield DoctorFinding(
            "note" if missing else "ok", f"extra {extra}", advice if missing else "installed"
        )


def _extras() -> dict[str, list[str]]:
    """Return the packages of each extra, as the installed package declares them."""
    try:
        declared = importlib.metadata.requires(_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:  # run from a checkout that is not installed
        return {}
    extras: dict[str, list[str]] = {}
    for requirement in sorted(declared):
        found = _OF_AN_EXTRA.match(requirement)
        if found and found["extra"] not in _NO_FEATURES:
            extras.setdefault(found["extra"], []).append(found["name"])
    return dict(sorted(extras.items()))


def _is_installed(package: str) -> bool:
    try:
        importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _suites(request: RunRequest) -> Iterator[DoctorFinding]:
    """Yield findings on the suites: whether they are valid, and which YAML files are no suites."""
    try:
        files = suite_files(request.suite_paths())
        count = sum(1 for _ in read_suites(files))
    except BadFileError as error:
        yield DoctorFinding("bad", "suites", str(error))
        return
    except UsageError as error:
        yield DoctorFinding("note", "suites", str(error))
        return
    yield DoctorFinding(
        "ok" if files else "note",
        "suites",
        f"{plural(len(files), 'suite')}, {plural(count, 'case')}",
    )
    if others := other_yaml(request.suite_paths()):
        names = ", ".join(map(str, others[:_SHOWN_FILES])) + (
            ", …" if len(others) > _SHOWN_FILES else ""
        )
        yield DoctorFinding(
            "note",
            "other YAML",
            f"{plural(len(others), 'file')} without `suite:`, not read: {names}",
        )


def _declared(request: RunRequest) -> tuple[DoctorFinding, tuple[Runtime, ...]]:
    """Return a finding on the runtimes file, and the runtimes that it declares."""
    file = runtimes_path(request)
    if file is None:
        without = "not found: name runtimes with --runtime"
        return DoctorFinding("note", RUNTIMES_NAME, without), ()
    try:
        declared = load_runtimes(request)
    except UsageError as error:
        return DoctorFinding("bad", RUNTIMES_NAME, str(error)), ()
    return DoctorFinding("ok", RUNTIMES_NAME, str(file)), declared


def _ledger(request: RunRequest) -> DoctorFinding:
    file = find_above(LEDGER_NAME, request.suite_paths())
    found = str(file or "not found: every difference is red")
    return DoctorFinding("ok" if file else "note", LEDGER_NAME, found)


def _runtime(runtime: Runtime) -> DoctorFinding:
    what, reach = f"runtime {runtime.name}", runtime.reach
    if isinstance(reach, AttachedRuntime):
        return DoctorFinding("ok", what, f"would be called at {reach.url}")
    if isinstance(reach, CommandRuntime | BatchRuntime):
        if program_exists(reach):
            done = "started" if isinstance(reach, CommandRuntime) else "run for each step"
            return DoctorFinding("ok", what, f"would be {done}: {' '.join(reach.argv)}")
        if runtime.fallback is None:
            return DoctorFinding(
                "bad", what, f"{reach.argv[0]} is not on this machine, and there is no fallback"
            )
    if isinstance(reach, AppRuntime):
        return DoctorFinding("ok", what, f"would be called in process: {reach.target}")
    file = reach.file if isinstance(reach, RecordedRuntime) else runtime.fallback
    try:
        recording = read_recording(file) if file else None
    except ConformanceError as error:
        return DoctorFinding("bad", what, str(error))
    return DoctorFinding(
        "note", what, f"would be replayed: {recording.provenance if recording else ''}"
    )
