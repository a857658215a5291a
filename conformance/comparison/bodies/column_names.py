"""Decide which row of a table has the column names: these are its shape, even without other rows.

A single line without a separator is a table of one column only beside another such table.  Beside a
wider table, it is a message or a page that is labelled as a table.
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
"""A body that begins and ends like a document in markup."""
_ROWS_WITH_NAMES: Final = 2
"""The rows among which the names may be: a line such as `sep=;` may come before them."""


def as_tables(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two bodies that are labelled as tables, each read as what it is beside the other.

    One becomes text if it is no table beside the other.  A table loses its header if that is the
    first row of the other one: then a row of texts was mistaken for a header.
    """
    if {a.kind, b.kind} != {TABLE}:
        return a, b
    first, second = _is_no_table(a, b), _is_no_table(b, a)
    if first == second:
        return _without_row_as_header(a, b), _without_row_as_header(b, a)
    return (_as_text(a), b) if first else (a, _as_text(b))


def _without_row_as_header(body: Body, other: Body) -> Body:
    """Return a table without its header if that is the first row, but no header, in `other`."""
    header = body.value.get(HEADER)
    has_another = other.value.get(HEADER, header) != header
    is_first_row = [header] == list(map(cells_of, other.value[ROWS][:1]))
    return without_header(body) if has_another and is_first_row else body


def _is_no_table(body: Body, other: Body) -> bool:
    """Return whether a body that was read as a table is no table beside the other one."""
    if _PAGE.fullmatch(body.raw):
        return True
    lines = (HEADER in body.value) + len(body.value[ROWS])
    return lines == width_of(body) == 1 < width_of(other)


def _as_text(body: Body) -> Body:
    """Return a body as text that is no table."""
    return Body(kind=TEXT, raw=body.raw, text=body.as_text, misfit="no table", notes=())


def with_headers(a: Body, b: Body, read: tuple[Body, Body]) -> tuple[Body, Body]:
    """Return two tables; if only one was read with a header, its header is put beside its rows.

    `read` are the tables as they were read, `a` and `b` the same as rows of cells.  If both begin
    with the same row, nothing changes: then only the labels disagree whether it is a header.
    """
    first, second = HEADER in read[0].value, HEADER in read[1].value
    if first == second or a.value[ROWS][:1] == b.value[ROWS][:1]:
        return a, b
    return (_header_apart(a, *read), b) if first else (a, _header_apart(b, *read[::-1]))


def _header_apart(body: Body, read: Body, other: Body) -> Body:
    """Return a table whose first row is its header, with the header apart from the rows.

    The row also stays among the rows if one of the other table's first rows has some of its names:
    that row was not read as a header, as a name in it is empty or a line comes before it.
    """
    names = read.value[HEADER]
    first_rows = other.value[ROWS][:_ROWS_WITH_NAMES]
    is_row_of_both = not set(names).isdisjoint(chain.from_iterable(first_rows))
    rows = body.value[ROWS] if is_row_of_both else body.value[ROWS][1:]
    sent = body.sent and _header_apart(body.sent, read, other)
    return replace(body, value={HEADER: names, ROWS: rows}, sent=sent)
