"""A Markdown file as written by a person, with its generated regions and tables.

Every byte is kept.

A region stands between `<!-- conformance:begin NAME -->` and `<!-- conformance:end NAME -->`, each
alone on its line. Structure is CommonMark's with GitHub's tables, so that markers and tables in
code, quotes and lists are text. Bytes that are not UTF-8 survive as lone surrogates.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from conformance.errors import Place, Problem
from conformance.tracker.generated_text import written_by_hand

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_MARKER: Final = re.compile(r"<!-- conformance:(?P<edge>begin|end) (?P<name>[a-z-]+) -->[ \t]*\Z")
_BAR: Final = re.compile(r"(?<!\\)\|")
_CODE: Final = frozenset({"fence", "code_block"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A generated region: the indexes of its marker lines."""

    name: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table outside regions: its first line's index, that line's cell texts, each row's index.

    `headings` are the headings that it stands below, from the outermost.
    """

    begin: int
    headings: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A table cell: what is between two bars, where it starts and ends in its line, its text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownFile:
    """A file's lines with their ends, the indexes of code lines, what was found, and the errors."""

    name: str
    lines: tuple[str, ...]
    code: frozenset[int]
    regions: Mapping[str, Region]
    tables: tuple[Table, ...]
    problems: tuple[Problem, ...]

    def place(self, index: int) -> Place:
        """Return the place of a line."""
        return Place(self.name, index + 1, 1)

    def content(self, region: Region) -> tuple[str, ...]:
        """Return the lines that stand in a region, with their ends."""
        return self.lines[region.begin + 1 : region.end]

    def edited(self, region: Region, generated: AbstractSet[str]) -> Iterator[int]:
        """Yield the indexes of a region's lines that match no digest of a generated line."""
        for index in range(region.begin + 1, region.end):
            if written_by_hand(self.lines[index], generated):
                yield index

    def rewritten(self, contents: Mapping[str, str], rows: Mapping[int, str]) -> bytes:
        """Return the file's bytes with new content in the named regions and new table rows.

        Other lines stand in place of the table rows.

        A row in whose place stands nothing leaves the table.
        """
        end = line_end(self.lines)
        lines = [rows.get(index, line) for index, line in enumerate(self.lines)]
        regions = [region for region in self.regions.values() if region.name in contents]
        for region in sorted(regions, key=lambda region: region.begin, reverse=True):
            content = contents[region.name]
            marker = (
                lines[region.begin].rstrip("\r\n") + end
            )  # with another end, it and the next could be one CR LF
            lines[region.begin : region.end] = [marker, content.replace("\n", end)]
        return "".join(lines).encode("utf-8", "surrogateescape")


def line_end(lines: tuple[str, ...]) -> str:
    """Return the line end that a file uses: that of its first line."""
    first = lines[0] if lines else "\n"
    return first[len(first.rstrip("\r\n")) :] or "\n"


def parse_markdown(raw: bytes, name: str) -> MarkdownFile:
    """Find the regions and tables of a file; never fails, what is wrong is in `problems`."""
    source = raw.decode("utf-8", "surrogateescape")
    lines = tuple(_LINE.findall(source))
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    problems: list[Problem] = []
    blocks = [token.map for token in tokens if token.type in _CODE and token.map]
    code = frozenset(index for block in blocks for index in range(*block))
    regions = _regions(name, _markers(name, lines, tokens, code, problems), problems)
    inside = {index for region in regions.values() for index in range(region.begin, region.end)}
    tables = tuple(table for table in _tables(lines, tokens) if not inside.intersection(table.rows))
    return MarkdownFile(
        name=name, lines=lines, code=code, regions=regions, tables=tables, problems=tuple(problems)
    )


def _markers(
    name: str,
    lines: tuple[str, ...],
    tokens: list[Token],
    code: AbstractSet[int],
    problems: list[Problem],
) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the marker lines that are Markdown of their own, with their index."""
    blocks = {
        token.map[0]
        for token in tokens
        if token.type == "html_block" and token.level == 0 and token.map
    }
    for index, line in enumerate(lines):
        found = _MARKER.match(line.rstrip("\r\n"))
        if found is None or index in code:
            continue
        if index in blocks:
            yield index, found
        else:
            problems.append(
                Problem(
                    Place(name, index + 1, 1),
                    "this marker is inside other HTML; put a blank line before",
                )
            )


def _regions(
    name: str, markers: Iterator[tuple[int, re.Match[str]]], problems: list[Problem]
) -> dict[str, Region]:
    regions: dict[str, Region] = {}
    opened: tuple[int, re.Match[str]] | None = None
    for index, marker in markers:
        begins, place = marker["edge"] == "begin", Place(name, index + 1, 1)
        if begins and opened is None:
            opened = index, marker
        elif begins or opened is None or opened[1]["name"] != marker["name"]:
            wanted = (
                f"the end of region {opened[1]['name']!r} (line {opened[0] + 1})"
                if opened
                else "a begin"
            )
            problems.append(
                Problem(place, f"wanted {wanted}, got the {marker['edge']} of {marker['name']!r}")
            )
        elif marker["name"] in regions:
            first = regions[marker["name"]].begin + 1
            problems.append(Problem(place, f"region {marker['name']!r} is already at line {first}"))
            opened = None
        else:
            regions[marker["name"]] = Region(name=marker["name"], begin=opened[0], end=index)
            opened = None
    if opened is not None:
        problems.append(
            Problem(Place(name, opened[0] + 1, 1), f"region {opened[1]['name']!r} has no end")
        )
    return regions


def _tables(lines: tuple[str, ...], tokens: list[Token]) -> Iterator[Table]:
    headings: dict[str, str] = {}
    for position, token in enumerate(tokens):
        if token.type == "heading_open" and not token.level:
            headings = {tag: text for tag, text in headings.items() if tag < token.tag}
            headings[token.tag] = tokens[position + 1].content
        if token.type != "table_open" or token.level or token.map is None:
            continue
        rows = []
        for inner in tokens[position:]:
            if inner.type == "tr_open" and inner.map:
                rows.append(inner.map[0])
            elif inner.type == "table_close":
                break
        header = tuple(cell.text for cell in cells_of(lines[rows[0]]))
        yield Table(
            begin=rows[0], headings=tuple(headings.values()), header=header, rows=tuple(rows[1:])
        )


def cells_of(line: str) -> tuple[Cell, ...]:
    """Return the cells of a table row.

    Only a backslash keeps a bar from ending a cell, even in code (GitHub Flavored Markdown, section
    4.10).
    """
    row = line.rstrip("\r\n")
    bars = [found.start() for found in _BAR.finditer(row)]
    edges = [-1, *bars, len(row)]
    spans = [(left + 1, right) for left, right in itertools.pairwise(edges)]
    if bars and not row[: bars[0]].strip():
        spans = spans[1:]
    if bars and not row[bars[-1] + 1 :].strip() and spans:
        spans = spans[:-1]
    return tuple(
        Cell(start=start, end=end, text=row[start:end].strip(" \t")) for start, end in spans
    )


def with_cell(line: str, cell: Cell, text: str) -> str:
    """Return a table row with another text in a cell, as wide as before where it fits.

    A cell that starts the line gets the bar that was left out, as a comment there would end the
    table.
    """
    closed = line[cell.end : cell.end + 1] == "|"
    opened = cell.start > 0 and line[cell.start - 1] == "|"
    written = f" {text}" if opened else f"| {text}"
    written = written.ljust(cell.end - cell.start - 1) + " " if closed else written
    return line[: cell.start] + written + line[cell.end :]
