"""Finds the unequal elements of two lists of one length."""

from collections.abc import Sequence
from itertools import compress, count
from operator import is_not, ne
from typing import Final, NamedTuple

from conformance.comparison.values.column_cache import ColumnCache
from conformance.comparison.values.json_encoding import canonical_each
from conformance.comparison.values.lossless_json import Json


class Unequal(NamedTuple):
    """The indexes at which two lists have unequal elements, with the canonical bytes of both."""

    indexes: list[int]
    marks: list[bytes]
    others: list[bytes]


def _unequal_elements(x: Sequence[Json], y: Sequence[Json]) -> Unequal:
    """Return the unequal elements of two lists of one length.

    Elements that are the same object are skipped, because encoding takes time.
    """
    two = list(map(is_not, x, y))
    marks, others = canonical_each(list(compress(x, two))), canonical_each(list(compress(y, two)))
    differ = list(map(ne, marks, others))
    return Unequal(
        list(compress(compress(count(), two), differ)),
        list(compress(marks, differ)),
        list(compress(others, differ)),
    )


unequal_elements: Final = ColumnCache(_unequal_elements, 1)
"""Return the unequal elements of two lists of one length; cached for the search for a shift."""
