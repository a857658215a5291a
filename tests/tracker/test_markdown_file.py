"""A Markdown file as it was written: its regions, tables and cells, and what is wrong.

Each error has file and line.
"""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from conformance.tracker.claims import Columns, claims_of
from conformance.tracker.generated_text import digests_of
from conformance.tracker.markdown_file import cells_of, parse_markdown, with_cell
from tests.tracker.traps import INERT, fragments

BEGIN: Final = "<!-- conformance:begin status -->\n"
END: Final = "<!-- conformance:end status -->\n"
OWNERS: Final = "Owner's statement, not verified here"
COLUMNS: Final = Columns(languages={"go": "go", "python": "python"})
HEADER: Final = "| what | Verified by | Last verified |\n|---|---|---|\n"


def problems(text: str) -> list[str]:
    """Return what is wrong with a document, claims included."""
    file = parse_markdown(text.encode(), "a.md")
    return [str(problem) for problem in (*file.problems, *claims_of(file, COLUMNS).problems)]


@settings(max_examples=100, deadline=None)
@given(parts=st.lists(fragments(), max_size=8))
def test_every_byte_is_kept(parts: list[bytes]) -> None:
    """Reading a file with any content never fails.

    A file in which nothing is generated is written as it was.
    """
    raw = b"".join(parts)
    file = parse_markdown(raw, "a.md")

    assert "".join(file.lines).encode("utf-8", "surrogateescape") == raw
    assert file.rewritten({}, {}) == raw


@pytest.mark.parametrize("block", INERT)
def test_markers_that_are_no_markdown_of_their_own_are_text(block: bytes) -> None:
    """Code, quotes, lists and lookalikes hold no region, and nothing is wrong with them."""
    file = parse_markdown(block, "a.md")

    assert (file.regions, file.problems) == ({}, ())
    claims = claims_of(file, COLUMNS)
    assert (claims.rows, claims.owners, claims.problems) == ((), 0, ())


def test_a_region_holds_what_stands_between_its_markers() -> None:
    """Its lines keep their ends, and each that no digest knows was written by somebody."""
    file = parse_markdown(
        b"# a\r\n\r\n" + (BEGIN + "\none\ntwo\n" + END).replace("\n", "\r\n").encode(), "a.md"
    )
    region = file.regions["status"]

    assert (region.begin, region.end) == (2, 6)
    assert file.content(region) == ("\r\n", "one\r\n", "two\r\n")
    assert list(file.edited(region, frozenset())) == [4, 5]
    assert list(file.edited(region, digests_of(["one"]))) == [5]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_digest_outlives_other_line_ends(end: str) -> None:
    """A checkout that rewrites line ends, as git's autocrlf does, is no hand edit; a word is."""
    content = "\none\ntwo\n"
    made = (
        parse_markdown((BEGIN + END).encode(), "a.md").rewritten({"status": content}, {}).decode()
    )
    file = parse_markdown(made.replace("\n", end).encode(), "a.md")
    edited = parse_markdown(made.replace("two", "2").replace("\n", end).encode(), "a.md")
    generated = digests_of(content.splitlines())

    assert not list(file.edited(file.regions["status"], generated))
    assert list(edited.edited(edited.regions["status"], generated))
    assert file.rewritten({"status": content}, {}) == made.replace("\n", end).encode()


def test_what_is_written_follows_the_first_line_end_of_the_file() -> None:
    """Other lines keep theirs."""
    raw = b"# a\r\n\nb\rc\n\n" + BEGIN.encode() + END.encode()
    written = parse_markdown(raw, "a.md").rewritten({"status": "one\n"}, {})

    begin = BEGIN.replace("\n", "\r\n").encode()
    assert written == b"# a\r\n\nb\rc\n\n" + begin + b"one\r\n" + END.encode()


def test_a_marker_has_the_line_end_of_what_follows() -> None:
    """A marker has the line end of what follows, so that no line is lost.

    A carriage return of its own and a line feed after it would be one line end.
    """
    raw = b"---\n\n" + BEGIN.replace("\n", "\r").encode() + END.encode()
    written = parse_markdown(raw, "a.md").rewritten({"status": "\none\n"}, {})

    assert parse_markdown(written, "a.md").content(
        parse_markdown(written, "a.md").regions["status"]
    ) == ("\n", "one\n")


def test_blank_lines_are_nobodys() -> None:
    """A character that only looks blank was written by somebody."""
    for content, edited in (
        ("", False),
        ("\n \t\n", False),
        ("word\n", True),
        ("\u2028\n", True),
        ("\xa0\n", True),
    ):
        file = parse_markdown((BEGIN + content + END).encode(), "a.md")

        assert bool(list(file.edited(file.regions["status"], frozenset()))) is edited, content


def test_rows_that_stand_twice() -> None:
    """A merge leaves two rows where a person wrote one, and both count as the same row.

    Cells that are output, and figures, do not distinguish them.
    """
    figure = "<!-- from: a.json x -->"
    header = "| what | Go | Verified by | Last verified |\n|---|---|---|---|\n"
    rows = (
        f"| a | 1 {figure} | `x` | 2026-11-20 |\n| a | 2 {figure} | `x` | 2026-11-21 |\n| b | "
        "— | `x` | |\n"
    )
    file = parse_markdown((header + rows).encode(), "a.md")
    claims = claims_of(file, COLUMNS)

    assert [claim.index for claim in claims.rows] == [2, 3, 4]
    assert [claim.index for claim in claims.once] == [2, 4]
    assert file.rewritten({}, dict.fromkeys(claims.twice, "")).decode().count("| a |") == 1


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
    "after carriage returns": (
        "a\rb\r\r" + END,
        ["a.md:4:1: wanted a begin, got the end of 'status'"],
    ),
    "no column Verified by": (
        "a\n\n| x | Last verified |\n|---|---|\n",
        [
            (
                "a.md:3:1: a comparison needs a column 'Verified by'; what only an owner says "
                f"stands below {OWNERS!r}"
            )
        ],
    ),
    "too few cells": (
        HEADER + "| a | `x` |\n",
        [
            (
                "a.md:3:1: wanted 3 cells, as the header has; got 2: write a bar in a cell as \\|, "
                "in code too"
            )
        ],
    ),
    "a bar in code": (
        HEADER + "| a | `x|y` | |\n",
        [
            (
                "a.md:3:1: wanted 3 cells, as the header has; got 4: write a bar in a cell as \\|, "
                "in code too"
            )
        ],
    ),
    "words below the table": (
        HEADER + "| a | `x` | |\nwords\n",
        [
            (
                "a.md:4:1: wanted 3 cells, as the header has; got 1: write a bar in a cell as \\|, "
                "in code too"
            )
        ],
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
    cells = [
        token.content
        for token in tokens
        if token.type == "inline" and token.map == [2, 3] and token.level > 2
    ]
    if cells:
        shown = [cell.text.replace("\\|", "|").strip() for cell in cells_of(row)]
        assert [cell.strip() for cell in cells] == shown + [""] * (20 - len(shown))


@settings(max_examples=100, deadline=None)
@given(
    row=st.lists(
        st.sampled_from(["a", " b ", "", "  ", "`\\|`", "long words"]), min_size=2, max_size=4
    ),
    edges=st.tuples(
        st.sampled_from(["| ", "|", "", " |"]), st.sampled_from([" |", "|", "", " | "])
    ),
    which=st.integers(0, 3),
    text=st.sampled_from(["x", "", "a \\| b", "<!-- c -->", "longer than before"]),
)
def test_one_cell_changes(row: list[str], edges: tuple[str, str], which: int, text: str) -> None:
    """The other cells, and what stands around, keep every character.

    Doing it again changes nothing.
    """
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
