"""Decide which row of a table has the column names: these are its shape, even without other rows.

A single line without a separator is a table of one column only beside another such table.  Beside a
wider table, it is a message or a page that is labelled as a table.
"""

import re
from collections.abc import Sequence
from functools import partial
from itertools import compress, filterfalse
from operator import eq
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.cells import HEADER, ROWS
from conformance.comparison.bodies.header_row import is_header, keys_of
from conformance.comparison.bodies.kind_names import TABLE, TEXT
from conformance.comparison.bodies.table import (
    cells_of,
    width_of,
    with_header_at,
    without_header,
)
from conformance.comparison.values.lossless_json import Json

_PAGE: Final = re.compile(rb"\s*+<[a-zA-Z!?].*>\s*", re.DOTALL)
"""A body that begins and ends like a document in markup."""
_LINES_WITH_NAMES: Final = 2
"""The lines among which the names may be: a title may come before them."""
_Lines = Sequence[Sequence[str]]


def as_tables(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two bodies that are labelled as tables, each read as what it is beside the other.

    One becomes text if it is no table beside the other.  A table gets another header, or none, if
    the other one shows that a line above, or a row of texts, was mistaken for it.
    """
    if {a.kind, b.kind} != {TABLE}:
        return a, b
    first, second = _is_no_table(a, b), _is_no_table(b, a)
    if first == second:
        for read in (_below_a_line, _without_row_as_header, _with_header_beside):
            a, b = read(a, b), read(b, a)
        return a, b
    return (_as_text(a), b) if first else (a, _as_text(b))


def _below_a_line(body: Body, other: Body) -> Body:
    """Return a table with its header in its second line if that is the other table's header.

    The line above has only one cell that is not empty.
    """
    names = other.value.get(HEADER, ())
    lines = _first_lines(body)
    is_title = list(filter(None, lines[0])) == lines[0][:1]
    is_below = [names] == lines[1:] and len(names) > 1 and is_title
    return with_header_at(body, 1) if is_below else body


def _without_row_as_header(body: Body, other: Body) -> Body:
    """Return a table without its header if that is the first row, but no header, in `other`.

    So is a header with an empty cell, if the other table has no header and begins alike.
    """
    header, of_other = body.value.get(HEADER), other.value.get(HEADER)
    if header is None or header == of_other:
        return body
    lines, others = _first_lines(body), _first_lines(other)
    is_weak = "" in header and _begin_alike(lines, others)
    is_row = lines[:1] == others[1:] if of_other else is_weak
    return without_header(body) if is_row else body


def _begin_alike(lines: _Lines, others: _Lines) -> bool:
    """Return whether the first lines of two tables share a cell, or the second ones are equal."""
    shared = compress(lines[0], map(eq, lines[0], others[0]))
    return any(shared) or lines[1:] == others[1:] != []


def _first_lines(body: Body) -> _Lines:
    """Return the first two lines of a table, of which one may be its header."""
    rows = list(map(cells_of, body.value[ROWS][:_LINES_WITH_NAMES]))
    header = list(filter(None, [body.value.get(HEADER)]))
    return [*header, *rows][:_LINES_WITH_NAMES]


def _with_header_beside(body: Body, other: Body) -> Body:
    """Return a table with its first row as its header if that has half of the other one's names.

    It was not read as one, as it has a number, or a name that is there twice.
    """
    names = other.value.get(HEADER)
    if names is None or HEADER in body.value:
        return body
    first = _first_lines(body)[0]
    # A row that can be a header is none if the label says so, or the first row of the other table
    keys = keys_of(first)
    if is_header(first) or not keys or [first] == _first_lines(other)[1:]:
        return body
    # A name that was made here, as `name (2)`, may not be one that the other table has written
    if not set(keys).difference(first).isdisjoint(names):
        return body
    return with_header_at(body, 0) if _has_half(names, first) else body


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

    The row also stays among the rows if one of the other table's first rows has half of its names:
    that row was not read as a header, as its label says so, or nothing names its columns.
    """
    names = read.value[HEADER]
    first_rows = other.value[ROWS][:_LINES_WITH_NAMES]
    below = body.value[ROWS][1:_LINES_WITH_NAMES]
    has_names = partial(_has_half, names)
    is_row_of_both = any(map(has_names, filterfalse(below.__contains__, first_rows)))
    rows = body.value[ROWS] if is_row_of_both else body.value[ROWS][1:]
    sent = body.sent and _header_apart(body.sent, read, other)
    return replace(body, value={**body.value, HEADER: names, ROWS: rows}, sent=sent)


def _has_half(names: Sequence[str], row: Sequence[Json]) -> bool:
    """Return whether a row has at least half of some names."""
    return 2 * len({*names}.intersection(row)) >= len(names)
