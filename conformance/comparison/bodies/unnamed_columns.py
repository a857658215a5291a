"""Compare the shape of tables without a header: how many columns, and what cells each has.

Their rows are lists, but unlike the elements of other lists, their cells differ in kind.
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


def single_column_tables(value: Json) -> Iterator[Json]:
    """Yield what is above a table without a header, and each column as a table by itself."""
    rows = value[ROWS]
    yield {name: each for name, each in value.items() if name != ROWS}
    for at in range(max(map(len, rows))):
        cells = map(itemgetter(slice(at, at + 1)), rows)
        yield {ROWS: list(filter(None, cells))}


def of_unlike_widths(a: Json, b: Json) -> tuple[Json, Json] | None:
    """Return a row of each table that differ only in width, or None if the widths are the same.

    The widest rows are compared first.  If they are equally wide, the narrowest are: then some rows
    of one table lack a cell.
    """
    for choose in (max, min):
        first, second = choose(a[ROWS], key=len), choose(b[ROWS], key=len)
        if len(first) != len(second):
            shorter = min(len(first), len(second))
            alike = first[:shorter] + second[shorter:]
            return {ROWS: [first]}, {ROWS: [alike]}
    return None
