"""A Markdown file as it was written: its regions, its tables, their cells, and what is wrong, with file and line."""

import re
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from conformance.tracker.claims import claims_of, edited_cells, rendered_row
from conformance.tracker.evidence import ClaimEvidence
from conformance.tracker.markdown_file import cells_of, checksum, parse_markdown, with_cell
from tests.tracker.traps import INERT, fragments

BEGIN: Final = "<!-- conformance:begin status -->\n"
END: Final = "<!-- conformance:end status -->\n"
HEADER: Final = "| what | Verified by | Last verified |\n|---|---|---|\n"


def problems(text: str) -> list[str]:
    """Return what is wrong with a document, claims included."""
    file = parse_markdown(text.encode(), "a.md")
    return [str(problem) for problem in (*file.problems, *claims_of(file)[1])]


@settings(max_examples=100, deadline=None)
@given(parts=st.lists(fragments(), max_size=8))
def test_every_byte_is_kept(parts: list[bytes]) -> None:
    """Reading a file of anything never fails, and a file in which nothing is generated is written as it was."""
    raw = b"".join(parts)
    file = parse_markdown(raw, "a.md")

    assert "".join(file.lines).encode("utf-8", "surrogateescape") == raw
    assert file.rewritten({}, {}) == raw


@pytest.mark.parametrize("block", INERT)
def test_markers_that_are_no_markdown_of_their_own_are_text(block: bytes) -> None:
    """Code, quotes, lists and lookalikes hold no region, and nothing is wrong with them."""
    file = parse_markdown(block, "a.md")

    assert (file.regions, file.problems) == ({}, ())
    assert claims_of(file) == ((), ())


def test_a_region_holds_what_stands_between_its_markers() -> None:
    """Its content has line feeds, whatever the file's line ends are."""
    file = parse_markdown(b"# a\r\n\r\n" + (BEGIN + "\none\ntwo\n" + END).replace("\n", "\r\n").encode(), "a.md")
    region = file.regions["status"]

    assert (region.begin, region.end, region.checksum) == (2, 6, None)
    assert file.content(region) == "\none\ntwo\n"
    assert file.edited(region)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_checksum_outlives_other_line_ends(end: str) -> None:
    """A checkout that rewrites line ends, as git's autocrlf does, is no hand edit; a word is."""
    made = parse_markdown((BEGIN + END).encode(), "a.md").rewritten({"status": "\none\ntwo\n"}, {}).decode()
    file = parse_markdown(made.replace("\n", end).encode(), "a.md")
    edited = parse_markdown(made.replace("two", "2").replace("\n", end).encode(), "a.md")

    assert not file.edited(file.regions["status"])
    assert edited.edited(edited.regions["status"])
    assert file.rewritten({"status": "\none\ntwo\n"}, {}) == made.replace("\n", end).encode()
    assert checksum("a\r\nb\rc\n") == checksum("a\nb\nc\n") != checksum("a\n\nb\nc\n")


def test_what_is_written_follows_the_first_line_end_of_the_file() -> None:
    """Other lines keep theirs."""
    raw = (b"# a\r\n\nb\rc\n\n" + BEGIN.encode() + b"x\n" + END.encode()).replace(b"x\n", b"")
    written = parse_markdown(raw, "a.md").rewritten({"status": "one\n"}, {})

    digest = checksum("one\n")
    marker = f"<!-- conformance:begin status sha={digest} -->\r\none\r\n".encode()
    assert written == b"# a\r\n\nb\rc\n\n" + marker + END.encode()


def test_a_region_without_checksum_may_be_empty_only() -> None:
    """Blank lines are nothing; a character that only looks blank was written by somebody."""
    for content, edited in (("", False), ("\n \t\n", False), ("word\n", True), ("\u2028\n", True), ("\xa0\n", True)):
        file = parse_markdown((BEGIN + content + END).encode(), "a.md")

        assert file.edited(file.regions["status"]) is edited, content


STRUCTURE: Final = {
    "no end": (BEGIN, ["a.md:1:1: region 'status' has no end"]),
    "no begin": ("a\n\n" + END, ["a.md:3:1: wanted a begin, got the end of 'status'"]),
    "another's end": (
        BEGIN + END.replace("status", "trend"),
        [
            "a.md:2:1: wanted the end of region 'status' (line 1), got the end of 'trend'",
            "a.md:1:1: region 'status' has no end",
        ],
    ),
    "nested": (
        BEGIN + BEGIN.replace("status", "trend") + END,
        ["a.md:2:1: wanted the end of region 'status' (line 1), got the begin of 'trend'"],
    ),
    "twice": (BEGIN + END + "\n" + BEGIN + END, ["a.md:5:1: region 'status' is already at line 1"]),
    "inside HTML": (
        "<div>\n" + BEGIN + "</div>\n",
        ["a.md:2:1: this marker is inside other HTML; put a blank line before"],
    ),
    "after carriage returns": ("a\rb\r\r" + END, ["a.md:4:1: wanted a begin, got the end of 'status'"]),
    "no column Verified by": (
        "a\n\n| x | Last verified |\n|---|---|\n",
        ["a.md:3:1: a table with a column 'Last verified' needs one 'Verified by', with case globs in code"],
    ),
    "too few cells": (
        HEADER + "| a | `x` |\n",
        ["a.md:3:1: wanted 3 cells, as the header has; got 2: write a bar in a cell as \\|, in code too"],
    ),
    "a bar in code": (
        HEADER + "| a | `x|y` | |\n",
        ["a.md:3:1: wanted 3 cells, as the header has; got 4: write a bar in a cell as \\|, in code too"],
    ),
    "words below the table": (
        HEADER + "| a | `x` | |\nwords\n",
        ["a.md:4:1: wanted 3 cells, as the header has; got 1: write a bar in a cell as \\|, in code too"],
    ),
    "fresh for what": (
        "| Verified by | Last verified | Fresh for |\n|---|---|---|\n| `x` | | a week |\n",
        ["a.md:3:1: wanted days such as '30 days' in 'Fresh for', got 'a week'"],
    ),
}


@pytest.mark.parametrize("name", STRUCTURE)
def test_what_is_wrong_is_said_with_its_line(name: str) -> None:
    """All at once, and nothing else."""
    text, wanted = STRUCTURE[name]

    assert problems(text) == wanted


ROWS: Final = {
    "| a | b |": ["a", "b"],
    "a | b": ["a", "b"],
    "  | a | b": ["a", "b"],
    "a | b |\r\n": ["a", "b"],
    "| a \\| b | `\\|` |": ["a \\| b", "`\\|`"],
    "| a \\\\| b |": ["a \\\\| b"],
    "||": [""],
    "|||": ["", ""],
    "|": [],
    "a": ["a"],
    "| a |\u2028 | \x0b |": ["a", "\u2028", "\x0b"],
    "\t| a\t|  |": ["a", ""],
}


@pytest.mark.parametrize("row", ROWS)
def test_cells_of_a_row(row: str) -> None:
    """Bars end cells unless escaped; the text of a cell loses blanks and tabs only."""
    cells = cells_of(row)

    assert [cell.text for cell in cells] == ROWS[row]
    assert all(cell.text == row[cell.start : cell.end].strip(" \t") for cell in cells)


@settings(max_examples=150, deadline=None)
@given(row=st.text(st.sampled_from("ab|\\` \t\u2028"), min_size=1, max_size=16))
def test_cells_are_those_of_another_reader(row: str) -> None:
    """What Markdown says of a row, its cells say."""
    header = "| " + " | ".join("h" * 20) + " |\n|" + "---|" * 20 + "\n"
    tokens = MarkdownIt("commonmark").enable("table").parse(header + row)
    cells = [token.content for token in tokens if token.type == "inline" and token.map == [2, 3] and token.level > 2]
    if cells:
        shown = [cell.text.replace("\\|", "|").strip() for cell in cells_of(row)]
        assert [cell.strip() for cell in cells] == shown + [""] * (20 - len(shown))


@settings(max_examples=100, deadline=None)
@given(
    row=st.lists(st.sampled_from(["a", " b ", "", "  ", "`\\|`", "long words"]), min_size=2, max_size=4),
    edges=st.tuples(st.sampled_from(["| ", "|", "", " |"]), st.sampled_from([" |", "|", "", " | "])),
    which=st.integers(0, 3),
    text=st.sampled_from(["x", "", "a \\| b", "<!-- c -->", "longer than before"]),
)
def test_one_cell_changes(row: list[str], edges: tuple[str, str], which: int, text: str) -> None:
    """The other cells, and what stands around, keep every character; doing it again changes nothing."""
    line = edges[0] + "|".join(row) + edges[1] + "\r\n"
    cells = cells_of(line)
    if not cells:
        return
    cell = cells[which % len(cells)]
    written = with_cell(line, cell, text)

    after = line[cell.end :]
    assert written.startswith(line[: cell.start])
    assert written.endswith(after)
    assert written[cell.start : len(written) - len(after)].strip(" |") == text.strip()
    again = cells_of(written)
    if len(again) == len(cells):
        assert with_cell(written, again[which % len(cells)], text) == written


def test_a_cell_keeps_its_width_where_the_text_fits() -> None:
    """A table that was aligned by hand stays so."""
    line = "| a | 2026-11-20      | b |\n"

    assert with_cell(line, cells_of(line)[1], "2026-11-24") == "| a | 2026-11-24      | b |\n"


def test_a_generated_cell_that_starts_its_line_stays_in_the_table() -> None:
    """A checksum is a comment, which would end the table at the start of a line; the bar left out is put in."""
    text = "Measured | Verified by | Last verified\n---|---|---\n— | `x` | —\n"
    file = parse_markdown(text.encode(), "a.md")
    (claim,), _ = claims_of(file)
    written = file.rewritten({}, {2: rendered_row(file.lines[2], claim, None)})
    again = parse_markdown(written, "a.md")
    (after,), _ = claims_of(again)

    assert again.lines[2].startswith("| <!-- sha=")
    assert (after.index, after.cases) == (2, ("x",))
    assert rendered_row(again.lines[2], after, None) == again.lines[2]


def test_a_generated_cell_tells_whether_somebody_wrote_in_it() -> None:
    """What stands in for nothing is nobody's; anything beside the stamp is somebody's, blanks of other kinds too."""
    line = "| a | `x` | — |\n"
    file = parse_markdown((HEADER + line).encode(), "a.md")
    (claim,), _ = claims_of(file)
    stamped = rendered_row(line, claim, ClaimEvidence(cases=("x",), measured="", verified=None))

    assert list(edited_cells(claim)) == []
    assert re.fullmatch(r"\| a \| `x` \| not verified <!-- sha=[0-9a-f]{12} --> \|\n", stamped)
    for written, edited in (
        (stamped, []),
        (stamped.replace(" --> |", " -->\t  |"), []),
        (stamped.replace("not verified", "verified"), ["last verified"]),
        (stamped.replace(" --> |", " --> soon |"), ["last verified"]),
        (stamped.replace(" --> |", " --> \xa0|"), ["last verified"]),
        (stamped.replace(" --> |", " -->\u2028|"), ["last verified"]),
        (re.sub(r" <!--.*-->", "", stamped), ["last verified"]),
        (re.sub(r"not.*-->", "", stamped), []),
    ):
        (claim,), _ = claims_of(parse_markdown((HEADER + written).encode(), "a.md"))
        assert list(edited_cells(claim)) == edited, written
