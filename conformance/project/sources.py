"""Digests of the code of runtimes: of the files that `source` names.

A digest covers the names and bytes of all files at and below the paths: tracked and new ones, but
not ignored ones, because those are built or cached from the others.  Outside a repository, hidden
files and `__pycache__` are left out instead.
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

# 64 bits: two states of one source do not have the same digest by chance
_SHOWN_DIGITS: Final = 16
_CACHE: Final = "__pycache__"


def with_source_digests(runtimes: Sequence[Runtime]) -> tuple[Runtime, ...]:
    """Return the runtimes with the digests of their sources.

    Raises BadFileError if a source is missing. A runtime that can fall back on a recording may lack
    its source, as it may lack its program.
    """
    problems = list(chain.from_iterable(map(_missing_sources, runtimes)))
    if problems:
        raise BadFileError(problems)
    # Several runtimes may have the same source
    digest = functools.cache(source_digest)
    return tuple(replace(runtime, source_digest=digest(runtime.source)) for runtime in runtimes)


def _missing_sources(runtime: Runtime) -> Iterator[Problem]:
    """Yield the missing source paths of a runtime that has no recording to fall back on."""
    if runtime.fallback is not None:
        return
    for path in filterfalse(Path.exists, runtime.source):
        what = f"the source of runtime {runtime.name} is missing"
        yield Problem(runtime.place, f"{what}: no file or folder {path}")


def source_digest(paths: tuple[Path, ...]) -> str:
    """Return the digest of the files at and below some paths.

    It is empty if there are no paths or one is missing.
    """
    if not paths or not all(map(Path.exists, paths)):
        return ""
    digest = hashlib.sha256()
    for number, path in enumerate(paths):
        # A folder lists its files in an undefined order
        for name in sorted(_names(path)):
            content = file_content(path / name)
            if content is None:
                continue
            header = f"{number}\0{name}\0{len(content)}\0"
            digest.update(header.encode("utf-8", "surrogateescape"))
            digest.update(content)
    return digest.hexdigest()[:_SHOWN_DIGITS]


def _names(path: Path) -> Iterator[str]:
    """Yield the names of the files at and below a path, relative to it.

    If the path is a file, its name is empty.
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
    """Return whether a part of a path is hidden, or is the folder of compiled modules."""
    return part.startswith(".") or part == _CACHE


def file_content(file: Path) -> bytes | None:
    """Return the bytes of a file, or the target of a link.

    Return None for a missing file: git also lists deleted files.
    """
    if file.is_symlink():
        return os.fsencode(file.readlink())
    try:
        return file.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        return None
