"""What a guard looks at of runtimes: the files that they name, their sources, and how they start.

A runtime under test may change. What signs its requests, resets it, or stands in for it may not,
and neither may the baseline runtime.
"""

import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from conformance.errors import UsageError
from conformance.model.access import CommandSigner
from conformance.model.guard import Guarded
from conformance.model.runtime import (
    AppRuntime,
    AttachedRuntime,
    BatchRuntime,
    CommandRuntime,
    RecordedRuntime,
    Runtime,
)
from conformance.project.held_files import HeldFiles, followed, is_below
from conformance.safe_text import visible

_NOTHING_COMPILED: Final = (
    ("PYTHONDONTWRITEBYTECODE", "1"),
    ("PYTHONPYCACHEPREFIX", os.devnull),
)
"""Below a device there are no files: Python finds no compiled module there, and reads the source.
"""
_STARTED: Final = (CommandRuntime, BatchRuntime, AppRuntime)


def named_files(runtimes: Sequence[Runtime]) -> Iterator[tuple[Path, Guarded]]:
    """Yield the recordings that runtimes are, or fall back on."""
    for runtime in runtimes:
        if isinstance(runtime.reach, RecordedRuntime):
            yield runtime.reach.file, Guarded.RECORDING
        if runtime.fallback is not None:
            yield runtime.fallback, Guarded.RECORDING


def programs(
    runtimes: Sequence[Runtime], baseline: str | None, held: HeldFiles
) -> Iterator[tuple[Path, Guarded]]:
    """Yield the files that the runtimes file names and the revision has.

    These are words of the commands that sign, reset and start the baseline, and certificates. One
    that the revision does not have was made by a build.
    """
    for runtime in runtimes:
        named = [(file, Guarded.PROGRAM) for file in _named_in_runtimes_file(runtime)]
        if runtime.name == baseline:
            named += [(file, Guarded.BASELINE_SOURCE) for file in _started_from(runtime)]
        yield from ((file, what) for file, what in named if _is_committed(file, held))


def _named_in_runtimes_file(runtime: Runtime) -> Iterator[Path]:
    for _, signer in runtime.access.signers:
        if isinstance(signer, CommandSigner):
            yield from (signer.directory / word for word in signer.argv)
    if runtime.reset is not None:
        yield from (runtime.reset.directory / word for word in runtime.reset.argv)
    if isinstance(runtime.reach, AttachedRuntime):
        tls = runtime.reach.tls
        yield from filter(None, (tls.authority, tls.certificate, tls.key))


def _started_from(runtime: Runtime) -> Iterator[Path]:
    """Yield the files that a runtime may be started from: the words of its command, its module."""
    reach = runtime.reach
    if isinstance(reach, CommandRuntime | BatchRuntime):
        yield from (reach.directory / word for word in reach.argv)
    elif isinstance(reach, AppRuntime):
        module = reach.directory.joinpath(*reach.target.partition(":")[0].split("."))
        yield from (module.with_name(f"{module.name}.py"), module / "__init__.py")


def _is_committed(file: Path, held: HeldFiles) -> bool:
    """Return whether the revision has a file at a path, as it is written or as links lead."""
    links, end = followed(file)
    written = Path(os.path.normpath(file.absolute()))
    paths = [held.path_of(each) for each in (written, *links, end)]
    return any(path is not None and held.has(path) for path in paths)


def look_at_other_source(held: HeldFiles, runtime: Runtime, of_baseline: Sequence[Path]) -> None:
    """Note the links by which a runtime under test takes the place of another runtime.

    These are links in place of the files that the revision has, and new ones that lead to the
    source of the baseline.
    """
    directory = [runtime.reach.directory] if isinstance(runtime.reach, _STARTED) else []
    for source in (*runtime.source, *directory):
        for link in followed(source)[0]:
            path = held.path_of(link)
            if path is not None and any(is_below(each, path) for each in held.commit.files):
                held.compare(path, Guarded.SOURCE)
    for link in itertools.chain.from_iterable(map(_links_below, runtime.source)):
        path = held.path_of(link)
        if path is not None and _leads_to(link, of_baseline):
            held.compare(path, Guarded.SOURCE)


def _links_below(source: Path) -> Iterator[Path]:
    for name, folders, files in os.walk(followed(source)[1]):
        found = (Path(name) / each for each in (*folders, *files))
        yield from filter(Path.is_symlink, found)


def _leads_to(link: Path, folders: Sequence[Path]) -> bool:
    end = followed(link)[1]
    return any(end.is_relative_to(folder) for folder in folders)


def baseline_warnings(
    runtimes: Sequence[Runtime], baseline: str | None, held: HeldFiles
) -> Iterator[str]:
    """Yield a sentence on each thing of the baseline runtime that the guard cannot look at."""
    running = [each for each in runtimes if not isinstance(each.reach, RecordedRuntime)]
    if baseline is None and len(running) > 1:
        yield "no baseline is named: the source of every runtime may change"
    for runtime in running:
        if runtime.name != baseline or not isinstance(runtime.reach, _STARTED):
            continue
        if not runtime.source:
            yield f"the source of the baseline {baseline} is not declared: it is not guarded"
            continue
        sources = [followed(each)[1] for each in runtime.source]
        for end in (followed(file)[1] for file in _started_from(runtime)):
            path = held.path_of(end)
            is_held = any(end.is_relative_to(source) for source in sources)
            if path is not None and end.is_file() and not is_held:
                yield f"the source of the baseline {baseline} lacks {visible(path)}, which it uses"


def refuse_apps(runtimes: Sequence[Runtime], baseline: str | None) -> None:
    """Raise UsageError for a runtime under test that is called inside the harness."""
    apps = [each.name for each in runtimes if isinstance(each.reach, AppRuntime)]
    for name in apps:
        if name != baseline:
            raise UsageError(
                f"--guard: {name} is an `app`, called inside the harness, whose verdict it could "
                "change",
                hint="start it as a `command`, or name it as --baseline if it is the original",
            )


def started_afresh(runtimes: Sequence[Runtime], baseline: str | None) -> tuple[Runtime, ...]:
    """Return the runtimes; a baseline in Python reads its source, and no module compiled before.

    What was compiled could be of another source.
    """
    return tuple(_afresh(each) if each.name == baseline else each for each in runtimes)


def _afresh(runtime: Runtime) -> Runtime:
    reach = runtime.reach
    if isinstance(reach, AppRuntime):
        sys.dont_write_bytecode, sys.pycache_prefix = True, os.devnull
    if isinstance(reach, CommandRuntime | BatchRuntime):
        environment = (*reach.environment, *_NOTHING_COMPILED)
        return replace(runtime, reach=replace(reach, environment=environment))
    return runtime
