"""Split the text of a table into cells: by column if all rows have one width, else by row."""

import csv
import io
from collections.abc import Set as AbstractSet
from itertools import repeat
from operator import itemgetter, methodcaller
from typing import Final, TypeVar

from msgspec import Struct, field

from conformance.comparison.bodies.body import UnreadableBodyError

_MAX_CELL_CHARACTERS: Final = 1 << 30
"""The library's limit for a quoted cell, raised from 128 KiB: the size of a body is limited
already.
"""
csv.field_size_limit(_MAX_CELL_CHARACTERS)
MAX_COLUMNS: Final = 10_000
"""With more columns, a text is no table: each line would become a long row."""
BLANK_ROWS: Final = "blank-rows"
"""The note on blank rows between other rows."""
INVALID_TABLE: Final = "invalid-table"
"""The note on a table whose quotes are wrong."""
_Row = TypeVar("_Row", str, list[str])


class Cells(Struct, kw_only=True):
    """The cells of a table, in `columns` if all rows have one width, else in `rows`.

    The other list is empty.
    """

    columns: list[list[str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    @property
    def first(self) -> list[str]:
        """Return the first row."""
        if self.columns:
            return list(map(itemgetter(0), self.columns))
        return self.rows[0]

    def drop_first(self) -> None:
        """Remove the first row."""
        del self.rows[:1]
        for column in self.columns:
            del column[0]


def quoted_cells(text: str, separator: str, notes: set[str]) -> Cells:
    """Return the cells of a table with quotes; raise UnreadableBodyError if it is no table."""
    rows = _not_blank(_quoted_rows(text, separator), notes)
    widths = set(map(len, rows))
    _check_widths(widths)
    return _cells(rows, widths)


def plain_cells(text: str, separator: str, notes: set[str]) -> Cells:
    """Return the cells of a table without quotes; raise UnreadableBodyError if it is no table."""
    lines = _not_blank(text.split("\n"), notes)
    widths = {count + 1 for count in set(map(str.count, lines, repeat(separator)))}
    # Checked before splitting: a line of only separators would become a huge list
    _check_widths(widths)
    return _cells(list(map(methodcaller("split", separator), lines)), widths)


def _check_widths(widths: AbstractSet[int]) -> None:
    """Raise UnreadableBodyError if there are no rows, or one has too many columns."""
    if not widths:
        raise UnreadableBodyError("no rows of a table")
    if max(widths) > MAX_COLUMNS:
        raise UnreadableBodyError(f"more than {MAX_COLUMNS} columns")


def _cells(rows: list[list[str]], widths: AbstractSet[int]) -> Cells:
    """Return rows as columns if they have one width, else as rows."""
    if len(widths) > 1:
        return Cells(rows=rows)
    return Cells(columns=list(map(list, zip(*rows, strict=True))))


def _quoted_rows(text: str, separator: str) -> list[list[str]]:
    """Return rows of cells, some of which have quotes."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise UnreadableBodyError(f"no table: {error}", INVALID_TABLE) from error


def _not_blank(rows: list[_Row], notes: set[str]) -> list[_Row]:
    """Return the rows that are not blank; add a note if one is between others."""
    while rows and not rows[-1]:
        rows.pop()
    if all(rows):
        return rows
    notes.add(BLANK_ROWS)
    return list(filter(None, rows))
