"""Pairs elements by id in lists of one length that are moved, as on a page that starts later.

Ids are used only if elements with the same id have at least as many equal members as elements at
the same index.  So events that are only renumbered are still paired by index.  Elements without an
id, such as a total beside items, are not counted.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from conformance.comparison.budget import check
from conformance.comparison.idioms.member_names import normalised
from conformance.comparison.values.common_order import Match
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import equal_members
from conformance.comparison.values.own_ids import IdsOfTwo, shared_ids
from conformance.comparison.values.partners import Partners, partners_by_ids


def partners_by_moved_ids(x: Sequence[Json], y: Sequence[Json]) -> Partners | None:
    """Return the partners of two lists of one length by their ids.

    Return None if equal ids have equal indexes, or if the ids fit worse than the indexes. Elements
    without id or partner are paired in order, if both lists have equally many of them.
    """
    ids = shared_ids(x, y)
    # equal ids at equal indexes: nothing was moved
    if ids is None or ids.first.values == ids.second.values:
        return None
    # ids that are repeated in both lists do not identify an element
    if not ids.unique_in_one:
        return None
    found = partners_by_ids(x, y, ids)
    is_moved = found.on_side(0) != found.on_side(1)
    if not is_moved or not _fit_as_well_as_indexes(x, y, ids, found):
        return None
    left_x = set(found.alone(0, len(x))) - ids.first.holders
    left_y = set(found.alone(1, len(y))) - ids.second.holders
    # totals and the like are paired only if both sides have equally many
    if len(left_x) != len(left_y):
        return found
    rest = zip(sorted(left_x), sorted(left_y), strict=True)
    return replace(found, matches=tuple(sorted((*found.matches, *rest))))


def _fit_as_well_as_indexes(
    x: Sequence[Json], y: Sequence[Json], ids: IdsOfTwo, found: Partners
) -> bool:
    """Return whether partners by id have at least as many equal members as partners by index."""
    known_x, known_y = ids.first.holders, ids.second.holders
    together = [(i, j) for i, j in found.matches if i in known_x and j in known_y]
    in_both = known_x & known_y
    by_id = _equal_members(x, y, together, ids.first.name)
    by_index = _equal_members(x, y, zip(in_both, in_both, strict=True), ids.first.name)
    # at least one member must be equal
    return by_id >= max(by_index, 1)


def _equal_members(x: Sequence[Json], y: Sequence[Json], matches: Iterable[Match], ids: str) -> int:
    """Return the number of equal members in all pairs, without the id itself."""
    count = 0
    for i, j in matches:
        check()
        names = map(normalised, equal_members(x[i], y[j]))
        count += sum(name != ids for name in names)
    return count
