"""Read tables without quotes whose rows all have the same width, block by block.

Most tables are like this.  Small blocks stay in the processor's caches: reading a table of
megabytes at once takes 1.5 times as long.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import repeat
from operator import is_not
from typing import Final

from conformance.comparison.bodies.cells import SEPARATORS, typed
from conformance.comparison.values.lossless_json import Json, kind_of

_NO_BREAKS: Final = {
    separator: bytes(byte for byte in range(256) if chr(byte) not in {separator, "\n"})
    for separator in SEPARATORS
}
"""By separator: all bytes that end neither a cell nor a row."""
_BLOCK_CHARACTERS: Final = 64 << 10
"""The least size of a block, up to the end of a row."""


def are_even(rows: str, separator: str, most_columns: int) -> bool:
    """Return whether all rows have as many cells as the first one, at least two.

    Rows are separated by line feeds.  Even rows are split with one call for all of them, which
    takes half the time.
    """
    between = rows.partition("\n")[0].count(separator)
    if not 0 < between < most_columns:
        return False
    as_first = f"{separator * between}\n" * (rows.count("\n") + 1)
    return rows.encode().translate(None, _NO_BREAKS[separator]) == as_first[:-1].encode()


def columns_of(rows: str, separator: str) -> list[list[str]]:
    """Return the columns of even rows."""
    width = rows.partition("\n")[0].count(separator) + 1
    cells = rows.replace("\n", separator).split(separator)
    return [cells[at::width] for at in range(width)]


def records_by_blocks(
    rows: str, separator: str, names: Sequence[str], notes: set[str]
) -> list[Json] | None:
    """Return even rows with typed cells: as objects by column name, or as lists without names.

    `names` are the cells of the first row if it is the header.  Return None, and add no notes, if a
    column has different types in two blocks: then its type depends on all cells.
    """
    records: list[Json] = []
    kinds: list[str] = []
    found: set[str] = set()
    for block in _blocks(rows, _end_of_row(rows, 0) if names else 0):
        columns = list(map(typed, columns_of(block, separator), repeat(found)))
        now = list(map(_kind, columns))
        kinds = kinds or now
        if now != kinds:
            return None
        records += even_records(columns, names)
    notes |= found
    return records


def even_records(columns: Sequence[Sequence[Json]], names: Sequence[str]) -> list[Json]:
    """Return columns as rows: objects by column name, or lists without names."""
    if not names:
        return list(map(list, zip(*columns, strict=True)))
    empty: dict[str, Json] = dict.fromkeys(names)
    records: list[Json] = [empty.copy() for _ in columns[0]]
    for name, column in zip(names, columns, strict=True):
        for record, cell in zip(records, column, strict=True):
            record[name] = cell
    return records


def _blocks(rows: str, start: int) -> Iterator[str]:
    """Yield blocks of whole rows, beginning with the row at index `start`."""
    while start < len(rows):
        end = _end_of_row(rows, start + _BLOCK_CHARACTERS)
        yield rows[start : end - 1]
        start = end


def _end_of_row(rows: str, at: int) -> int:
    """Return the index after a row and its line feed, which the last row does not have."""
    end = rows.find("\n", at)
    return len(rows) + 1 if end < 0 else end + 1


def _kind(column: Sequence[Json]) -> str:
    """Return the type of a typed column: string, boolean or number."""
    # One cell is enough: a column has one type
    kind = kind_of(next(filter(partial(is_not, None), column)))
    return "number" if kind == "integer" else kind
