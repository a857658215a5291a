"""The names of a table's columns, which are its shape: they count where no row has a cell, too.

One line without a separator is a table of one column only beside another of one column: beside a
wider table, it is a message or a page that is labelled as one.
"""

import re
from itertools import chain
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.cells import HEADER, ROWS
from conformance.comparison.bodies.kind_names import TABLE, TEXT
from conformance.comparison.bodies.table import cells_of, width_of, without_header

_PAGE: Final = re.compile(rb"\s*+<[a-zA-Z!?].*>\s*", re.DOTALL)
"""What begins and ends as a document in markup does."""
_ROWS_WITH_NAMES: Final = 2
"""One line may stand before the names: `sep=;`."""


def as_tables(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two bodies as what they are beside each other, where both labels say tables.

    One is text if it is no table beside the other.  One has no header if it begins with the first
    row of the other: a row of texts was taken for one.
    """
    if {a.kind, b.kind} != {TABLE}:
        return a, b
    first, second = _is_message(a, b), _is_message(b, a)
    if first == second:
        return _without_row_as_header(a, b), _without_row_as_header(b, a)
    return (_as_text(a), b) if first else (a, _as_text(b))


def _without_row_as_header(body: Body, other: Body) -> Body:
    """Return a table without its header where this is the first row of one with another header."""
    header = body.value.get(HEADER)
    has_another = other.value.get(HEADER, header) != header
    is_first_row = [header] == list(map(cells_of, other.value[ROWS][:1]))
    return without_header(body) if has_another and is_first_row else body


def _is_message(body: Body, other: Body) -> bool:
    """Return whether a body that was read as a table is none beside another one."""
    if _PAGE.fullmatch(body.raw):
        return True
    lines = (HEADER in body.value) + len(body.value[ROWS])
    return lines == width_of(body) == 1 < width_of(other)


def _as_text(body: Body) -> Body:
    return Body(kind=TEXT, raw=body.raw, text=body.as_text, misfit="no table", notes=())


def with_headers(a: Body, b: Body, read: tuple[Body, Body]) -> tuple[Body, Body]:
    """Return two tables with the header that only one has, as they were read, apart from its rows.

    A first row that both have is no difference of theirs: only one label may call it a header.
    """
    first, second = HEADER in read[0].value, HEADER in read[1].value
    if first == second or a.value[ROWS][:1] == b.value[ROWS][:1]:
        return a, b
    return (_header_apart(a, *read), b) if first else (a, _header_apart(b, *read[::-1]))


def _header_apart(body: Body, read: Body, other: Body) -> Body:
    """Return a table of rows, of which the first is the header, with the header by itself.

    It stays a row, too, where the other table has its names in a row: that is no header, as a name
    in it is empty or a line is before it.
    """
    names = read.value[HEADER]
    first_rows = other.value[ROWS][:_ROWS_WITH_NAMES]
    is_row_of_both = not set(names).isdisjoint(chain.from_iterable(first_rows))
    rows = body.value[ROWS] if is_row_of_both else body.value[ROWS][1:]
    sent = body.sent and _header_apart(body.sent, read, other)
    return replace(body, value={HEADER: names, ROWS: rows}, sent=sent)
