"""Lists of one length in which elements with one id stand at two indexes, as after a shifted page.

The ids must show that they tell the truth: elements that they put together have as many equal
members as those at one index.  So events that are only numbered otherwise still go by index.  What
has no id, as a total beside the things that it counts, says nothing about the others.
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

    None where elements with one id stand at one index, or have less in common than those that do.
    What has no id, and no partner by what it says, goes by index among its like, if either list has
    as many of it.
    """
    ids = shared_ids(x, y)
    # the same ids at the same indexes: nothing was moved
    if ids is None or ids.first.values == ids.second.values:
        return None
    # ids that both lists repeat say little of which element is which
    if not ids.unique_in_one:
        return None
    found = partners_by_ids(x, y, ids)
    is_moved = found.on_side(0) != found.on_side(1)
    if not is_moved or not _tell_the_truth(x, y, ids, found):
        return None
    left_x = set(found.alone(0, len(x))) - ids.first.holders
    left_y = set(found.alone(1, len(y))) - ids.second.holders
    # totals and the like are paired only where both sides have as many
    if len(left_x) != len(left_y):
        return found
    rest = zip(sorted(left_x), sorted(left_y), strict=True)
    return replace(found, matches=tuple(sorted((*found.matches, *rest))))


def _tell_the_truth(x: Sequence[Json], y: Sequence[Json], ids: IdsOfTwo, found: Partners) -> bool:
    """Return whether what ids put together has as much in common as what is at one index."""
    known_x, known_y = ids.first.holders, ids.second.holders
    together = [(i, j) for i, j in found.matches if i in known_x and j in known_y]
    in_both = known_x & known_y
    by_id = _equal_members(x, y, together, ids.first.name)
    by_index = _equal_members(x, y, zip(in_both, in_both, strict=True), ids.first.name)
    # where nothing is equal, ids show nothing
    return by_id >= max(by_index, 1)


def _equal_members(x: Sequence[Json], y: Sequence[Json], matches: Iterable[Match], ids: str) -> int:
    """Return how many members are equal in partners, their ids aside."""
    count = 0
    for i, j in matches:
        check()
        names = map(normalised, equal_members(x[i], y[j]))
        count += sum(name != ids for name in names)
    return count
