"""What a person writes between two syncs keeps every byte, or the sync is refused.

A sync that is refused writes nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from conformance.errors import ConformanceError
from tests.tracker.desk import GLOBS, Desk, verified
from tests.tracker.document_pieces import (
    Generated,
    Piece,
    Written,
    joined,
    outside_differs,
    pieces_of,
    region_contents,
    verified_cells,
)
from tests.tracker.traps import INERT, fragments

REGIONS: Final = ("status", "decisions", "trend", "changes")
CLAIMS: Final = b"""
| what | Verified by | Fresh for | Measured | Last verified | note |
|---|:-:|---|--:|---|---|
| all of it | `shop/orders/*` | 30 days |  |  | \\| |
| one | `shop/orders/one` | - | - | - | `a \\| b` |
| two | `shop/orders/one`, `shop/orders/two` | | \xe2\x80\x94 | | |
| all | `shop/*` |  |  |  |  |
"""
ENDS: Final = st.sampled_from([b"\n", b"\r\n", b"\r"])
Edits = list[tuple[float, float, int, bytes]]


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a desk that every example lays out again."""
    return Desk(folder=tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="session")
def template(desk: Desk) -> bytes:
    """Return the document that the first sync makes."""
    return desk.synced(None)


@pytest.fixture(scope="session")
def later_regions(desk: Desk) -> dict[str, bytes]:
    """Return what the regions of any document hold in the later state of the world."""
    return region_contents(desk.synced(None, later=True))


@pytest.fixture(scope="session")
def comparison(desk: Desk, template: bytes) -> bytes:
    """Return a synced document with claims."""
    return desk.synced(template.replace(b"\n## Memory\n", CLAIMS + b"\n## Memory\n"))


def edits() -> st.SearchStrategy[Edits]:
    """Return some edits: which piece, where in it, how much goes, and what comes."""
    share = st.floats(0, 1)
    return st.lists(
        st.tuples(share, share, st.sampled_from([0, 0, 0, 1, 2, 40, 400]), fragments()), max_size=4
    )


def edited(pieces: Sequence[Piece], changes: Edits) -> list[Piece]:
    """Return a document's pieces with edits in what a person wrote.

    The bars of generated cells stay where they are.
    """
    result = list(pieces)
    written = [index for index, piece in enumerate(result) if isinstance(piece, Written)]
    for which, where, gone, typed in changes:
        index = written[round(which * (len(written) - 1))]
        content = result[index].content
        first = (
            1 if index else 0
        )  # what stands right before is output, and a blank line there is the region's
        last = len(content) - (1 if index + 1 < len(result) and _cell(result[index + 1]) else 0)
        at = first + round(where * max(last - first, 0))
        result[index] = Written(
            content=content[:at] + typed + content[max(min(at + gone, last), at) :]
        )
    return result


def _cell(piece: Piece) -> bool:
    return isinstance(piece, Generated) and piece.region is None


def synced_or_refused(desk: Desk, pieces: Sequence[Piece], regions: dict[str, bytes]) -> bool:
    """Sync a document in the later state of the world.

    Return whether that was done, and see that no byte was lost.
    """
    desk.lay_out(joined(pieces), later=True)
    before = desk.bytes()
    try:
        desk.sync()
    except ConformanceError:
        assert desk.bytes() == before
        return False
    after = desk.document.read_bytes()
    assert outside_differs(pieces, after, regions) == ""
    settled = desk.bytes()
    assert desk.sync() == ()
    assert desk.bytes() == settled
    return True


@settings(max_examples=80, deadline=None)
@given(changes=edits(), end=ENDS)
def test_what_a_person_edits_between_two_syncs_keeps_every_byte(
    desk: Desk, comparison: bytes, later_regions: dict[str, bytes], changes: Edits, end: bytes
) -> None:
    """Anything may be typed, or deleted, anywhere outside output, in files of any line end."""
    pieces = edited(pieces_of(comparison.replace(b"\n", end)), changes)

    event("synced" if synced_or_refused(desk, pieces, later_regions) else "refused")


@settings(max_examples=50, deadline=None)
@given(typed=st.lists(st.tuples(st.floats(0, 1), fragments(), ENDS), max_size=4), end=ENDS)
def test_whole_lines_of_anything_keep_every_byte(
    desk: Desk,
    comparison: bytes,
    later_regions: dict[str, bytes],
    typed: list[tuple[float, bytes, bytes]],
    end: bytes,
) -> None:
    """Lines that a person puts between two blocks, with line ends of their own."""
    pieces = pieces_of(comparison.replace(b"\n", end))
    for share, line, own_end in typed:
        gaps = [
            (index, found.end())
            for index, piece in enumerate(pieces)
            if isinstance(piece, Written)
            for found in re.finditer(re.escape(end * 2), piece.content)
        ]
        index, at = gaps[round(share * (len(gaps) - 1))]
        content = pieces[index].content
        pieces[index] = Written(content=content[:at] + line + own_end * 2 + content[at:])

    event("synced" if synced_or_refused(desk, pieces, later_regions) else "refused")


@st.composite
def claim_tables(draw: st.DrawFn) -> tuple[list[Piece], list[tuple[str, ...]]]:
    """Return a table of claims in any layout, and the globs of its rows."""
    names = [
        "Verified by",
        "Last verified",
        *draw(st.lists(st.sampled_from(["Measured", "Fresh for", "what", ""]), unique=True)),
    ]
    columns = draw(st.permutations(names))
    indent = b" " * draw(st.integers(0, 3))
    leading = draw(st.booleans()) or columns[0] in {"Fresh for", ""}
    closing = draw(st.booleans()) or columns[-1] in {"Fresh for", ""}
    case = draw(st.sampled_from([str.lower, str.upper, str.title]))
    end = draw(ENDS)
    rows = draw(st.lists(st.sampled_from(GLOBS), max_size=4, unique=True))

    def line(cells: Sequence[Piece]) -> list[Piece]:
        between: list[Piece] = [Written(content=indent + (b"| " if leading else b""))]
        for index, cell in enumerate(cells):
            between += [Written(content=b" | ")] * bool(index) + [cell]
        return [*between, Written(content=(b" |" if closing else b"") + end)]

    def cell(name: str, globs: tuple[str, ...]) -> Piece:
        if name in {"Last verified", "Measured"}:
            return Generated(
                content=draw(
                    st.sampled_from(
                        [b"\xe2\x80\x94"] if not (leading and closing) else [b"", b"-", b" "]
                    )
                )
            )
        if name == "Verified by":
            return Written(content=", ".join(f"`{glob}`" for glob in globs).encode())
        days, other = [b"5 days", b"30 days"], [b"a \\| b", b"`\\|`", b"\xff\x0bz", b"x"]
        return Written(content=draw(st.sampled_from(days if name == "Fresh for" else other)))

    pieces = line([Written(content=case(name).encode() or b"x") for name in columns])
    pieces += line(
        [Written(content=draw(st.sampled_from([b"---", b":-:", b"-:", b":--"]))) for _ in columns]
    )
    for globs in rows:
        pieces += line([cell(name, globs) for name in columns])
    return pieces, rows


@st.composite
def documents(draw: st.DrawFn) -> tuple[list[Piece], list[tuple[str, ...]]]:
    """Return a handmade document with all regions and some claims among similar blocks."""
    blocks: list[list[Piece]] = [
        [
            Generated(content=f"<!-- conformance:begin {name} -->\n".encode(), region=name),
            Written(content=f"<!-- conformance:end {name} -->".encode() + draw(ENDS)),
        ]
        for name in draw(st.permutations(REGIONS))
    ]
    claims: list[tuple[str, ...]] = []
    tables = draw(st.lists(claim_tables(), min_size=1, max_size=2))
    for table, globs in tables:
        blocks.append(table)
        claims += globs
    for inert in draw(st.lists(st.sampled_from(INERT), max_size=6)):
        blocks.insert(
            draw(st.integers(0, len(blocks))), [Written(content=inert + b"\n\nA list ends here.\n")]
        )
    apart = [Written(content=b"\n" + draw(ENDS)) for _ in blocks]
    pieces = [piece for block, gap in zip(blocks, apart, strict=True) for piece in (*block, gap)]
    last = pieces[-2]
    if draw(st.booleans()):  # a file whose last line has no end
        pieces = [*pieces[:-2], replace(last, content=last.content.rstrip(b"\r\n"))]
    return pieces, claims


@settings(max_examples=50, deadline=None)
@given(made=documents())
def test_a_document_made_by_hand_is_filled_in(
    desk: Desk, later_regions: dict[str, bytes], made: tuple[list[Piece], list[tuple[str, ...]]]
) -> None:
    """Odd tables, and markers where they mean nothing, are no reason to refuse.

    Every claim gets its cell.
    """
    pieces, claims = made

    assert synced_or_refused(desk, pieces, later_regions)

    assert sorted(verified_cells(desk.document.read_bytes())) == sorted(
        verified(globs, later=True) for globs in claims
    )


SPOTS = st.tuples(st.integers(0, 20), st.floats(0, 1))
"""Which of the generated outputs, and how far into it."""


def words() -> st.SearchStrategy[bytes]:
    """Return what is text wherever it stands: no bar, no markup, no line end."""
    blanks = "\u2028\u2029\x0b\x0c\x85\xa0\u3000\x1c"
    letters = st.text(st.sampled_from("abcXYZ019é漢" + blanks), min_size=1, max_size=8)
    return letters.map(str.encode)


@settings(max_examples=40, deadline=None)
@given(spot=SPOTS, typed=words(), end=ENDS)
def test_a_hand_edit_of_output_is_refused_with_a_diff(
    desk: Desk, comparison: bytes, spot: tuple[int, float], typed: bytes, end: bytes
) -> None:
    """Words in a region or a generated cell stop the sync, and are shown; nothing is written."""
    which, where = spot
    pieces = pieces_of(comparison.replace(b"\n", end))
    outputs = [(index, piece) for index, piece in enumerate(pieces) if isinstance(piece, Generated)]
    index, output = outputs[which % len(outputs)]
    start = output.content.index(b"-->" + end) + 3 + len(end) if output.region else 0
    at = start + round(where * (len(output.content) - start))
    while (
        output.content[at : at + 1] and output.content[at] & 0xC0 == 0x80
    ):  # not inside a character
        at += 1
    if output.region and output.content[at - 1 : at + 1] == b"\r\n":
        at += 1
    if output.region and at == len(output.content):
        typed += end  # words beside the marker would make it none
    written = output.content[:at] + typed + output.content[at:]
    pieces[index] = replace(output, content=written)

    if written.count(b"-->") < output.content.count(
        b"-->"
    ):  # the end of a comment is broken, so it goes on
        assert "this marker is inside other HTML; put a blank line before" in refusal(
            desk, joined(pieces)
        )
        return
    assert "was edited by hand" in refusal(desk, joined(pieces))
    assert "\n@@ -" in refusal(desk, joined(pieces))


@settings(max_examples=40, deadline=None)
@given(spot=SPOTS, change=st.tuples(st.integers(0, 80), fragments()))
def test_no_word_in_output_is_lost(
    desk: Desk,
    comparison: bytes,
    later_regions: dict[str, bytes],
    spot: tuple[int, float],
    change: tuple[int, bytes],
) -> None:
    """A region with a line that was never generated is refused.

    One with lines gone, or twice, is made again.
    """
    (which, where), (gone, typed) = spot, change
    pieces = pieces_of(comparison)
    outputs = [
        (index, piece)
        for index, piece in enumerate(pieces)
        if isinstance(piece, Generated) and piece.region
    ]
    index, output = outputs[which % len(outputs)]
    start = output.content.index(b"-->") + 4
    at = start + round(where * (len(output.content) - start))
    changed = output.content[:at] + typed + output.content[at + gone :]
    pieces[index] = replace(output, content=changed)

    if synced_or_refused(desk, pieces, later_regions):
        written = {line.strip() for line in re.split(rb"[\r\n]+", changed[start:])}
        generated = {
            line.strip()
            for line in (*comparison.splitlines(), *b"".join(later_regions.values()).splitlines())
        }
        assert written <= generated | {b"", b"-", "—".encode()}


def refusal(desk: Desk, document: bytes) -> str:
    """Return the message of a sync that is refused, and see that nothing was written."""
    desk.lay_out(document, later=True)
    before = desk.bytes()
    with pytest.raises(ConformanceError) as refused:
        desk.sync()
    assert desk.bytes() == before
    return refused.value.message
