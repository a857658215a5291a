"""The cells of a table, split from its text: by column where all rows are of one width."""

import csv
import io
from collections.abc import Set as AbstractSet
from itertools import repeat
from operator import itemgetter, methodcaller
from typing import Final, TypeVar

from msgspec import Struct, field

from conformance.comparison.bodies.body import UnreadableBodyError

_MAX_CELL_CHARACTERS: Final = 1 << 30
"""What bounds a body bounds its cells; the reader of the library takes quoted ones of 128 KiB by
itself.
"""
csv.field_size_limit(_MAX_CELL_CHARACTERS)
MAX_COLUMNS: Final = 10_000
"""More are no table, and would make a wide row of each line."""
BLANK_ROWS: Final = "blank-rows"
INVALID_TABLE: Final = "invalid-table"
_Row = TypeVar("_Row", str, list[str])


class Cells(Struct, kw_only=True):
    """The cells of a table: by column where all rows are of one width, else by row.

    One of the two is empty.
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
        """Leave the first row out."""
        del self.rows[:1]
        for column in self.columns:
            del column[0]


def quoted_cells(text: str, separator: str, notes: set[str]) -> Cells:
    """Return the cells of a table with quotes; raises UnreadableBodyError where it is none."""
    rows = _not_blank(_quoted_rows(text, separator), notes)
    widths = set(map(len, rows))
    _check_widths(widths)
    return _cells(rows, widths)


def plain_cells(text: str, separator: str, notes: set[str]) -> Cells:
    """Return the cells of a table without quotes; raises UnreadableBodyError where it is none."""
    lines = _not_blank(text.split("\n"), notes)
    widths = {count + 1 for count in set(map(str.count, lines, repeat(separator)))}
    # before a line is split: one of separators alone would be a list of as many texts
    _check_widths(widths)
    return _cells(list(map(methodcaller("split", separator), lines)), widths)


def _check_widths(widths: AbstractSet[int]) -> None:
    """Raise UnreadableBodyError unless rows of some widths may be of a table."""
    if not widths:
        raise UnreadableBodyError("no rows of a table")
    if max(widths) > MAX_COLUMNS:
        raise UnreadableBodyError(f"more than {MAX_COLUMNS} columns")


def _cells(rows: list[list[str]], widths: AbstractSet[int]) -> Cells:
    if len(widths) > 1:
        return Cells(rows=rows)
    return Cells(columns=list(map(list, zip(*rows, strict=True))))


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
    return list(filter(None, rows))
