"""Find the header of a table: the row with the names of its columns, and the lines above it.

Nothing in a table marks its header.  So a row is one if its cells can be names.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import methodcaller
from typing import Final

from conformance.comparison.bodies.cells import BOOLEANS, HEADER, NUMBER
from conformance.comparison.bodies.label import Label

TABS: Final = frozenset({"text/tab-separated-values", "text/tsv"})
COMMAS: Final = frozenset({"text/csv", "application/csv", "text/x-csv"})
_SEPARATOR_LINE: Final = re.compile(r'"?sep=([,;\t])"?\r?\n', re.IGNORECASE)
"""The line by which a table tells Excel what separates its cells."""
_LINES_OF_ONE_CELL: Final = re.compile(
    r'(?!(?:"")?[^\S\n]*+\n)(?:(?:[^",;\t\n]*+|"[^"\n]*+"\r?)\n)++'
)
"""Lines at the beginning that have no separator; the first one is not blank."""
_SEVERAL: Final = 2
TAB_SEPARATED: Final = "tab-separated"
"""The note on a table with tabs between its cells, of which neither its label nor a line says so.
"""


def header_parameter(label: Label) -> str:
    """Return the `header` parameter of a CSV label: `absent`, `present` or nothing."""
    return label.parameters.get(HEADER, "").lower() if label.media in COMMAS else ""


def header_in(first: list[str], label: Label) -> list[str]:
    """Return the first row if it is a header, else nothing."""
    if header_parameter(label) == "absent" or not is_header(first):
        return []
    return first


def is_header(row: Sequence[str]) -> bool:
    """Return whether the cells of a row can be names: no numbers, and all different.

    The first or the last one may be blank: an index without a name, or a comma too many.
    """
    are_unique = len(set(row)) == len(row)
    are_named = any(map(str.strip, row)) and all(map(str.strip, row[1:-1]))
    return are_unique and are_named and not any(map(_is_number, row))


def keys_of(names: Sequence[str]) -> list[str]:
    """Return what names each column: a name that is there twice gets a number, as `name (2)`.

    Return nothing if another column has that name already.
    """
    keys: list[str] = []
    for at, name in enumerate(names):
        before = names[:at].count(name)
        keys.append(f"{name} ({before + 1})" if before else name)
    return keys if len(set(keys)) == len(keys) else []


def _is_number(cell: str) -> bool:
    return cell.lstrip("-").replace(".", "", 1).isdigit()


def _separator(text: str, label: Label) -> str:
    """Return what separates the cells of a row: a tab, a semicolon or a comma."""
    if label.media in TABS:
        return "\t"
    lines = text.split("\n", _SEVERAL)[:_SEVERAL]
    tabs = list(map(methodcaller("count", "\t"), lines))
    are_tabs = tabs[1:] == tabs[:1] != [0]
    usual = "\t" if are_tabs else ","
    return next(filter(lines[0].__contains__, ",;"), usual)


def split_above(text: str, label: Label, notes: set[str]) -> tuple[str, str, str]:
    """Return the lines above the header of a table, what separates its cells, and the table.

    Lines of one cell are above the header if a row of several names follows, and below it a row as
    long with a number or a boolean.  Without one it is not known which row is the header.  A note
    is added to `notes` if cells are separated by tabs though nothing says so.
    """
    line = _SEPARATOR_LINE.match(text)
    if line:
        return _without_quotes(line[0]), line[1], text[line.end() :]
    above, separator, table = _split_title(text, label)
    if separator == "\t" and label.media not in TABS:
        notes.add(TAB_SEPARATED)
    return above, separator, table


def _split_title(text: str, label: Label) -> tuple[str, str, str]:
    """Return the lines of one cell above a header, what separates cells, and the table."""
    lines = _LINES_OF_ONE_CELL.match(text)
    if lines and not header_parameter(label):
        table = text[lines.end() :]
        separator = _separator(table, label)
        if _begins_with_header(table, separator):
            return _without_quotes(lines[0]), separator, table
    return "", _separator(text, label), text


def _begins_with_header(text: str, separator: str) -> bool:
    """Return whether a text begins with several names, and as many cells that show types."""
    try:
        rows = list(islice(_rows(text, separator), _SEVERAL))
    except csv.Error:
        return False
    widths = list(map(len, rows))
    are_columns = widths[1:] == widths[:1] not in ([], [1])
    return are_columns and is_header(rows[0]) and any(map(_is_typed, rows[1]))


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    """Yield the rows of a text."""
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _is_typed(cell: str) -> bool:
    """Return whether a cell is a number or a boolean."""
    return cell in BOOLEANS or NUMBER.fullmatch(cell) is not None


def _without_quotes(lines: str) -> str:
    """Return lines without the quotes around any."""
    written = lines.removesuffix("\n").split("\n")
    return "\n".join(line.removesuffix("\r").strip('"') for line in written)
