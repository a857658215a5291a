"""At which indexes the elements of two lists of one length are not equal."""

from collections.abc import Sequence
from itertools import compress, count
from operator import is_not, ne
from typing import Final, NamedTuple

from conformance.comparison.values.json_encoding import canonical_each
from conformance.comparison.values.last_asked import LastAsked
from conformance.comparison.values.lossless_json import Json


class Unequal(NamedTuple):
    """The indexes at which two lists have unequal elements, and the canonical bytes of these."""

    indexes: list[int]
    marks: list[bytes]
    others: list[bytes]


def _unequal_elements(x: Sequence[Json], y: Sequence[Json]) -> Unequal:
    """Return where two lists of one length differ; what is one object is not written out for it."""
    two = list(map(is_not, x, y))
    marks, others = canonical_each(list(compress(x, two))), canonical_each(list(compress(y, two)))
    differ = list(map(ne, marks, others))
    return Unequal(
        list(compress(compress(count(), two), differ)),
        list(compress(marks, differ)),
        list(compress(others, differ)),
    )


unequal_elements: Final = LastAsked(_unequal_elements, 1)
"""Gives where two lists of one length differ: asked for by order, and for a shift."""
