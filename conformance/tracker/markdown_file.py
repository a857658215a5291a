"""A Markdown file as a person wrote it, with its generated regions and its tables.

Every byte is kept.

A region is between `<!-- conformance:begin NAME -->` and `<!-- conformance:end NAME -->`, each
alone on its line.  The structure is CommonMark's with GitHub's tables; markers and tables in code,
quotes and lists count as text.  Bytes that are not UTF-8 are kept as lone surrogates.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from operator import attrgetter
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Struct

from conformance.errors import Place, Problem
from conformance.tracker.generated_text import written_by_hand

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_MARKER: Final = re.compile(r"<!-- conformance:(?P<edge>begin|end) (?P<name>[a-z-]+) -->[ \t]*\Z")
_BAR: Final = re.compile(r"(?<!\\)\|")
_CODE: Final = frozenset({"fence", "code_block"})


class Region(Struct, frozen=True, kw_only=True):
    """A generated region: the indexes of its marker lines."""

    name: str
    begin: int
    end: int


class MarkdownTable(Struct, frozen=True, kw_only=True):
    """A table outside regions: `begin` and `rows` are indexes of lines, `header` has cell texts.

    `headings` are the headings above it, from the outermost to the innermost.
    """

    begin: int
    headings: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[int, ...]


class TableCell(Struct, frozen=True, kw_only=True):
    """A table cell: its start and end in the line, between two bars, and its text."""

    start: int
    end: int
    text: str


class MarkdownFile(Struct, frozen=True, kw_only=True):
    """A parsed file: its lines with line ends, indexes of code lines, regions, tables, problems."""

    name: str
    lines: tuple[str, ...]
    code: frozenset[int]
    regions: Mapping[str, Region]
    tables: tuple[MarkdownTable, ...]
    problems: tuple[Problem, ...]

    def place(self, index: int) -> Place:
        """Return the place of a line."""
        return Place(self.name, index + 1, 1)

    def content(self, region: Region) -> tuple[str, ...]:
        """Return the lines inside a region, with their line ends."""
        return self.lines[region.begin + 1 : region.end]

    @property
    def generated(self) -> frozenset[int]:
        """Return the indexes of the lines of all regions, with their markers."""
        return _inside(self.regions.values())

    def edited(self, region: Region, generated: AbstractSet[str]) -> Iterator[int]:
        """Yield the indexes of a region's lines that match no digest of a generated line."""
        begin, end = region.begin + 1, region.end
        for index in range(begin, end):
            if written_by_hand(self.lines[index], generated):
                yield index

    def rewritten(self, contents: Mapping[str, str], rows: Mapping[int, str]) -> bytes:
        """Return the file's bytes with new content in the named regions and new table rows.

        `rows` has new lines by index; an empty text removes the row.
        """
        end = line_end(self.lines)
        lines = [rows.get(index, line) for index, line in enumerate(self.lines)]
        # From the last region to the first, so that the indexes of earlier lines stay valid
        from_the_last = sorted(
            self.regions.values(),
            key=lambda region: region.begin,
            reverse=True,
        )
        for region in from_the_last:
            if region.name not in contents:
                continue
            content = contents[region.name].replace("\n", end)
            # Another line end could form a CR LF with the next line
            marker = lines[region.begin].rstrip("\r\n") + end
            lines[region.begin : region.end] = [marker, content]
        return "".join(lines).encode("utf-8", "surrogateescape")


def line_end(lines: tuple[str, ...]) -> str:
    """Return the line end that a file uses: that of its first line."""
    if not lines:
        return "\n"
    first = lines[0]
    without_end = first.rstrip("\r\n")
    # A file of one line may have no end at all
    return first[len(without_end) :] or "\n"


def parse_markdown(raw: bytes, name: str) -> MarkdownFile:
    """Return the regions and tables of a file; problems are in the result, not raised."""
    # Bytes that are not UTF-8 are written back unchanged
    source = raw.decode("utf-8", "surrogateescape")
    lines = tuple(_LINE.findall(source))
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    problems: list[Problem] = []
    code = _code_lines(tokens)
    markers = _markers(name, lines, tokens, code, problems)
    regions = _regions(name, markers, problems)
    inside = _inside(regions.values())
    tables = (table for table in _tables(lines, tokens) if inside.isdisjoint(table.rows))
    return MarkdownFile(
        name=name,
        lines=lines,
        code=code,
        regions=regions,
        tables=tuple(tables),
        problems=tuple(problems),
    )


def _inside(regions: Iterable[Region]) -> frozenset[int]:
    """Return the indexes of the lines of regions, with their markers."""
    lines = (range(region.begin, region.end + 1) for region in regions)
    return frozenset(itertools.chain.from_iterable(lines))


def _code_lines(tokens: Iterable[Token]) -> frozenset[int]:
    """Return the indexes of the lines that are code."""
    code: set[int] = set()
    for token in tokens:
        # Code within a line has no lines of its own
        if token.type in _CODE and token.map is not None:
            code.update(range(*token.map))
    return frozenset(code)


def _markers(
    name: str,
    lines: tuple[str, ...],
    tokens: list[Token],
    code: AbstractSet[int],
    problems: list[Problem],
) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the marker lines that are Markdown blocks, with their index; note the others."""
    blocks = set(_starts_of_html(tokens))
    for index, line in enumerate(lines):
        marker = _MARKER.match(line.rstrip("\r\n"))
        if marker is None or index in code:
            continue
        if index in blocks:
            yield index, marker
            continue
        what = "this marker is inside other HTML; put a blank line before"
        problems.append(Problem(Place(name, index + 1, 1), what))


def _starts_of_html(tokens: Iterable[Token]) -> Iterator[int]:
    """Yield the first line of each HTML block that is in no quote and no list."""
    for token in tokens:
        is_block = token.type == "html_block" and token.level == 0
        # The parser gives every block its lines
        if is_block and token.map:
            yield token.map[0]


def _regions(
    name: str, markers: Iterator[tuple[int, re.Match[str]]], problems: list[Problem]
) -> dict[str, Region]:
    regions: dict[str, Region] = {}
    opened: tuple[int, str] | None = None
    for index, marker in markers:
        region = marker["name"]
        place = Place(name, index + 1, 1)
        begins = marker["edge"] == "begin"
        if begins and opened is None:
            opened = index, region
            continue
        # A wrong marker leaves the region open
        if begins or opened is None or opened[1] != region:
            what = f"wanted {_wanted_marker(opened)}, got the {marker['edge']} of {region!r}"
            problems.append(Problem(place, what))
            continue
        begin, _ = opened
        opened = None
        if region in regions:
            first = regions[region].begin + 1
            what = f"region {region!r} is already at line {first}"
            problems.append(Problem(place, what))
            continue
        regions[region] = Region(name=region, begin=begin, end=index)
    if opened is not None:
        begin, region = opened
        what = f"region {region!r} has no end"
        problems.append(Problem(Place(name, begin + 1, 1), what))
    return regions


def _wanted_marker(opened: tuple[int, str] | None) -> str:
    """Return in words the marker that may be next; `opened` is `(line, name)` of an open region."""
    if opened is None:
        return "a begin"
    begin, region = opened
    return f"the end of region {region!r} (line {begin + 1})"


def _tables(lines: tuple[str, ...], tokens: list[Token]) -> Iterator[MarkdownTable]:
    headings: dict[str, str] = {}
    for position, token in enumerate(tokens):
        is_nested = token.level > 0  # in a quote or a list
        if is_nested:
            continue
        if token.type == "heading_open":
            # A heading ends earlier ones of its own and deeper levels: `h2` ends `h2` and `h3`
            headings = {tag: text for tag, text in headings.items() if tag < token.tag}
            headings[token.tag] = tokens[position + 1].content
        elif token.type == "table_open" and token.map is not None:
            begin, *rows = _rows_of_table(tokens[position:])
            header = tuple(map(attrgetter("text"), cells_of(lines[begin])))
            yield MarkdownTable(
                begin=begin,
                headings=tuple(headings.values()),
                header=header,
                rows=tuple(rows),
            )


def _rows_of_table(tokens: Iterable[Token]) -> Iterator[int]:
    """Yield the lines of a table's rows, the header first; the tokens start at the table."""
    of_table = itertools.takewhile(lambda token: token.type != "table_close", tokens)
    for token in of_table:
        if token.type == "tr_open" and token.map:
            yield token.map[0]


def cells_of(line: str) -> tuple[TableCell, ...]:
    """Return the cells of a table row.

    A bar ends a cell, even in code, unless a backslash is before it (GitHub Flavored Markdown,
    section 4.10).
    """
    row = line.rstrip("\r\n")
    bars = [bar.start() for bar in _BAR.finditer(row)]
    edges = [-1, *bars, len(row)]
    spans = [(left + 1, right) for left, right in itertools.pairwise(edges)]
    # A row without a bar is one cell, even if it is empty
    if not bars:
        return (_cell(row, *spans[0]),)
    # Spaces before the first bar and after the last one are no cell
    if _is_blank(row, spans[0]):
        del spans[0]
    if _is_blank(row, spans[-1]):
        del spans[-1]
    return tuple(_cell(row, start, end) for start, end in spans)


def _is_blank(row: str, span: tuple[int, int]) -> bool:
    start, end = span
    return not row[start:end].strip()


def _cell(row: str, start: int, end: int) -> TableCell:
    return TableCell(start=start, end=end, text=row[start:end].strip(" \t"))


def with_cell(line: str, cell: TableCell, text: str) -> str:
    """Return a table row with a new text in a cell, as wide as before if it fits.

    If the cell starts the line without a bar, the bar is added: a comment at the start of the line
    would end the table.
    """
    is_opened = cell.start > 0 and line[cell.start - 1] == "|"
    is_closed = line[cell.end : cell.end + 1] == "|"
    written = f" {text}" if is_opened else f"| {text}"
    if is_closed:
        written = written.ljust(cell.end - cell.start - 1) + " "
    return line[: cell.start] + written + line[cell.end :]
