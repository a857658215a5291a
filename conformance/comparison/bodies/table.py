"""Tables (CSV, RFC 4180, and tab-separated values): a header, and rows by the names of their columns.

A column's type is that of its content: numbers and booleans only where every cell that is not empty is one, written as
JSON writes it.  So `007` and a column of mixed cells are texts.  Quotes and line ends are no difference.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.label import Label
from conformance.comparison.bodies.text import TEXT, read_text
from conformance.comparison.values.lossless_json import Json, Lexeme, NoJsonError, parse

TABLE: Final = "table"
_TABS: Final = frozenset({"text/tab-separated-values", "text/tsv"})
_COMMAS: Final = frozenset({"text/csv", "application/csv", "text/x-csv"})
_MAX_COLUMNS: Final = 10_000
"""More are no table, and would make a wide row of each line."""
_NO_CELLS: Final = frozenset({str, list, dict})
_BOOLEANS: Final = frozenset({bool, type(None)})
_ALSO: Final = "#"
"""Begins the name of a cell that has no column, followed by its number from 0."""


def _recognises(label: Label) -> bool:
    return label.media in _COMMAS or label.media in _TABS


def read_table(raw: bytes, label: Label) -> Body:
    """Read rows; the first is the header, unless the label says `header=absent` or its names are no names."""
    text = read_text(raw, label)
    if text.kind != TEXT:
        raise UnreadableBodyError("a table is text")
    separator = _separator(text.text, label)
    written = text.text.removeprefix("\ufeff")
    notes = {"byte-order-mark"} if written is not text.text else set[str]()
    rows = _rows(written, separator)
    if not rows:
        raise UnreadableBodyError("no rows of a table")
    names = rows[0] if label.parameters.get("header", "").lower() != "absent" and _is_header(rows[0]) else []
    del rows[: 1 if names else 0]
    records = _records(rows, names, notes)
    value: dict[str, Json] = {"header": names, "rows": records} if names else {"rows": records}
    return Body(kind=TABLE, raw=raw, value=value, structured=True, notes=tuple(sorted(notes)))


def _separator(text: str, label: Label) -> str:
    if label.media in _TABS:
        return "\t"
    first = text.partition("\n")[0]
    return ";" if ";" in first and "," not in first else ","


def _rows(text: str, separator: str) -> list[list[str]]:
    """Return the rows that are not blank."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True) if row]
    except csv.Error as error:
        raise UnreadableBodyError(f"no table: {error}") from error
    if rows and max(map(len, rows)) > _MAX_COLUMNS:
        raise UnreadableBodyError(f"more than {_MAX_COLUMNS} columns")
    return rows


def _is_header(row: Sequence[str]) -> bool:
    """Tell whether a row can hold the names of columns: each says something, is no number, and is there once."""
    return len(set(row)) == len(row) and all(name.strip() and not _is_number(name) for name in row)


def _is_number(cell: str) -> bool:
    return cell.lstrip("-").replace(".", "", 1).isdigit()


def _records(rows: list[list[str]], names: list[str], notes: set[str]) -> list[Json]:
    """Return rows with the types of their columns, by the names of these, else as lists; the rows are used up.

    A cell past the header goes by its number, and one that is missing is absent.
    """
    widths = set(map(len, rows))
    if len(widths) == 1:
        columns = [_typed(list(column), notes) for column in zip(*rows, strict=True)]
        rows.clear()  # before as many records are made: a collection of garbage looks at all of either
        typed: Iterable[Sequence[Json]] = zip(*columns, strict=True)
    else:
        typed = _ragged(rows, notes)
    if not names:
        return list(map(list, typed))
    known = [*names, *(f"{_ALSO}{number}" for number in range(len(names), max(widths, default=0)))]
    return [dict(zip(known, row, strict=False)) for row in typed]


def _ragged(rows: list[list[str]], notes: set[str]) -> Iterator[list[Json]]:
    """Yield rows of several lengths with the types of their columns."""
    widest = max(map(len, rows), default=0)
    columns = [_typed([row[at] for row in rows if at < len(row)], notes) for at in range(widest)]
    cells = [iter(column) for column in columns]
    for row in rows:
        yield [next(cells[at]) for at in range(len(row))]


def _typed(column: list[Json], notes: set[str]) -> list[Json]:
    """Return the cells of a column as numbers or booleans where all are, empty ones as null; else as they are."""
    sample = next(filter(None, column), "")
    if not sample or not (sample[0] in "-0123456789" or sample in {"true", "false"}):
        return column
    try:
        document = parse(f"[{','.join(cell or 'null' for cell in column)}]".encode())
    except NoJsonError:
        return column
    values: list[Json] = document.value
    kinds = set(map(type, values))
    plain = kinds.isdisjoint(_NO_CELLS) and (bool not in kinds or kinds <= _BOOLEANS)
    if not plain or len(values) != len(column) or values.count(None) != column.count(""):
        return column
    notes.update(document.notes)
    return list(map(_as_number, values)) if Lexeme in kinds else values


def _as_number(value: Json) -> Json:
    """Return a whole number of a column of fractions as one of these: a column has one type."""
    return value if value is None or isinstance(value, Lexeme) else Lexeme(str(value).encode())


TABLE_OF_CELLS: Final = BodyKind(name=TABLE, word="table", recognises=_recognises, read=read_table, has_idioms=True)
