"""Read tables (CSV, RFC 4180, and tab-separated values) as a header and rows.

A column is numbers or booleans if every cell that is not empty is one, written as in JSON: `007`
and ` 1` are texts.  If a column is typed in one table and texts in the other, its cells are read
one by one, so that one bad cell is one difference.  Two columns of texts are compared as written.
A row with more cells than the header is a list of texts.  Quotes and line ends are no difference.
A blank row is left out with a note, as readers disagree whether it is a row.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, repeat
from operator import itemgetter
from typing import Final, TypeVar

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.cells import (
    ABOVE,
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
from conformance.comparison.bodies.header_row import COMMAS, TABS, header_in, keys_of, split_above
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
from conformance.comparison.idioms.member_names import respelled
from conformance.comparison.values.lossless_json import Json, Lexeme

BYTE_ORDER_MARK: Final = "byte-order-mark"
"""The note on a table that begins with a byte order mark."""
_Key = str | int
"""The name of a column, or its index in a table without a header."""
_Known = TypeVar("_Known")
_IsWanted = Callable[[_Known, _Known], bool]


def _recognises(label: Label) -> bool:
    return label.media in COMMAS | TABS


def read_table(raw: bytes, label: Label) -> Body:
    """Read a table.

    The first row is the header, unless the label says `header=absent` or a cell cannot be a name.
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
    above, separator, table = split_above(written, label, notes)
    names, records = _read_rows(table, separator, label, notes)
    header: dict[str, Json] = {HEADER: names} if names else {}
    if above:
        header = {ABOVE: above, **header}
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
    """Return the column names of a table, if it has any, and its rows."""
    is_quoted = '"' in text
    if is_quoted:
        return _rows_of(quoted_cells(text, separator, notes), label, notes)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = text.rstrip("\n")
    if not are_even(rows, separator, MAX_COLUMNS):
        return _rows_of(plain_cells(text, separator, notes), label, notes)
    names = header_in(rows.partition("\n")[0].split(separator), label)
    records = records_by_blocks(rows, separator, names, notes)
    if records is not None:
        return names, records
    return _rows_of(Cells(columns=columns_of(rows, separator)), label, notes)


def _rows_of(cells: Cells, label: Label, notes: set[str]) -> tuple[list[str], list[Json]]:
    """Return the column names of cells, if they have any, and the rows with typed cells."""
    names = header_in(cells.first, label)
    if names:
        cells.drop_first()
    if not cells.columns:
        return names, _records(cells.rows, names, notes)
    return names, even_records(list(map(typed, cells.columns, repeat(notes))), names)


def _records(rows: list[list[str]], names: list[str], notes: set[str]) -> list[Json]:
    """Return rows of different widths with typed cells: as objects by column name, or as lists.

    A row with more cells than the header is a list of texts; missing cells are absent.
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
        # A row is as long as it was sent: missing cells at its end are absent
        records.append(_record(list(map(next, cells[: len(row)])), names))
    return records


def _record(cells: list[Json], names: list[str]) -> Json:
    """Return a row as an object by column name, or unchanged without names."""
    return dict(zip(names, cells, strict=False)) if names else cells


def bodies_in_one_layout(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two tables in one layout.

    If only one has a header, both become rows of cells.  A column that is texts in only one of them
    is read cell by cell in both.
    """
    if (HEADER in a.value) != (HEADER in b.value):
        a, b = without_header(a), without_header(b)
    # Columns of texts in one table, which the other one has with typed cells
    unlike = _same_columns(_first_cells(a), _first_cells(b), _is_one_a_text)
    return _changed_in_both(a, b, unlike, cell_of) if unlike else with_same_rows(a, b)


def _is_one_a_text(cell: Json, other: Json) -> bool:
    return isinstance(cell, str) != isinstance(other, str)


def _same_columns(
    first: Mapping[_Key, _Known], second: Mapping[_Key, _Known], is_wanted: _IsWanted[_Known]
) -> list[tuple[_Key, _Key]]:
    """Return the columns that two tables have in common, also if their names are spelled apart.

    Only those are returned for which `is_wanted` holds for what is known of them in both tables.
    """
    common = first.keys() & second.keys()
    columns = [*zip(common, common, strict=True), *respelled(first.keys(), second.keys())]
    return [each for each in columns if is_wanted(first[each[0]], second[each[1]])]


def _changed_in_both(
    a: Body, b: Body, columns: Sequence[tuple[_Key, _Key]], change: Callable[[Json], Json]
) -> tuple[Body, Body]:
    """Return two tables with `change` applied to the cells of columns that both have."""
    first, second = (frozenset(map(itemgetter(side), columns)) for side in (0, 1))
    return _with_changed_cells(a, first, change), _with_changed_cells(b, second, change)


def by_shape(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two tables as they are compared by shape.

    In a column with fractions on both sides, whole numbers become fractions too.
    """
    fractions = _same_columns(_types(a), _types(b), _have_fractions)
    return _changed_in_both(a, b, fractions, _as_fraction)


def _have_fractions(types: AbstractSet[type], others: AbstractSet[type]) -> bool:
    """Return whether two columns have a number that is no integer."""
    return Lexeme in types & others


def width_of(body: Body) -> int:
    """Return how many columns a table has, by its header or else its longest row."""
    return len(body.value.get(HEADER) or max(body.value[ROWS], key=len))


def _first_cells(body: Body) -> dict[_Key, Json]:
    """Return the first cell of each column, by name or index.

    It is a text exactly if the column is texts: see `typed`.
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
    """Return the types of the cells in each column, by name or index."""
    rows = list(_rows_with_columns(body))
    if len(set(map(len, rows))) == 1:
        keys = list(map(itemgetter(0), _cells_by_column(rows[0])))
        # By column this takes half the time that it takes by row
        return {key: set(map(type, map(itemgetter(key), rows))) for key in keys}
    types: defaultdict[_Key, set[type]] = defaultdict(set)
    for key, cell in chain.from_iterable(map(_cells_by_column, rows)):
        types[key].add(type(cell))
    return dict(types)


def _rows_with_columns(body: Body) -> Iterator[Json]:
    """Yield the rows that have no more cells than the header."""
    return filter(_kind_of_rows(body).__instancecheck__, body.value[ROWS])


def _kind_of_rows(body: Body) -> type:
    """Return the type of the rows that have no more cells than the header."""
    return dict if HEADER in body.value else list


def _cells_by_column(row: Json) -> Iterable[tuple[_Key, Json]]:
    """Return the cells of a row with the name or index of their column."""
    return row.items() if isinstance(row, dict) else enumerate(row)


def _with_changed_cells(
    body: Body, keys: AbstractSet[_Key], change: Callable[[Json], Json]
) -> Body:
    """Return a table with `change` applied to the cells of some columns."""
    if not keys:
        return body
    kind = _kind_of_rows(body)
    rows: list[Json] = []
    for row in body.value[ROWS]:
        # A row with more cells than the header has no columns
        has_columns = isinstance(row, kind)
        rows.append(_changed_row(row, keys, change) if has_columns else row)
    return replace(body, value={**body.value, ROWS: rows})


def _changed_row(row: Json, keys: AbstractSet[_Key], change: Callable[[Json], Json]) -> Json:
    """Return a copy of a row with `change` applied to the cells of some columns."""
    changed = row.copy()
    for key, cell in _cells_by_column(row):
        if key in keys:
            changed[key] = change(cell)
    return changed


def without_header(body: Body) -> Body:
    """Return a table as rows of cells; a header becomes the first row."""
    if HEADER not in body.value:
        return body
    value = {**body.value, ROWS: _records(lines_of(body), [], set())}
    del value[HEADER]
    return replace(body, value=value)


def with_header_at(body: Body, at: int) -> Body:
    """Return a table with one of its lines as its header; the lines before are above that."""
    lines = lines_of(body)
    above = "\n".join(filter(None, [body.value.get(ABOVE), *map(",".join, lines[:at])]))
    header: dict[str, Json] = {HEADER: lines[at]}
    rows = _records(lines[at + 1 :], keys_of(lines[at]), set())
    return replace(body, value={**({ABOVE: above} if above else {}), **header, ROWS: rows})


def lines_of(body: Body) -> list[list[str]]:
    """Return the header of a table, if it has one, and its rows, as lists of what was written."""
    names = body.value.get(HEADER)
    rows = map(cells_of, body.value[ROWS])
    return [names, *rows] if names else list(rows)


def cells_of(row: Json) -> list[str]:
    """Return the cells of a row as they were written."""
    return list(map(written, map(itemgetter(1), _cells_by_column(row))))


def _as_fraction(cell: Json) -> Json:
    """Return an integer as a number that is not one, so that `1` has the kind of `1.5`."""
    return Lexeme(str(cell).encode()) if type(cell) is int else cell


TABLE_OF_CELLS: Final = BodyKind(
    name=TABLE,
    declared_as="table",
    recognises=_recognises,
    read=read_table,
    in_one_layout=bodies_in_one_layout,
    has_idioms=True,
    begins=lambda raw: b'"' in raw,
)
