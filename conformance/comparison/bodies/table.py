"""Tables (CSV, RFC 4180, and tab-separated values): a header, and rows by their column names.

A column holds numbers or booleans where every cell that is not empty is one, written as JSON writes
it: `007` and ` 1` are texts.  Beside such a column, the cells of another are read one by one: one
bad cell is one difference.  Two columns of texts are compared as written.  A row with more cells
than the header has no columns: it is a list of texts.  Quotes and line ends are no difference.  A
blank row between others is no row, and a note: readers disagree whether it is one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, repeat
from operator import itemgetter
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.cells import (
    HEADER,
    ROWS,
    cell_of,
    typed,
    written,
)
from conformance.comparison.bodies.even_tables import (
    are_even,
    columns_of,
    even_records,
    records_by_blocks,
)
from conformance.comparison.bodies.json_document import holds_json
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.kind_names import TABLE, TEXT
from conformance.comparison.bodies.label import Label
from conformance.comparison.bodies.same_rows import with_same_rows
from conformance.comparison.bodies.split_cells import (
    MAX_COLUMNS,
    Cells,
    plain_cells,
    quoted_cells,
)
from conformance.comparison.bodies.text import read_text
from conformance.comparison.values.lossless_json import Json, Lexeme

_TABS: Final = frozenset({"text/tab-separated-values", "text/tsv"})
_COMMAS: Final = frozenset({"text/csv", "application/csv", "text/x-csv"})
BYTE_ORDER_MARK: Final = "byte-order-mark"
_Key = str | int
"""What a column is called: its name, or its index in a table without a header."""


def _recognises(label: Label) -> bool:
    return label.media in _COMMAS | _TABS


def header_parameter(label: Label) -> str:
    """Return what the label of a table says of its header: `absent`, `present` or nothing."""
    return label.parameters.get(HEADER, "").lower() if label.media in _COMMAS else ""


def read_table(raw: bytes, label: Label) -> Body:
    """Read rows.

    The first is the header, unless the label says `header=absent` or its names are no names.
    """
    text = read_text(raw, label)
    if text.kind != TEXT:
        raise UnreadableBodyError("a table is text")
    if holds_json(raw):
        raise UnreadableBodyError("JSON is no table")
    written = text.text.removeprefix("\ufeff")
    notes = {*text.notes}
    if written is not text.text:
        notes.add(BYTE_ORDER_MARK)
    names, records = _read_rows(written, _separator(written, label), label, notes)
    header: dict[str, Json] = {HEADER: names} if names else {}
    return Body(
        kind=TABLE,
        raw=raw,
        value=header | {ROWS: records},
        structured=True,
        notes=tuple(sorted(notes)),
        charset=text.charset,
    )


def _read_rows(
    text: str, separator: str, label: Label, notes: set[str]
) -> tuple[list[str], list[Json]]:
    """Return the names of a table's columns, if it has any, and its rows."""
    is_quoted = '"' in text
    if is_quoted:
        return _rows_of(quoted_cells(text, separator, notes), label, notes)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = text.rstrip("\n")
    if not are_even(rows, separator, MAX_COLUMNS):
        return _rows_of(plain_cells(text, separator, notes), label, notes)
    names = _names(rows.partition("\n")[0].split(separator), label)
    records = records_by_blocks(rows, separator, names, notes)
    if records is not None:
        return names, records
    return _rows_of(Cells(columns=columns_of(rows, separator)), label, notes)


def _rows_of(cells: Cells, label: Label, notes: set[str]) -> tuple[list[str], list[Json]]:
    """Return the names of the columns of cells, if they have any, and the rows, typed."""
    names = _names(cells.first, label)
    if names:
        cells.drop_first()
    if not cells.columns:
        return names, _records(cells.rows, names, notes)
    return names, even_records(list(map(typed, cells.columns, repeat(notes))), names)


def _names(first: list[str], label: Label) -> list[str]:
    """Return the first row if it has the names of the columns."""
    if header_parameter(label) == "absent" or not _is_header(first):
        return []
    return first


def _separator(text: str, label: Label) -> str:
    if label.media in _TABS:
        return "\t"
    first, _, _ = text.partition("\n")
    has_semicolons = ";" in first and "," not in first
    return ";" if has_semicolons else ","


def _is_header(row: Sequence[str]) -> bool:
    """Return whether a row can hold column names: each is not blank, not a number, and unique."""
    are_unique = len(set(row)) == len(row)
    return are_unique and not any(map(_is_no_name, row))


def _is_no_name(cell: str) -> bool:
    is_number = cell.lstrip("-").replace(".", "", 1).isdigit()
    return is_number or not cell.strip()


def _records(rows: list[list[str]], names: list[str], notes: set[str]) -> list[Json]:
    """Return rows of several widths with typed columns, by the columns' names, else as lists.

    A row with more cells than the header is a list of texts.  A cell that is missing is absent.
    """
    width = len(names) or max(map(len, rows), default=0)
    columns: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        if len(row) > width:
            continue
        for column, cell in zip(columns, row, strict=False):
            column.append(cell)
    cells = list(map(iter, map(typed, columns, repeat(notes))))
    records: list[Json] = []
    for row in rows:
        if len(row) > width:
            records.append(row)
            continue
        # a row is as long as its own cells: those that are missing at its end are absent
        records.append(_record(list(map(next, cells[: len(row)])), names))
    return records


def _record(cells: list[Json], names: list[str]) -> Json:
    return dict(zip(names, cells, strict=False)) if names else cells


def beside(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two tables laid out alike.

    Both are rows of cells where only one has a header.  Beside a column of numbers or booleans, the
    cells of a column of texts are read one by one.
    """
    if (HEADER in a.value) != (HEADER in b.value):
        a, b = without_header(a), without_header(b)
    first, second = _first_cells(a), _first_cells(b)
    texts, others = _of_texts(first), _of_texts(second)
    # of texts in one table alone, and in the other one as well
    unlike = (texts ^ others) & first.keys() & second.keys()
    if not unlike:
        return with_same_rows(a, b)
    return _changed(a, unlike, cell_of), _changed(b, unlike, cell_of)


def _of_texts(first_cells: Mapping[_Key, Json]) -> set[_Key]:
    """Return which columns begin with a text."""
    return {key for key, cell in first_cells.items() if isinstance(cell, str)}


def by_shape(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two tables as they are compared by shape.

    Where a column has fractions on both sides, a whole number in it is one of them.
    """
    fractions = _with_fractions(a) & _with_fractions(b)
    return _changed(a, fractions, _as_fraction), _changed(b, fractions, _as_fraction)


def _with_fractions(body: Body) -> set[_Key]:
    """Return which columns have a number that is no whole one."""
    return {key for key, types in _types(body).items() if Lexeme in types}


def width_of(body: Body) -> int:
    """Return how many columns a table has: those of its header, else of its longest row."""
    return len(body.value.get(HEADER) or max(body.value[ROWS], key=len))


def _first_cells(body: Body) -> dict[_Key, Json]:
    """Return the first cell of each column by its name or index.

    It is a text where the column is one of texts: see `_typed`.
    """
    columns = width_of(body)
    first_cells: dict[_Key, Json] = {}
    for row in _rows_with_columns(body):
        for key, cell in _cells_by_column(row):
            first_cells.setdefault(key, cell)
        if len(first_cells) == columns:
            break
    return first_cells


def _types(body: Body) -> dict[_Key, AbstractSet[type]]:
    """Return the types of the cells of a table by the names or indexes of their columns."""
    rows = list(_rows_with_columns(body))
    if len(set(map(len, rows))) == 1:
        keys = list(map(itemgetter(0), _cells_by_column(rows[0])))
        # column by column takes half of the time of row by row
        return {key: set(map(type, map(itemgetter(key), rows))) for key in keys}
    types: defaultdict[_Key, set[type]] = defaultdict(set)
    for key, cell in chain.from_iterable(map(_cells_by_column, rows)):
        types[key].add(type(cell))
    return dict(types)


def _rows_with_columns(body: Body) -> Iterator[Json]:
    """Yield the rows whose cells are under a column: not those with more cells than the header."""
    return filter(_kind_of_rows(body).__instancecheck__, body.value[ROWS])


def _kind_of_rows(body: Body) -> type:
    """Return the type of the rows of a table whose cells are under a column."""
    return dict if HEADER in body.value else list


def _cells_by_column(row: Json) -> Iterable[tuple[_Key, Json]]:
    """Return the cells of a row, each with the name or the index of its column."""
    return row.items() if isinstance(row, dict) else enumerate(row)


def _changed(body: Body, keys: AbstractSet[_Key], change: Callable[[Json], Json]) -> Body:
    """Return a table with the cells of some columns changed."""
    if not keys:
        return body
    kind = _kind_of_rows(body)
    rows: list[Json] = []
    for row in body.value[ROWS]:
        # a row with more cells than the header has no columns
        has_columns = isinstance(row, kind)
        rows.append(_changed_row(row, keys, change) if has_columns else row)
    return replace(body, value={**body.value, ROWS: rows})


def _changed_row(row: Json, keys: AbstractSet[_Key], change: Callable[[Json], Json]) -> Json:
    changed = row.copy()
    for key, cell in _cells_by_column(row):
        if key in keys:
            changed[key] = change(cell)
    return changed


def without_header(body: Body) -> Body:
    """Return a table as rows of cells, of which a header is the first."""
    if HEADER not in body.value:
        return body
    cells = [body.value[HEADER], *map(cells_of, body.value[ROWS])]
    return replace(body, value={ROWS: _records(cells, [], set())})


def cells_of(row: Json) -> list[str]:
    """Return the cells of a row as they were written."""
    return list(map(written, map(itemgetter(1), _cells_by_column(row))))


def _as_fraction(cell: Json) -> Json:
    return Lexeme(str(cell).encode()) if type(cell) is int else cell


TABLE_OF_CELLS: Final = BodyKind(
    name=TABLE,
    word="table",
    recognises=_recognises,
    read=read_table,
    beside=beside,
    has_idioms=True,
    begins=lambda raw: b'"' in raw,
)
