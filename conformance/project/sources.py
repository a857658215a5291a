"""The state of the code that runtimes are made of, as a digest of the files that `source` names.

A digest is of the names and the bytes of all files at and below the paths: tracked ones and new
ones, but none that git ignores, as what is built and cached is made from the others.  Outside a
repository hidden files and `__pycache__` are left out instead.
"""

import functools
import hashlib
import os
from collections.abc import Iterator, Sequence
from itertools import chain, filterfalse
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from conformance.errors import BadFileError, Problem
from conformance.model.runtime import Runtime
from conformance.project.git import git

# 64 bits: no two states of one source share a digest by chance
_SHOWN_DIGITS: Final = 16
_CACHE: Final = "__pycache__"


def with_source_digests(runtimes: Sequence[Runtime]) -> tuple[Runtime, ...]:
    """Return the runtimes with the digests of their sources.

    Raises BadFileError where one is missing.

    A runtime with a recording to fall back on may be without its source, as it may be without its
    program.
    """
    problems = list(chain.from_iterable(map(_missing_sources, runtimes)))
    if problems:
        raise BadFileError(problems)
    # Several runtimes may be of one source
    digest = functools.cache(source_digest)
    return tuple(replace(runtime, source_digest=digest(runtime.source)) for runtime in runtimes)


def _missing_sources(runtime: Runtime) -> Iterator[Problem]:
    """Yield the paths that a runtime without a recording is made of, and that are not there."""
    if runtime.fallback is not None:
        return
    for path in filterfalse(Path.exists, runtime.source):
        what = f"the source of runtime {runtime.name} is missing"
        yield Problem(runtime.place, f"{what}: no file or folder {path}")


def source_digest(paths: tuple[Path, ...]) -> str:
    """Return the digest of the files at and below some paths.

    Nothing where none is named or one is missing.
    """
    if not paths or not all(map(Path.exists, paths)):
        return ""
    digest = hashlib.sha256()
    for number, path in enumerate(paths):
        # The order of a folder is that of the file system
        for name in sorted(_names(path)):
            content = file_content(path / name)
            if content is None:
                continue
            header = f"{number}\0{name}\0{len(content)}\0"
            digest.update(header.encode("utf-8", "surrogateescape"))
            digest.update(content)
    return digest.hexdigest()[:_SHOWN_DIGITS]


def _names(path: Path) -> Iterator[str]:
    """Yield the names of the files at and below a path, from there.

    The path itself has an empty name.
    """
    if not path.is_dir():
        yield ""
        return
    listed = git(path, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listed is not None:
        yield from filter(None, listed.split("\0"))
        return
    for file in path.rglob("*"):
        parts = file.relative_to(path).parts
        is_left_out = any(map(_is_left_out, parts))
        if not is_left_out and not file.is_dir():
            yield str(Path(*parts))


def _is_left_out(part: str) -> bool:
    """Return whether a file or folder is hidden, or holds what Python has compiled."""
    return part.startswith(".") or part == _CACHE


def file_content(file: Path) -> bytes | None:
    """Return a file's bytes, or where a link leads.

    None for one that is gone, as git also lists deleted files.
    """
    if file.is_symlink():
        return os.fsencode(file.readlink())
    try:
        return file.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        return None
