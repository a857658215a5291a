"""The columns of a table without a header: how many there are, and the cells of each are its shape.

Its rows are lists, whose elements are not of one kind as those of other lists are.
"""

from collections.abc import Iterator
from operator import itemgetter

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.cells import HEADER, ROWS
from conformance.comparison.bodies.kind_names import TABLE
from conformance.comparison.values.lossless_json import Json


def has_unnamed_columns(body: Body) -> bool:
    """Return whether a body is a table without a header."""
    return body.kind == TABLE and HEADER not in body.value


def columns_of(value: Json) -> Iterator[Json]:
    """Yield the tables of one column that a table of unnamed columns is made of, in their order."""
    rows = value[ROWS]
    for at in range(max(map(len, rows))):
        cells = map(itemgetter(slice(at, at + 1)), rows)
        yield {ROWS: list(filter(None, cells))}


def of_unlike_widths(a: Json, b: Json) -> tuple[Json, Json] | None:
    """Return a row of either table that differ in their width alone; None where no rows do.

    Rows of one width are those of the widest, and where these are as wide those of the narrowest:
    then some rows of one table lack a cell.
    """
    for choose in (max, min):
        first, second = choose(a[ROWS], key=len), choose(b[ROWS], key=len)
        if len(first) != len(second):
            shorter = min(len(first), len(second))
            alike = first[:shorter] + second[shorter:]
            return {ROWS: [first]}, {ROWS: [alike]}
    return None
