"""Static copies of the living document: a dated snapshot, a pointer for another repository."""

import os
import re
from collections.abc import Iterator
from itertools import chain, islice
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
    """Freeze the document as it is today's state of.

    Raises TrackerError where another snapshot of that day stands.
    """
    date = as_of(document.evidence)
    file = folder / f"{document.file.stem.lower()}_{date}.md"
    picture = file.with_suffix(".svg")
    source = os.path.relpath(document.file, folder)
    header = markdown_template("conformance.tracker", "snapshot.md.j2").render(
        date=date, source=source, commit=head_commit(document.file.parent)
    )
    body = "".join(_frozen(document, folder, picture.name))
    content = f"{header}{body}".encode("utf-8", "surrogateescape")
    if file.exists() and _body(file.read_bytes()) != _body(content):
        raise TrackerError(
            f"{file} is there and says something else; a snapshot is never changed",
            hint="remove it first",
        )
    if not file.exists():
        replace_file(picture, document.chart_file.read_bytes())
        replace_file(file, content)
    return file


def _body(content: bytes) -> bytes:
    """Return a snapshot without its header, which names the commit that it was made at."""
    return content.partition(b"\n\n")[2]


def _frozen(document: LivingDocument, folder: Path, picture: str) -> Iterator[str]:
    """Yield the lines without the markers and comments for `sync`, links adjusted.

    Their relative links lead from another folder.
    """
    text = document.comparison.markdown
    markers = set(chain.from_iterable((each.begin, each.end) for each in text.regions.values()))
    markers |= {index for index, line in enumerate(text.lines) if line.strip() == NOTICE}

    def moved(link: re.Match[str]) -> str:
        if link[2] == CHART:
            return link[1] + picture
        return link[1] + os.path.relpath(document.file.parent / link[2], folder)

    rows = set(chain.from_iterable(table.rows for table in text.tables))
    for index, line in enumerate(text.lines):
        if index in text.code:
            yield line
        elif index not in markers:
            yield _LINK.sub(moved, without_comments(line) if index in rows else line)


def write_pointer(document: LivingDocument, file: Path, source: str | None) -> Pointer:
    """Write a pointer to the document and keep it in the evidence, so that it is checked later."""
    path = os.path.relpath(file, document.file.parent)
    pointer = Pointer(path=path, source=source or _source(document.file, file))
    by_path = {known.path: known for known in document.evidence.pointers}
    own = [pointer_bytes(each).splitlines() for each in (by_path.get(path, pointer), pointer)]
    if file.exists() and file.read_bytes().splitlines() not in own:
        raise TrackerError(
            f"{file} holds something else", hint="move it away; a pointer has no content of its own"
        )
    by_path[path] = pointer
    pointers = tuple(by_path[name] for name in sorted(by_path))
    replace_file(file, pointer_bytes(pointer))
    replace_file(
        document.evidence_file, evidence_bytes(replace(document.evidence, pointers=pointers))
    )
    return pointer


def forget_pointer(document: LivingDocument, file: Path) -> None:
    """Stop checking a pointer; the file is left alone."""
    path = os.path.relpath(file, document.file.parent)
    kept = tuple(known for known in document.evidence.pointers if known.path != path)
    if len(kept) == len(document.evidence.pointers):
        known = ", ".join(pointer.path for pointer in kept) or "none"
        raise TrackerError(f"{file} is no pointer that is checked", hint=f"checked: {known}")
    replace_file(document.evidence_file, evidence_bytes(replace(document.evidence, pointers=kept)))


def pointer_bytes(pointer: Pointer) -> bytes:
    """Return the whole content of a pointer."""
    return (
        markdown_template("conformance.tracker", "pointer.md.j2")
        .render(source=pointer.source)
        .encode()
    )


def pointers_not_looked_at(document: LivingDocument) -> Iterator[str]:
    """Yield the pointers whose repository is not here: nothing is known of them."""
    for pointer in document.evidence.pointers:
        file = Path(os.path.normpath(document.file.parent / pointer.path))
        if not file.exists() and not file.parent.is_dir():
            yield f"{file} was not looked at: its repository is not here"


def pointer_problems(document: LivingDocument) -> Iterator[Problem]:
    """Yield the pointers that are gone, or hold more than a pointer.

    A repository that is not here is not looked at.
    """
    for pointer in document.evidence.pointers:
        file = Path(os.path.normpath(document.file.parent / pointer.path))
        if file.exists():
            yield from _own_content(file, pointer)
        elif file.parent.is_dir():
            what = f"the pointer is gone: `conformance tracker pointer {file}`"
            yield Problem(Place(str(file)), what)


def _own_content(file: Path, pointer: Pointer) -> Iterator[Problem]:
    """Yield the first line of a pointer that says more than where it points to."""
    added = enumerate(_added(file.read_bytes(), pointer_bytes(pointer)), start=1)
    numbers = (number for number, line in added if line is not None)
    for number in islice(numbers, 1):
        what = f"a pointer holds nothing of its own; move this into {pointer.source}"
        yield Problem(Place(str(file), number, 1), what)


def _added(got: bytes, wanted: bytes) -> Iterator[bytes | None]:
    """Yield for each line what is wrong with it, None where it is as it should be."""
    lines, right = got.splitlines(), wanted.splitlines()
    for index in range(max(len(lines), len(right))):
        same = index < len(lines) and index < len(right) and lines[index] == right[index]
        yield None if same else b"".join(lines[index : index + 1])


def _source(document: Path, pointer: Path) -> str:
    """Return how another repository names the document.

    This is the URL from which the document's repository is fetched, else the way to it.
    """
    top, url = (
        git(document.parent, "rev-parse", "--show-toplevel"),
        git(document.parent, "remote", "get-url", "origin"),
    )
    if not top or not url:
        return os.path.relpath(document, pointer.parent)
    if not url.startswith(("http://", "https://")):  # no reader can open it in a browser
        return os.path.relpath(document, pointer.parent)
    parts = urlsplit(url)
    plain = urlunsplit(
        parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
    )
    return (
        f"{plain.removesuffix('.git')}: {os.path.relpath(document.resolve(), Path(top).resolve())}"
    )
