"""Share the rows that two tables have in common, so that their cells need not be compared."""

from collections.abc import Sequence
from operator import and_, eq
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.cells import HEADER, ROWS

_SEVERAL: Final = 2
"""The least number of columns: with fewer, a line does not show what separates cells."""
_SIGNS_OF_OTHER_ROWS: Final = (b'"', b"\r", b"\0")
"""With any of these bytes, lines may not be rows: quotes, CR, or the zero bytes of UTF-16."""


def with_same_rows(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two tables with one header; rows whose lines are equal are one object in both.

    The caller makes sure that columns have one type in both, so that equal lines have equal values.
    Lines with other letters than ASCII are not shared, as the labels may differ in charset.
    """
    lines, others = _lines(a), _lines(b)
    if not 0 < len(lines) == len(others):
        return a, b
    is_one_header = (lines[0], a.value[HEADER]) == (others[0], b.value[HEADER])
    if not is_one_header:
        return a, b
    same = list(map(and_, map(eq, lines, others), map(bytes.isascii, lines)))
    same.pop(0)  # Without the header
    both = zip(same, a.value[ROWS], b.value[ROWS], strict=True)
    rows = [row if is_same else other for is_same, row, other in both]
    return a, replace(b, value={**b.value, ROWS: rows})


def _lines(body: Body) -> Sequence[bytes]:
    """Return the lines of a table if each is a row, else nothing.

    A quoted cell may contain a line end, and a blank line is no row.
    """
    names = body.value.get(HEADER, ())
    if len(names) < _SEVERAL or any(map(body.raw.__contains__, _SIGNS_OF_OTHER_ROWS)):
        return ()
    lines = body.raw.rstrip(b"\n").split(b"\n")
    is_a_row_a_line = len(lines) == len(body.value[ROWS]) + 1
    return lines if is_a_row_a_line else ()
