"""From the diff of a change to the bundles that reviewers are shown, a component after the other.

In: a diff as git writes it. Out: bundles whose hunks carry the line numbers of the new state. A
component is split along its files, and a file along its hunks, so that no bundle is longer than
`WARN_BYTES` unless one hunk is: reviewers that are shown more tend to answer less.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct, field
from unidiff.errors import UnidiffParseError
from unidiff.patch import Line, PatchedFile, PatchSet

from conformance.errors import UsageError
from conformance.model.case_glob import matches
from conformance.review.plan import Component
from conformance.wording import plural

WARN_BYTES: Final = 60_000
REFUSE_BYTES: Final = 100_000
OTHER: Final = "other"


class _Piece(Struct, frozen=True):
    """As little as can be shown by itself: a hunk, or a file without any."""

    path: str
    text: str
    lines: Mapping[int, str]
    deleted: bool = False


class _Draft(Struct):
    """A bundle that is being filled."""

    text: str = ""
    anchors: dict[str, dict[int, str]] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)
    deleted: list[str] = field(default_factory=list)

    def add(self, piece: _Piece) -> None:
        heading = "" if piece.path in self.paths else f"### {piece.path}\n"
        self.text += heading + piece.text
        self.paths.add(piece.path)
        if piece.deleted:
            self.deleted.append(piece.path)
        self.anchors.setdefault(piece.path, {}).update(piece.lines)


class Bundle(Struct, frozen=True, kw_only=True):
    """What one prompt shows of a component: hunks with the line numbers of the new state.

    `anchors` holds, by path, the text of every line that a finding may name. `deleted` are those of
    its paths that the new state has no more.
    """

    component: str
    number: int
    of: int
    text: str
    anchors: Mapping[str, Mapping[int, str]]
    deleted: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Return the paths that the new state has, sorted."""
        return tuple(sorted(self.anchors.keys() - set(self.deleted)))

    @property
    def id(self) -> str:
        """Return the name of this bundle in the review."""
        return f"{self.component}-{self.number}"

    @property
    def size_bytes(self) -> int:
        """Return how long the text is."""
        return len(self.text.encode())


def make_bundles(
    diff: str, components: Sequence[Component], most_bytes: int = WARN_BYTES
) -> tuple[Bundle, ...]:
    """Split a diff into bundles, in the order of the components.

    Raises UsageError where it is no diff.

    A bundle is at most so long, unless a single hunk is longer.
    """
    try:
        files = PatchSet(diff)
    except UnidiffParseError as error:
        raise UsageError(f"the change cannot be read as a diff: {error}") from error
    by_component: dict[str, list[list[_Piece]]] = {component.name: [] for component in components}
    for file in sorted(files, key=lambda file: str(file.path)):
        name = _component_of(str(file.path), components)
        by_component.setdefault(name, []).append(list(_pieces(file)))
    return tuple(
        bundle
        for name, pieces in by_component.items()
        for bundle in _packed(name, pieces, most_bytes)
    )


def _component_of(path: str, components: Iterable[Component]) -> str:
    return next(
        (each.name for each in components if any(matches(path, glob) for glob in each.paths)), OTHER
    )


def _pieces(file: PatchedFile) -> Iterator[_Piece]:
    path = str(file.path)
    if file.is_removed_file:
        yield _Piece(path, f"(deleted, {plural(file.removed, 'line')})\n", {1: ""}, deleted=True)
        return
    if not len(file):
        what = (
            "binary, changed"
            if file.is_binary_file
            else "no line changed: renamed, or another mode"
        )
        yield _Piece(path, f"({what})\n", {1: ""})
    for hunk in file:
        lines = [line for line in hunk if line.line_type in "+- "]
        shown = "".join(_numbered(line) for line in lines)
        anchors = {
            line.target_line_no: line.value.rstrip("\n") for line in lines if line.target_line_no
        }
        yield _Piece(
            path,
            f"@@ from line {hunk.target_start} @@ {hunk.section_header}".rstrip() + f"\n{shown}",
            anchors,
        )


def _numbered(line: Line) -> str:
    number = line.target_line_no or ""
    return f"{number:>6} {line.line_type}{line.value.rstrip(chr(10))}\n"


def _packed(component: str, files: Iterable[Sequence[_Piece]], most_bytes: int) -> Iterator[Bundle]:
    drafts: list[_Draft] = []
    for pieces in files:
        fits = sum(len(piece.text.encode()) for piece in pieces) <= most_bytes
        for part in [list(pieces)] if fits else [[piece] for piece in pieces]:
            size = sum(len(piece.text.encode()) for piece in part)
            if not drafts or len(drafts[-1].text.encode()) + size > most_bytes:
                drafts.append(_Draft())
            for piece in part:
                drafts[-1].add(piece)
    for number, draft in enumerate(drafts, start=1):
        yield Bundle(
            component=component,
            number=number,
            of=len(drafts),
            text=draft.text,
            anchors=draft.anchors,
            deleted=tuple(draft.deleted),
        )


def oversize(bundles: Iterable[Bundle], limit_bytes: int) -> tuple[Bundle, ...]:
    """Return the bundles that are longer than a limit: hunks that cannot be split."""
    return tuple(bundle for bundle in bundles if bundle.size_bytes > limit_bytes)
