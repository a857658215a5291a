"""Static copies of the living document: a dated snapshot, a pointer for another repository."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

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
    markers = {index for region in text.regions.values() for index in (region.begin, region.end)}
    markers |= {index for index, line in enumerate(text.lines) if line.strip() == NOTICE}

    def moved(link: re.Match[str]) -> str:
        if link[2] == CHART:
            return link[1] + picture
        return link[1] + os.path.relpath(document.file.parent / link[2], folder)

    rows = {index for table in text.tables for index in table.rows}
    for index, line in enumerate(text.lines):
        if index in text.code:
            yield line
        elif index not in markers:
            yield _LINK.sub(moved, without_comments(line) if index in rows else line)


def write_pointer(document: LivingDocument, file: Path, source: str | None) -> Pointer:
    """Write a pointer to the document and keep it in the evidence, so that it is checked later."""
    path = os.path.relpath(file, document.file.parent)
    pointer = Pointer(path=path, source=source or _source(document.file, file))
    known = [known for known in document.evidence.pointers if known.path == path]
    if file.exists() and file.read_bytes().splitlines() not in [
        pointer_bytes(own).splitlines() for own in (*known, pointer)
    ]:
        raise TrackerError(
            f"{file} holds something else", hint="move it away; a pointer has no content of its own"
        )
    others = [known for known in document.evidence.pointers if known.path != path]
    pointers = tuple(sorted([*others, pointer], key=lambda known: known.path))
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
        if not file.exists():
            if file.parent.is_dir():
                yield Problem(
                    Place(str(file)), f"the pointer is gone: `conformance tracker pointer {file}`"
                )
            continue
        for number, line in enumerate(_added(file.read_bytes(), pointer_bytes(pointer)), start=1):
            if line is not None:
                what = f"a pointer holds nothing of its own; move this into {pointer.source}"
                yield Problem(Place(str(file), number, 1), what)
                break


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
    if not top or not url or not url.startswith(("http://", "https://")):
        return os.path.relpath(document, pointer.parent)
    parts = urlsplit(url)
    plain = urlunsplit(
        parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
    )
    return (
        f"{plain.removesuffix('.git')}: {os.path.relpath(document.resolve(), Path(top).resolve())}"
    )
