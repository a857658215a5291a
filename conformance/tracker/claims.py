"""Claims: the rows of comparison tables, their evidence, and their generated cells.

A table with a column *Verified by* is a comparison: each row names its evidence there (see
`proofs`). A column whose header is the name of a declared runtime, or a language, is about these
runtimes.  A table below the heading "Owner's statement, not verified here" has the columns *Source*
and *Date* instead.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from itertools import starmap
from operator import itemgetter
from typing import Final

from msgspec import Struct

from conformance.errors import Place, Problem
from conformance.tracker.markdown_file import MarkdownFile, MarkdownTable, TableCell, cells_of
from conformance.tracker.proofs import (
    Figure,
    Proofs,
    RequiredEvidence,
    figure_of,
    proofs_of,
    shown_by,
    without_comments,
)
from conformance.tracker.rendered_text import plain
from conformance.wording import plural

VERIFIED_BY: Final = "verified by"
FRESH_FOR: Final = "fresh for"
VERIFIED: Final = "last verified"
MEASURED: Final = "measured"
ANSWERED_BY: Final = "answered by"
COMPARED: Final = "compared"
OPEN_ROWS: Final = "open rows"
OUTPUT: Final = frozenset({VERIFIED, MEASURED, ANSWERED_BY, COMPARED, OPEN_ROWS})
"""The columns that `sync` writes."""
SOURCE: Final = "source"
DATE: Final = "date"
OWNERS: Final = re.compile(r"owner['\u2019]s statement\b", re.IGNORECASE)
_HEADING: Final = "Owner's statement, not verified here"
_NEITHER: Final = (
    f"a comparison needs a column 'Verified by'; what only an owner says stands below {_HEADING!r}"
)
NOTHING_SAID: Final = frozenset({"", "-", "—"})

_DAYS: Final = re.compile(r"([0-9]{1,4}) days?\Z")


class RuntimeCell(Struct, frozen=True, kw_only=True):
    """A cell about the runtimes of one column: its text, the evidence it needs, and its figure."""

    header: str
    text: str
    shows: tuple[RequiredEvidence, ...]
    figure: Figure | None


class FigureCell(Struct, frozen=True, kw_only=True):
    """A cell with a figure of a committed report: its text, and the source of the figure."""

    cell: TableCell
    text: str
    figure: Figure


class DocumentClaim(Struct, frozen=True, kw_only=True):
    """One row of a comparison.

    `output` are its generated cells by column, and `words` the texts of all cells that a person
    wrote, without comments.
    """

    index: int
    place: Place
    proofs: Proofs
    fresh_days: int | None
    output: Mapping[str, TableCell]
    figures: tuple[FigureCell, ...]
    runtimes: tuple[RuntimeCell, ...]
    words: tuple[str, ...]


class Claims(Struct, frozen=True, kw_only=True):
    """The claims of a file, the number of rows that are an owner's statement, and the problems.

    `owner_days` has the days of these statements by line.  `twice` are the lines that repeat an
    earlier row of the same table.
    """

    rows: tuple[DocumentClaim, ...]
    owners: int
    owner_days: Mapping[int, str]
    twice: frozenset[int]
    problems: tuple[Problem, ...]

    @property
    def once(self) -> tuple[DocumentClaim, ...]:
        """Return the claims without repeated rows."""
        return tuple(claim for claim in self.rows if claim.index not in self.twice)


class Columns(Struct, frozen=True, kw_only=True):
    """The headers that stand for runtimes: names of declared runtimes, or their languages.

    A header that is exactly the name of a runtime stands for that runtime.  Another header that is
    a language, in upper or lower case, stands for all runtimes of the evidence in that language.
    """

    languages: Mapping[str, str | None]

    @property
    def all_names(self) -> tuple[str, ...]:
        """Return the names of runtimes and of their languages."""
        return tuple(filter(None, (*self.languages, *self.languages.values())))

    def names(self, header: str) -> bool:
        """Return whether a header, or a name in a cell, stands for runtimes."""
        return header in self.languages or header.lower() in self.languages.values()

    def stands_for(self, header: str, runtime: str, language: str | None) -> bool:
        """Return whether a header stands for a runtime."""
        if header in self.languages:
            return header == runtime
        if language is None:
            return False
        return header.lower() == language


def claims_of(file: MarkdownFile, columns: Columns) -> Claims:
    """Return the claims of a document, with the problems of its tables."""
    tally = _Tally(file, columns)
    for table in file.tables:
        header = list(map(str.lower, table.header))
        if any(map(OWNERS.match, table.headings)):
            tally.add_statements(table, header)
        elif VERIFIED_BY in header:
            tally.add_claims(table)
        elif VERIFIED in header or any(map(columns.names, table.header)):
            tally.problems.append(Problem(file.place(table.begin), _NEITHER))
    return tally.claims()


class _Tally:
    """Collects the claims and the owner's statements of a file, table by table."""

    def __init__(self, file: MarkdownFile, columns: Columns) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._columns = columns
        self._rows: list[DocumentClaim] = []
        self._twice: set[int] = set()
        self._days: dict[int, str] = {}
        self._owners = 0

    def add_statements(self, table: MarkdownTable, header: list[str]) -> None:
        """Add a table of owner's statements."""
        rows = list(map(itemgetter(0), _rows(self._file, table, self.problems)))
        self.problems += _owner_problems(self._file, table, header, rows)
        self._days |= _days(self._file, header, rows)
        repeated = set(_twice(self._file, table, frozenset()))
        self._owners += len(set(rows) - repeated)
        self._twice |= repeated

    def add_claims(self, table: MarkdownTable) -> None:
        """Add the claims of a comparison table."""
        self.problems += _half_named(self._file, table, self._columns)
        for index, cells in _rows(self._file, table, self.problems):
            claim = _claim(self._file, table, self._columns, index, cells)
            if isinstance(claim, Problem):
                self.problems.append(claim)
            else:
                self._rows.append(claim)
        self._twice.update(_twice(self._file, table, OUTPUT))

    def claims(self) -> Claims:
        """Return what was collected."""
        return Claims(
            rows=tuple(self._rows),
            owners=self._owners,
            owner_days=self._days,
            twice=frozenset(self._twice),
            problems=tuple(self.problems),
        )


def _half_named(file: MarkdownFile, table: MarkdownTable, columns: Columns) -> Iterator[Problem]:
    """Yield the columns whose header has more than a runtime's name: no cell there is checked.

    Only a name that is the first or the last word of the header counts.
    """
    for header in table.header:
        # A name in the middle of a header does not make it that runtime's column
        every_word = re.findall(r"[\w-]+", plain(header).lower())
        words = {*every_word[:1], *every_word[-1:]}
        named = next((name for name in columns.all_names if name.lower() in words), "")
        if not named or columns.names(header):
            continue
        what = f"the column {header!r} holds the name {named!r}, and is not that runtime's"
        yield Problem(
            file.place(table.begin), f"{what}: head it with the name alone, or without it"
        )


def _rows(
    file: MarkdownFile, table: MarkdownTable, problems: list[Problem]
) -> Iterator[tuple[int, tuple[TableCell, ...]]]:
    """Yield `(line, cells)` of the table rows that have a cell for each column; note the others."""
    for index in table.rows:
        cells = cells_of(file.lines[index])
        if len(cells) == len(table.header):
            yield index, cells
            continue
        wanted = f"wanted {plural(len(table.header), 'cell')}, as the header has; got {len(cells)}"
        problems.append(
            Problem(file.place(index), f"{wanted}: write a bar in a cell as \\|, in code too")
        )


def _twice(file: MarkdownFile, table: MarkdownTable, output: frozenset[str]) -> Iterator[int]:
    """Yield the rows of a table in which a person repeats an earlier row, as after a merge."""
    seen: set[tuple[str, ...]] = set()
    for index in table.rows:
        cells = zip(table.header, cells_of(file.lines[index]), strict=False)
        own = [cell.text for header, cell in cells if header.lower() not in output]
        written = tuple(map(_figure_comment, own))
        if written in seen:
            yield index
        seen.add(written)


def _figure_comment(text: str) -> str:
    """Return a cell as a person wrote it: of a cell with a figure, only the source."""
    figure = figure_of(text)
    if figure is None:
        return text
    _, source = figure
    return repr(source)


def _owner_problems(
    file: MarkdownFile, table: MarkdownTable, header: list[str], rows: list[int]
) -> Iterator[Problem]:
    if SOURCE not in header or DATE not in header:
        what = (
            "an owner's statement needs the columns 'Source' and 'Date': who said it where, "
            "and when"
        )
        yield Problem(file.place(table.begin), what)
        return
    for index in rows:
        cells = dict(zip(header, cells_of(file.lines[index]), strict=True))
        if cells[SOURCE].text in NOTHING_SAID:
            what = "the source of an owner's statement is missing: who said it, and where"
            yield Problem(file.place(index), what)
        day = cells[DATE].text
        if not _is_day(day):
            got = day or "nothing"
            what = f"wanted the day of an owner's statement, such as 2026-11-24; got {got}"
            yield Problem(file.place(index), what)


def _days(file: MarkdownFile, header: list[str], rows: list[int]) -> dict[int, str]:
    """Return the day of each owner's statement that has one, by line."""
    if DATE not in header:
        return {}
    column = header.index(DATE)
    days = {index: cells_of(file.lines[index])[column].text for index in rows}
    return {index: day for index, day in days.items() if _is_day(day)}


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _claim(
    file: MarkdownFile,
    table: MarkdownTable,
    columns: Columns,
    index: int,
    cells: tuple[TableCell, ...],
) -> DocumentClaim | Problem:
    by_column = list(zip(table.header, cells, strict=True))
    by_name = {header.lower(): cell for header, cell in by_column}
    fresh = by_name[FRESH_FOR].text if FRESH_FOR in by_name else ""
    days = _DAYS.match(fresh)
    if fresh not in NOTHING_SAID and days is None:
        what = f"wanted days such as '30 days' in 'Fresh for', got {fresh!r}"
        return Problem(file.place(index), what)
    # Generated cells and the names of evidence are no words of a person
    no_words = {*OUTPUT, VERIFIED_BY}
    written = [each for each in by_column if each[0].lower() not in no_words]
    own_cells = list(map(itemgetter(1), written))
    of_runtimes = [each for each in written if columns.names(each[0])]
    return DocumentClaim(
        index=index,
        place=file.place(index),
        proofs=proofs_of(by_name[VERIFIED_BY].text),
        fresh_days=int(days[1]) if days else None,
        output={name: by_name[name] for name in filter(OUTPUT.__contains__, by_name)},
        figures=tuple(filter(None, map(_figure_cell, own_cells))),
        runtimes=tuple(starmap(_runtime_cell, of_runtimes)),
        words=tuple(map(_words_of, own_cells)),
    )


def _words_of(cell: TableCell) -> str:
    return without_comments(cell.text).strip()


def _figure_cell(cell: TableCell) -> FigureCell | None:
    """Return a cell as a figure of a report; None if it is none."""
    figure = figure_of(cell.text)
    if figure is None:
        return None
    text, source = figure
    return FigureCell(cell=cell, text=text, figure=source)


def _runtime_cell(header: str, cell: TableCell) -> RuntimeCell:
    figure = figure_of(cell.text)
    shows = shown_by(cell.text)
    if figure is None:
        return RuntimeCell(header=header, text=_words_of(cell), shows=shows, figure=None)
    # The text of a figure is generated, so the cell has no words of its own
    _, source = figure
    return RuntimeCell(header=header, text="", shows=shows, figure=source)
