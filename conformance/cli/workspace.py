"""From options to what they mean: cases, runtimes, ledger, run folders."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from conformance.cli.options import LATEST
from conformance.cli.stamp import new_stamp
from conformance.errors import RunRecordError, UsageError
from conformance.model.decision import Ledger
from conformance.model.run import RunHeader
from conformance.model.runtime import Runtime
from conformance.model.shard import Shard
from conformance.pipeline import red_cases
from conformance.suites.case_spool import CaseSpool
from conformance.suites.decisions_file import read_ledger
from conformance.suites.discovery import LEDGER_NAME, RUNTIMES_NAME, find_above, read_suites, suite_files
from conformance.suites.fields import suggestion
from conformance.suites.runtimes_file import read_runtimes, runtime_from_option
from conformance.suites.selection import Selection

_DEFAULT_PATH: Final = Path("cases")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The options that choose files, cases and runtimes, as they were given."""

    paths: tuple[Path, ...]
    runtime_options: tuple[str, ...] = ()
    runtimes_file: Path | None = None
    ledger_file: Path | None = None
    supports_options: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    last_failed: bool = False
    shard: Shard | None = None
    runs: Path

    def suite_paths(self) -> tuple[Path, ...]:
        """Return the given paths, or the folder `cases`."""
        return self.paths or (_DEFAULT_PATH,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """The selected cases, the ids of those that were read with them, and the files they stand in."""

    selected: CaseSpool
    unselected: frozenset[str]
    files: tuple[Path, ...]


def load_cases(request: Request, *, at_least: int = 1) -> Cases:
    """Read the suites that a request means, and select.

    A shard is no filter: how many cases are wanted is held against the whole selection, and a part may be empty.
    """
    files = suite_files(request.suite_paths())
    ids = red_cases(find_run(request.runs, LATEST)) if request.last_failed else None
    selection = Selection(globs=request.globs, tags=request.tags, ids=ids)
    selected, unselected, shard = CaseSpool(), [], request.shard
    for case, takes in selection.split(read_suites(files), at_least=at_least):
        if takes and (shard is None or shard.takes(case.id)):
            selected.add(case)
        else:
            unselected.append(case.id)
    return Cases(selected=selected, unselected=frozenset(unselected), files=files)


def load_runtimes(request: Request) -> tuple[Runtime, ...]:
    """Return the runtimes of the command line, or those of the runtimes file that the names pick."""
    attached = tuple(runtime_from_option(option) for option in request.runtime_options if "=" in option)
    picked = [option for option in request.runtime_options if "=" not in option]
    declared = () if attached and not picked else declared_runtimes(request)
    chosen = tuple(_named(name, declared) for name in picked) if picked else declared
    runtimes = (*chosen, *attached)
    _refuse_twice([runtime.name for runtime in runtimes])
    return _with_support(runtimes, request.supports_options)


def runtimes_path(request: Request) -> Path | None:
    """Return the runtimes file that was named, or the nearest one."""
    return request.runtimes_file or find_above(RUNTIMES_NAME, request.suite_paths())


def declared_runtimes(request: Request) -> tuple[Runtime, ...]:
    """Return what the runtimes file declares; raises UsageError where there is none."""
    file = runtimes_path(request)
    if file is None:
        raise UsageError(
            f"no runtimes: no {RUNTIMES_NAME} in or above {request.suite_paths()[0]}",
            hint="--runtime a=http://127.0.0.1:8001 --runtime b=http://127.0.0.1:8002",
        )
    return read_runtimes(file)


def _named(name: str, declared: Sequence[Runtime]) -> Runtime:
    for runtime in declared:
        if runtime.name == name:
            return runtime
    known = [runtime.name for runtime in declared]
    raise UsageError(
        f"--runtime {name}: no such runtime{suggestion(name, known)}", hint=f"declared: {', '.join(known)}"
    )


def refuse_unknown_baseline(baseline: str | None, runtimes: Sequence[Runtime]) -> None:
    """Raise UsageError for a baseline that is none of the runtimes."""
    names = [runtime.name for runtime in runtimes]
    if baseline is not None and baseline not in names:
        raise UsageError(f"--baseline {baseline}: no such runtime{suggestion(baseline, names)}", hint=", ".join(names))


def _refuse_twice(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"--runtime: {', '.join(twice)} is named twice", hint="a name is the identity of a runtime")


def _with_support(runtimes: tuple[Runtime, ...], options: Sequence[str]) -> tuple[Runtime, ...]:
    declared: dict[str, frozenset[str]] = {}
    for option in options:
        name, separator, features = option.partition("=")
        if not separator or name not in {runtime.name for runtime in runtimes}:
            known = ", ".join(runtime.name for runtime in runtimes)
            raise UsageError(f"--supports {option}: wanted NAME=FEATURE with one of {known}")
        declared[name] = declared.get(name, frozenset()) | frozenset(filter(None, features.split(",")))
    return tuple(
        replace(runtime, supports=declared[runtime.name]) if runtime.name in declared else runtime
        for runtime in runtimes
    )


def load_ledger(file: Path | None, suite_paths: Sequence[Path]) -> Ledger:
    """Return the ledger that was named, or the nearest one; an empty one where there is none."""
    found = ledger_path(file, suite_paths)
    return read_ledger(found) if found else Ledger()


def ledger_path(file: Path | None, suite_paths: Sequence[Path]) -> Path | None:
    """Return the decisions file that was named, or the nearest one."""
    return file or find_above(LEDGER_NAME, suite_paths)


def unselected_ids(cases: Cases, ledger: Ledger) -> frozenset[str]:
    """Return the ids of the cases that a run leaves out, those of the ledger's folder included."""
    if ledger.file is None:
        return cases.unselected
    read = {file.resolve() for file in cases.files}
    others = [file for file in suite_files([Path(ledger.file).parent]) if file.resolve() not in read]
    beside = {case.id for case in read_suites(others)}
    if beside:  # a suite may have a copy there
        beside.difference_update(case.id for case in cases.selected)
    return cases.unselected | beside


def new_header(
    ledger: Ledger, unselected: frozenset[str], baseline: str | None, shard: Shard | None = None
) -> RunHeader:
    """Return the header of a run that starts now."""
    return RunHeader(
        **new_stamp(),
        runtimes=(),
        baseline=baseline,
        ledger_file=ledger.file,
        ledger_digest=ledger.digest,
        unselected=unselected,
        shard=shard,
    )


def find_run(runs: Path, name: str) -> Path:
    """Return the folder of a saved run by its id, its folder, or `latest`."""
    for folder in (runs / name, Path(name)):
        if folder.is_dir():
            return folder.resolve()
    raise RunRecordError(f"no run {name!r} in {runs}", hint="`conformance run` makes one; --runs names another folder")


def point_latest(runs: Path, run_id: str) -> None:
    """Make `latest` point to a run, in one step."""
    link = runs / f".latest-{run_id}"
    link.symlink_to(run_id)
    link.replace(runs / LATEST)
