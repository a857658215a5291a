"""The split of a change into bundles, which are shown to reviewers component by component.

In: a diff as git writes it. Out: bundles whose hunks have the line numbers of the new state. A
component is split between files, and a file between hunks, so that no bundle is longer than
`WARN_BYTES` unless a single hunk is longer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Final

from msgspec import Struct, field
from unidiff.errors import UnidiffParseError
from unidiff.patch import Line, PatchedFile, PatchSet

from conformance.errors import UsageError
from conformance.model.case_glob import matches
from conformance.review.plan import Component
from conformance.wording import plural

# About 20,000 tokens: reviewers that are shown more tend to answer less
WARN_BYTES: Final = 60_000
# A larger hunk, which cannot be split, would fill the context of small models
REFUSE_BYTES: Final = 100_000
OTHER: Final = "other"


class _Piece(Struct, frozen=True):
    """The smallest part that can be shown alone: a hunk, or a file without hunks."""

    path: str
    text: str
    lines: Mapping[int, str]
    deleted: bool = False


class _Draft(Struct):
    """A bundle in construction."""

    text: str = ""
    anchors: dict[str, dict[int, str]] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)
    deleted: list[str] = field(default_factory=list)

    @property
    def size_bytes(self) -> int:
        return len(self.text.encode())

    def add(self, piece: _Piece) -> None:
        heading = "" if piece.path in self.paths else f"### {piece.path}\n"
        self.text += heading + piece.text
        self.paths.add(piece.path)
        if piece.deleted:
            self.deleted.append(piece.path)
        self.anchors.setdefault(piece.path, {}).update(piece.lines)


class Bundle(Struct, frozen=True, kw_only=True):
    """The part of a component that one prompt shows: hunks with the line numbers of the new state.

    `anchors` has, for each path, the text of every line that a claim can refer to. `deleted` are
    the paths that no longer exist in the new state. `number` counts the bundles of a component from
    1, and `total` is their number; a record calls it `of`.
    """

    component: str
    number: int
    total: int = field(name="of")
    text: str
    anchors: Mapping[str, Mapping[int, str]]
    deleted: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Return the paths that exist in the new state, sorted."""
        return tuple(sorted(self.anchors.keys() - set(self.deleted)))

    @property
    def id(self) -> str:
        """Return the id of this bundle in the review: `component-number`."""
        return f"{self.component}-{self.number}"

    @property
    def size_bytes(self) -> int:
        """Return the length of the text in bytes."""
        return len(self.text.encode())


def make_bundles(
    diff: str, components: Sequence[Component], most_bytes: int = WARN_BYTES
) -> tuple[Bundle, ...]:
    """Split a diff into bundles, in the order of the components.

    A bundle has at most `most_bytes`, unless a single hunk is longer. Raises UsageError if the text
    is no diff.
    """
    try:
        files = PatchSet(diff)
    except UnidiffParseError as error:
        raise UsageError(f"the change cannot be read as a diff: {error}") from error
    by_component: dict[str, list[list[_Piece]]] = {component.name: [] for component in components}
    for file in sorted(files, key=lambda file: str(file.path)):
        name = _component_of(str(file.path), components)
        by_component.setdefault(name, []).append(list(_pieces(file)))
    packed = (_packed(name, pieces, most_bytes) for name, pieces in by_component.items())
    return tuple(chain.from_iterable(packed))


def _component_of(path: str, components: Iterable[Component]) -> str:
    """Return the name of the first component whose globs match a path, else `other`."""
    for component in components:
        if any(map(partial(matches, path), component.paths)):
            return component.name
    return OTHER


def _pieces(file: PatchedFile) -> Iterator[_Piece]:
    path = str(file.path)
    if file.is_removed_file:
        yield _Piece(path, f"(deleted, {plural(file.removed, 'line')})\n", {1: ""}, deleted=True)
        return
    if not len(file):
        no_lines = "no line changed: renamed, or another mode"
        what = "binary, changed" if file.is_binary_file else no_lines
        yield _Piece(path, f"({what})\n", {1: ""})
    for hunk in file:
        # Git's note that a file has no line end is a line of another type
        lines = [line for line in hunk if line.line_type in "+- "]
        heading = f"@@ from line {hunk.target_start} @@ {hunk.section_header}".rstrip()
        text = "".join(map(_numbered, lines))
        anchors: dict[int, str] = {}
        for line in lines:
            if line.target_line_no:  # a removed line has none
                anchors[line.target_line_no] = line.value.rstrip("\n")
        yield _Piece(path, f"{heading}\n{text}", anchors)


def _numbered(line: Line) -> str:
    number = line.target_line_no or ""
    return f"{number:>6} {line.line_type}{line.value.rstrip(chr(10))}\n"


def _packed(component: str, files: Iterable[Sequence[_Piece]], most_bytes: int) -> Iterator[Bundle]:
    drafts: list[_Draft] = []
    for pieces in files:
        # A file stays in one bundle if it fits
        is_split = _size_bytes(pieces) > most_bytes
        parts = [[piece] for piece in pieces] if is_split else [pieces]
        for part in parts:
            if not drafts or drafts[-1].size_bytes + _size_bytes(part) > most_bytes:
                drafts.append(_Draft())
            for piece in part:
                drafts[-1].add(piece)
    for number, draft in enumerate(drafts, start=1):
        yield Bundle(
            component=component,
            number=number,
            total=len(drafts),
            text=draft.text,
            anchors=draft.anchors,
            deleted=tuple(draft.deleted),
        )


def _size_bytes(pieces: Iterable[_Piece]) -> int:
    return sum(len(piece.text.encode()) for piece in pieces)


def oversize(bundles: Iterable[Bundle], limit_bytes: int) -> tuple[Bundle, ...]:
    """Return the bundles above a limit: hunks that cannot be split."""
    return tuple(bundle for bundle in bundles if bundle.size_bytes > limit_bytes)
