"""The guarded parts of runtimes: the files that they name, their sources, and their start.

A runtime under test may change. The programs that sign its requests or reset it, recordings, and
the baseline runtime may not.
"""

import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from functools import partial
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
from conformance.project.held_files import HeldFiles, end_of, followed, is_in
from conformance.safe_text import visible

_NOTHING_COMPILED: Final = (
    ("PYTHONDONTWRITEBYTECODE", "1"),
    ("PYTHONPYCACHEPREFIX", os.devnull),
)
"""A device has no files below it, so Python finds no compiled module and reads the source."""
_STARTED: Final = (CommandRuntime, BatchRuntime, AppRuntime)


def recordings(runtime: Runtime) -> Iterator[Path]:
    """Yield the recordings that a runtime consists of or falls back on."""
    if isinstance(runtime.reach, RecordedRuntime):
        yield runtime.reach.file
    if runtime.fallback is not None:
        yield runtime.fallback


def look_at_programs(held: HeldFiles, runtime: Runtime, *, is_baseline: bool) -> None:
    """Note changes of files that the runtimes file names.

    These are certificates and words of the commands that sign and reset, and for the baseline those
    of its start. A file that is not in the revision was made by a build, and is skipped.
    """
    # A file that is not in the revision was made by a build
    is_committed = partial(_is_committed, held=held)
    named = filter(None, _named_in_runtimes_file(runtime))
    for file in filter(is_committed, named):
        held.look_at(file, Guarded.PROGRAM)
    if not is_baseline:
        return
    for file in filter(is_committed, _started_from(runtime)):
        held.look_at(file, Guarded.BASELINE_SOURCE)


def _named_in_runtimes_file(runtime: Runtime) -> Iterator[Path | None]:
    for _, signer in runtime.access.signers:
        if isinstance(signer, CommandSigner):
            yield from map(signer.directory.joinpath, signer.argv)
    if runtime.reset is not None:
        yield from map(runtime.reset.directory.joinpath, runtime.reset.argv)
    if isinstance(runtime.reach, AttachedRuntime):
        tls = runtime.reach.tls
        yield from (tls.authority, tls.certificate, tls.key)


def _started_from(runtime: Runtime) -> Iterator[Path]:
    """Yield the files that a runtime may be started from: words of its command, its module."""
    reach = runtime.reach
    if isinstance(reach, CommandRuntime | BatchRuntime):
        yield from map(reach.directory.joinpath, reach.argv)
    elif isinstance(reach, AppRuntime):
        module = reach.directory.joinpath(*reach.target.partition(":")[0].split("."))
        yield from (module.with_name(f"{module.name}.py"), module / "__init__.py")


def _is_committed(file: Path, held: HeldFiles) -> bool:
    """Return whether the revision has a file at the path, or at one of its links or their end."""
    links, end = followed(file)
    written = Path(os.path.normpath(file.absolute()))
    return any(map(held.has, map(held.path_of, (written, *links, end))))


def look_at_links(held: HeldFiles, runtime: Runtime, of_baseline: Sequence[Path]) -> None:
    """Note links with which a runtime under test could replace another runtime.

    These are links in place of committed files, and new links to the source of the baseline.
    """
    links = itertools.chain.from_iterable(map(_links_to, _places_of(runtime)))
    for link in filter(held.is_inside, links):
        path = held.path_of(link)
        if held.committed_below(path):
            held.compare(path, Guarded.SOURCE)
    below = itertools.chain.from_iterable(map(_links_below, runtime.source))
    for link in filter(held.is_inside, below):
        if is_in(end_of(link), of_baseline):
            held.compare(held.path_of(link), Guarded.SOURCE)


def _places_of(runtime: Runtime) -> Sequence[Path]:
    """Return the sources of a runtime, and the folder in which it is started."""
    if isinstance(runtime.reach, _STARTED):
        return (*runtime.source, runtime.reach.directory)
    return runtime.source


def _links_to(file: Path) -> list[Path]:
    return followed(file)[0]


def _links_below(source: Path) -> Iterator[Path]:
    for name, folders, files in os.walk(end_of(source)):
        found = map(Path(name).joinpath, (*folders, *files))
        yield from filter(Path.is_symlink, found)


def missing_baseline(runtimes: Sequence[Runtime]) -> Iterator[str]:
    """Yield a sentence if no baseline is named and at least two runtimes are not recordings."""
    recorded = sum(isinstance(runtime.reach, RecordedRuntime) for runtime in runtimes)
    if len(runtimes) - recorded > 1:
        yield (
            "no baseline is named, so the source of every runtime may change: name the original "
            "by --baseline"
        )


def baseline_warnings(runtime: Runtime, held: HeldFiles) -> Iterator[str]:
    """Yield a sentence on each part of the baseline runtime that cannot be guarded."""
    whose = f"the source of the baseline {runtime.name}"
    # A runtime that is not started here has its source elsewhere
    if not isinstance(runtime.reach, _STARTED):
        return
    if not runtime.source:
        yield f"{whose} is not declared: it is not guarded"
        return
    sources = list(map(end_of, runtime.source))
    files = filter(Path.is_file, map(end_of, _started_from(runtime)))
    for file in filter(held.is_inside, files):
        name = visible(held.path_of(file))
        folder = visible(held.path_of(file.parent))
        if not is_in(file, sources):
            yield f"{whose} lacks {name}, which it uses"
        elif file.suffix == ".py" and not is_in(file.parent, sources):
            yield f"{whose} lacks {folder}, where Python looks for the modules of {name}"


def refuse_app(runtime: Runtime) -> None:
    """Raise UsageError for a runtime under test that is called inside the harness."""
    if isinstance(runtime.reach, AppRuntime):
        raise UsageError(
            f"--guard: {runtime.name} is an `app`, called inside the harness, whose verdict it "
            "could change",
            hint="start it as a `command`, or name it as --baseline if it is the original",
        )


def started_from_source(runtime: Runtime) -> Runtime:
    """Return a runtime that reads its Python source and no compiled modules.

    A compiled module could be of another source. For an `app`, which is called in this process, the
    settings of this process change.
    """
    reach = runtime.reach
    if isinstance(reach, AppRuntime):
        sys.dont_write_bytecode = True
        sys.pycache_prefix = os.devnull
    if not isinstance(reach, CommandRuntime | BatchRuntime):
        return runtime
    environment = (*reach.environment, *_NOTHING_COMPILED)
    return replace(runtime, reach=replace(reach, environment=environment))
