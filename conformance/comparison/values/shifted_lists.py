"""Lists of one length whose equal elements stand in one order at other indexes, as a page one on.

More of them must be equal in that order than at one index, and half of all at least: few equal
elements may be so by chance.
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
_ENOUGH_ELEMENTS: Final = 2


def partners_after_a_shift(x: Sequence[Json], y: Sequence[Json]) -> Partners | None:
    """Return the partners of two lists of one length of which one is the other, shifted.

    None where elements at one index belong together, or have ids, which tell it better.  The same
    list leads either way.
    """
    indexes, first, second = unequal_elements(x, y)
    at_one_index = len(x) - len(indexes)
    wanted = max(at_one_index + 1, _ENOUGH_ELEMENTS, len(x) * _ENOUGH_IN_COMMON)
    in_common = at_one_index + (Counter(first) & Counter(second)).total()
    if in_common < wanted or shared_ids(x, y) is not None:
        return None
    # two ways may be as good: the lesser list leads, whichever side it is on
    found = partners_in_order(x, y) if first < second else partners_in_order(y, x).turned()
    if found.moved:
        return None
    marks, others = canonical_each(list(x)), canonical_each(list(y))
    equal = sum(marks[i] == others[j] for i, j in found.matches)
    return found if equal >= wanted else None
