"""Copies of the living document: a dated snapshot, and a pointer in another repository."""

import os
import re
from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest
from operator import attrgetter
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from msgspec.structs import replace

from conformance.atomic_file import replace_file
from conformance.errors import Place, Problem, TrackerError
from conformance.project.git import git, head_commit
from conformance.reporting.markdown import markdown_template
from conformance.tracker.evidence import Pointer
from conformance.tracker.evidence_file import evidence_bytes
from conformance.tracker.living_document import LivingDocument
from conformance.tracker.proofs import without_comments
from conformance.tracker.regions import CHART, NOTICE, as_of

_LINK: Final = re.compile(
    r"(\]\(|^ {0,3}\[[^]]+\]: *)(?![a-z][a-z0-9+.-]*:|[#/])([^)\s]+)", re.IGNORECASE
)


def write_snapshot(document: LivingDocument, folder: Path) -> Path:
    """Write a snapshot of the document, named by the day of its evidence, and return its file.

    Raises TrackerError if there is another snapshot of that day.
    """
    date = as_of(document.evidence)
    file = folder / f"{document.file.stem.lower()}_{date}.md"
    picture = file.with_suffix(".svg")
    header = markdown_template("conformance.tracker", "snapshot.md.j2").render(
        date=date,
        source=os.path.relpath(document.file, folder),
        commit=head_commit(document.file.parent),
    )
    body = "".join(_frozen(document, folder, picture.name))
    content = f"{header}{body}".encode("utf-8", "surrogateescape")
    if not file.exists():
        replace_file(picture, document.chart_file.read_bytes())
        replace_file(file, content)
    elif _body(file.read_bytes()) != _body(content):
        raise TrackerError(
            f"{file} exists and has other content; a snapshot is never changed",
            hint="remove it first",
        )
    return file


def _body(content: bytes) -> bytes:
    """Return a snapshot without its header, which names the commit at which it was made."""
    return content.partition(b"\n\n")[2]


def _frozen(document: LivingDocument, folder: Path, picture: str) -> Iterator[str]:
    """Yield the lines of the document without the markers and comments for `sync`.

    Relative links are changed so that they lead to the same files from the folder of the snapshot.
    """
    text = document.comparison.markdown
    left_out = {index for index, line in enumerate(text.lines) if line.strip() == NOTICE}
    for region in text.regions.values():
        left_out |= {region.begin, region.end}
    rows = set(chain.from_iterable(map(attrgetter("rows"), text.tables))) - left_out

    def moved(link: re.Match[str]) -> str:
        before, target = link[1], link[2]
        if target == CHART:
            return before + picture
        return before + os.path.relpath(document.file.parent / target, folder)

    for index, line in enumerate(text.lines):
        # Code has no links
        if index in text.code:
            yield line
        elif index in rows:
            yield _LINK.sub(moved, without_comments(line))
        elif index not in left_out:
            yield _LINK.sub(moved, line)


def write_pointer(document: LivingDocument, file: Path, source: str | None) -> Pointer:
    """Write a pointer to the document, and add it to the evidence so that it is checked later."""
    path = os.path.relpath(file, document.file.parent)
    pointer = Pointer(path=path, source=source or _source(document.file, file))
    by_path = {known.path: known for known in document.evidence.pointers}
    # An existing pointer may be written again with another source
    before = by_path.get(path, pointer)
    own = [pointer_bytes(each).splitlines() for each in (before, pointer)]
    if file.exists() and file.read_bytes().splitlines() not in own:
        raise TrackerError(
            f"{file} holds something else",
            hint="move it away; a pointer has no content of its own",
        )
    by_path[path] = pointer
    replace_file(file, pointer_bytes(pointer))
    _write_pointers(document, [by_path[name] for name in sorted(by_path)])
    return pointer


def _write_pointers(document: LivingDocument, pointers: Iterable[Pointer]) -> None:
    evidence = replace(document.evidence, pointers=tuple(pointers))
    replace_file(document.evidence_file, evidence_bytes(evidence))


def forget_pointer(document: LivingDocument, file: Path) -> None:
    """Remove a pointer from the evidence, so that it is no longer checked; its file stays."""
    path = os.path.relpath(file, document.file.parent)
    known = document.evidence.pointers
    kept = [pointer for pointer in known if pointer.path != path]
    if len(kept) == len(known):
        paths = ", ".join(map(attrgetter("path"), kept)) or "none"
        raise TrackerError(f"{file} is no pointer that is checked", hint=f"checked: {paths}")
    _write_pointers(document, kept)


def pointer_bytes(pointer: Pointer) -> bytes:
    """Return the whole content of a pointer."""
    return (
        markdown_template("conformance.tracker", "pointer.md.j2")
        .render(source=pointer.source)
        .encode()
    )


def pointers_not_looked_at(document: LivingDocument) -> Iterator[str]:
    """Yield the pointers that cannot be checked, because their repository is not here."""
    for file, _ in _pointer_files(document):
        if not file.exists() and not file.parent.is_dir():
            yield f"{file} was not looked at: its repository is not here"


def _pointer_files(document: LivingDocument) -> Iterator[tuple[Path, Pointer]]:
    """Yield `(file, pointer)` for the pointers of the evidence."""
    for pointer in document.evidence.pointers:
        file = os.path.normpath(document.file.parent / pointer.path)
        yield Path(file), pointer


def pointer_problems(document: LivingDocument) -> Iterator[Problem]:
    """Yield the pointers that are missing, or that have text of their own.

    A pointer whose repository is not here is not checked.
    """
    for file, pointer in _pointer_files(document):
        if file.exists():
            yield from _own_content(file, pointer)
        elif file.parent.is_dir():
            what = f"the pointer is gone: `conformance tracker pointer {file}`"
            yield Problem(Place(str(file)), what)


def _own_content(file: Path, pointer: Pointer) -> Iterator[Problem]:
    """Yield a problem for the first line of a pointer that is not generated."""
    lines = file.read_bytes().splitlines()
    wanted = pointer_bytes(pointer).splitlines()
    for number, (line, right) in enumerate(zip_longest(lines, wanted), start=1):
        if line == right:
            continue
        what = f"a pointer holds nothing of its own; move this into {pointer.source}"
        yield Problem(Place(str(file), number, 1), what)
        return


def _source(document: Path, pointer: Path) -> str:
    """Return how another repository names the document.

    This is the URL of the document's repository (`origin`) with the path in it; without a URL, the
    relative path.
    """
    top = git(document.parent, "rev-parse", "--show-toplevel")
    url = git(document.parent, "remote", "get-url", "origin")
    is_browsable = url is not None and url.startswith(("http://", "https://"))
    if not top or not url or not is_browsable:
        return os.path.relpath(document, pointer.parent)
    parts = urlsplit(url)
    # A name and a password may stand before the host
    host = parts.netloc.rpartition("@")[2]
    plain = urlunsplit(parts._replace(netloc=host, query="", fragment=""))
    # The path within the repository is the same in every clone
    path = os.path.relpath(document.resolve(), Path(top).resolve())
    return f"{plain.removesuffix('.git')}: {path}"
