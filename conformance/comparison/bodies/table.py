"""Tables (CSV, RFC 4180, and tab-separated values): a header, and rows by their column names.

A column's type is that of its content: numbers and booleans only where every cell that is not empty
is one, written as JSON writes it.  So `007` and a column of mixed cells are texts.  Quotes and line
ends are no difference.  A blank row between others is no row, and a note: readers disagree whether
it is one.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Final, TypeVar

from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.label import Label
from conformance.comparison.bodies.text import TEXT, read_text
from conformance.comparison.values.lossless_json import Json, Lexeme, NoJsonError, parse

TABLE: Final = "table"
_TABS: Final = frozenset({"text/tab-separated-values", "text/tsv"})
_COMMAS: Final = frozenset({"text/csv", "application/csv", "text/x-csv"})
_MAX_CELL_CHARACTERS: Final = 1 << 30
"""What bounds a body bounds its cells; the reader of the library takes quoted ones of 128 KiB by
itself.
"""
csv.field_size_limit(_MAX_CELL_CHARACTERS)
_MAX_COLUMNS: Final = 10_000
"""More are no table, and would make a wide row of each line."""
_NO_CELLS: Final = frozenset({str, list, dict})
_BOOLEANS: Final = frozenset({bool, type(None)})
_FRACTIONS: Final = frozenset({Lexeme, type(None)})
BYTE_ORDER_MARK: Final = "byte-order-mark"
BLANK_ROWS: Final = "blank-rows"
INVALID_TABLE: Final = "invalid-table"
_Row = TypeVar("_Row", str, list[str])
_ALSO: Final = "#"
"""Begins the name of a cell that has no column, followed by its number from 1."""


def _recognises(label: Label) -> bool:
    return label.media in _COMMAS or label.media in _TABS


def read_table(raw: bytes, label: Label) -> Body:
    """Read rows.

    The first is the header, unless the label says `header=absent` or its names are no names.
    """
    text = read_text(raw, label)
    if text.kind != TEXT:
        raise UnreadableBodyError("a table is text")
    written = text.text.removeprefix("\ufeff")
    notes = {BYTE_ORDER_MARK} if written is not text.text else set[str]()
    cells = _cells(written, _separator(written, label), notes)
    first = cells.first
    names = (
        first
        if label.parameters.get("header", "").lower() != "absent" and _is_header(first)
        else []
    )
    if names:
        cells.drop_first()
    records = (
        _even_records(cells.columns, names, notes)
        if cells.columns
        else _records(cells.rows, names, notes)
    )
    value: dict[str, Json] = {"header": names, "rows": records} if names else {"rows": records}
    return Body(kind=TABLE, raw=raw, value=value, structured=True, notes=tuple(sorted(notes)))


def _separator(text: str, label: Label) -> str:
    if label.media in _TABS:
        return "\t"
    first = text.partition("\n")[0]
    return ";" if ";" in first and "," not in first else ","


@dataclass(slots=True, kw_only=True)
class _Cells:
    """The cells of a table: by column where all rows are of one width, else by row.

    One of the two is empty.
    """

    columns: list[list[str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    @property
    def first(self) -> list[str]:
        """Return the first row."""
        return [column[0] for column in self.columns] if self.columns else self.rows[0]

    def drop_first(self) -> None:
        """Leave the first row out."""
        del self.rows[:1]
        for column in self.columns:
            del column[0]


def _cells(text: str, separator: str, notes: set[str]) -> _Cells:
    """Return the cells of a table; raises UnreadableBodyError where it is none."""
    quoted = '"' in text
    lines = (
        []
        if quoted
        else _not_blank(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), notes)
    )
    rows = _not_blank(_quoted_rows(text, separator), notes) if quoted else []
    widths = {len(row) for row in rows} or {line.count(separator) + 1 for line in lines}
    if not widths:
        raise UnreadableBodyError("no rows of a table")
    if max(widths) > _MAX_COLUMNS:
        raise UnreadableBodyError(f"more than {_MAX_COLUMNS} columns")
    if len(widths) > 1:
        return _Cells(rows=rows or [line.split(separator) for line in lines])
    if quoted:
        return _Cells(columns=list(map(list, zip(*rows, strict=True))))
    cells, width = (
        separator.join(lines).split(separator),
        max(widths),
    )  # much faster than row by row
    return _Cells(columns=[cells[at::width] for at in range(width)])


def _quoted_rows(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise UnreadableBodyError(f"no table: {error}", INVALID_TABLE) from error


def _not_blank(rows: list[_Row], notes: set[str]) -> list[_Row]:
    """Return the rows that are not blank, with a note where one stands between others."""
    while rows and not rows[-1]:
        rows.pop()
    if all(rows):
        return rows
    notes.add(BLANK_ROWS)
    return [row for row in rows if row]


def _is_header(row: Sequence[str]) -> bool:
    """Return whether a row can hold column names: each is not blank, not a number, and unique."""
    return len(set(row)) == len(row) and all(name.strip() and not _is_number(name) for name in row)


def _is_number(cell: str) -> bool:
    return cell.lstrip("-").replace(".", "", 1).isdigit()


def _even_records(columns: list[list[str]], names: list[str], notes: set[str]) -> list[Json]:
    """Return rows of one width with typed columns, by the columns' names, else as lists."""
    rows = zip(*(_typed(column, notes) for column in columns), strict=True)
    return list(map(dict, map(zip, repeat(names), rows))) if names else list(map(list, rows))


def _records(rows: list[list[str]], names: list[str], notes: set[str]) -> list[Json]:
    """Return rows of several widths with typed columns, by the columns' names, else as lists.

    A cell past the header goes by its number, and one that is missing is absent.
    """
    widest = max(map(len, rows), default=0)
    columns = [_typed([row[at] for row in rows if at < len(row)], notes) for at in range(widest)]
    cells = [iter(column) for column in columns]
    typed = [[next(cells[at]) for at in range(len(row))] for row in rows]
    if not names:
        return typed
    known = [*names, *(f"{_ALSO}{number}" for number in range(len(names) + 1, widest + 1))]
    return [dict(zip(known, row, strict=False)) for row in typed]


def _typed(column: list[str], notes: set[str]) -> list[Json]:
    """Return the cells of a column as numbers or booleans where all are, empty ones as null.

    Else as they are.
    """
    sample = next(filter(None, column), "")
    if not sample or not (sample[0] in "-0123456789" or sample in {"true", "false"}):
        return list[Json](column)
    empty = column.count("")
    try:
        document = parse(
            f"[{','.join([cell or 'null' for cell in column] if empty else column)}]".encode()
        )
    except NoJsonError:
        return list[Json](column)
    values: list[Json] = document.value
    kinds = set(map(type, values))
    plain = kinds.isdisjoint(_NO_CELLS) and (bool not in kinds or kinds <= _BOOLEANS)
    nulls = values.count(None) if type(None) in kinds else 0
    if not plain or len(values) != len(column) or nulls != empty:
        return list[Json](column)
    notes.update(document.notes)
    return list(map(_as_number, values)) if Lexeme in kinds and not kinds <= _FRACTIONS else values


def _as_number(value: Json) -> Json:
    """Return a whole number of a column of fractions as one of these: a column has one type."""
    return value if value is None or isinstance(value, Lexeme) else Lexeme(str(value).encode())


TABLE_OF_CELLS: Final = BodyKind(
    name=TABLE,
    word="table",
    recognises=_recognises,
    read=read_table,
    has_idioms=True,
    begins=lambda raw: b'"' in raw,
)
