"""Rows that two tables have in common, found by their lines: then no cell of them is compared."""

from collections.abc import Sequence
from operator import and_, eq
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.cells import HEADER, ROWS

_SEVERAL: Final = 2
_SIGNS_OF_OTHER_ROWS: Final = (b'"', b"\r", b"\0")


def with_same_rows(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two tables of one header; the rows that are one line of both are one object in them.

    The columns must be of one type in both, so that equal lines are read alike.  Other letters than
    ASCII are in the charset of either label.
    """
    lines, others = _lines(a), _lines(b)
    if not 0 < len(lines) == len(others):
        return a, b
    is_one_header = (lines[0], a.value[HEADER]) == (others[0], b.value[HEADER])
    if not is_one_header:
        return a, b
    same = list(map(and_, map(eq, lines, others), map(bytes.isascii, lines)))
    same.pop(0)  # the header's
    both = zip(same, a.value[ROWS], b.value[ROWS], strict=True)
    rows = [row if is_same else other for is_same, row, other in both]
    return a, replace(b, value={**b.value, ROWS: rows})


def _lines(body: Body) -> Sequence[bytes]:
    """Return the lines of a table, of which each is a row; none where another one may be read.

    A quoted cell may have a line end in it, and a blank line is no row.  Of UTF-16 no line can be
    taken alone, and one name says nothing of what parts the cells of a row.
    """
    names = body.value.get(HEADER, ())
    if len(names) < _SEVERAL or any(map(body.raw.__contains__, _SIGNS_OF_OTHER_ROWS)):
        return ()
    lines = body.raw.rstrip(b"\n").split(b"\n")
    is_a_row_a_line = len(lines) == len(body.value[ROWS]) + 1
    return lines if is_a_row_a_line else ()
