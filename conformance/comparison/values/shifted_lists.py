"""Pairs the elements of lists of one length that are shifted, as on a page that starts later.

More elements must be equal in that order than at the same index, and at least half of all, because
a few may be equal by chance.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from conformance.comparison.values.json_encoding import canonical_each
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.own_ids import shared_ids
from conformance.comparison.values.partners import Partners, partners_in_order
from conformance.comparison.values.unequal_elements import unequal_elements

_ENOUGH_IN_COMMON: Final = 0.5
"""The least share of elements that must be equal."""
_ENOUGH_ELEMENTS: Final = 2
"""The least number of elements that must be equal."""


def partners_after_a_shift(x: Sequence[Json], y: Sequence[Json]) -> Partners | None:
    """Return the partners of two lists of one length, one of which is the other one shifted.

    Return None if elements are paired better by index, or if they have ids.  The result does not
    depend on which list comes first.
    """
    indexes, first, second = unequal_elements(x, y)
    at_one_index = len(x) - len(indexes)
    wanted = max(at_one_index + 1, _ENOUGH_ELEMENTS, len(x) * _ENOUGH_IN_COMMON)
    in_common = at_one_index + (Counter(first) & Counter(second)).total()
    if in_common < wanted or shared_ids(x, y) is not None:
        return None
    # of two equally good results, take the one that does not depend on the side
    found = partners_in_order(x, y) if first < second else partners_in_order(y, x).swapped()
    if found.moved:
        return None
    marks, others = canonical_each(list(x)), canonical_each(list(y))
    equal = sum(marks[i] == others[j] for i, j in found.matches)
    return found if equal >= wanted else None
