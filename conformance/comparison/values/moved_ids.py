"""Lists of one length in which elements with one id stand at two indexes, as after a shifted page.

The ids must show that they tell the truth: elements that they put together have as many equal
members as those at one index.  So events that are only numbered otherwise still go by index.  What
has no id, as a total beside the things that it counts, says nothing about the others.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from conformance.comparison.budget import check
from conformance.comparison.idioms.member_names import is_no_text, normalised
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.own_ids import shared_ids
from conformance.comparison.values.partners import Match, Partners, partners_by_ids


def partners_by_moved_ids(x: Sequence[Json], y: Sequence[Json]) -> Partners | None:
    """Return the partners of two lists of one length by their ids.

    None where elements with one id stand at one index, or have less in common than those that do.
    What has no id, and no partner by what it says, goes by index among its like, if either list has
    as many of it.
    """
    ids = shared_ids(x, y)
    if ids is None or not (ids[0].unique or ids[1].unique) or ids[0].values == ids[1].values:
        return None
    found = partners_by_ids(x, y, ids)
    if all(i == j for i, j in found.matches):
        return None
    known = [{at for at, own in enumerate(each.values) if own is not None} for each in ids]
    together = filter(lambda match: match[0] in known[0] and match[1] in known[1], found.matches)
    at_one_index = [(at, at) for at in sorted(known[0] & known[1])]
    by_id, by_index = (_equal_members(x, y, each, ids[0].name) for each in (together, at_one_index))
    if not by_id or by_id < by_index:
        return None
    left = [sorted({*found.alone(side, len(x))} - known[side]) for side in (0, 1)]
    rest = zip(*left, strict=True) if len(left[0]) == len(left[1]) else ()
    return replace(found, matches=tuple(sorted((*found.matches, *rest))))


def _equal_members(x: Sequence[Json], y: Sequence[Json], matches: Iterable[Match], ids: str) -> int:
    """Return how many members are equal in partners, their ids aside."""
    count = 0
    for i, j in matches:
        check()
        other = y[j]
        count += sum(
            name in other and normalised(name) != ids and canonical(value) == canonical(other[name])
            for name, value in x[i].items()
            if not is_no_text(name, value)
        )
    return count
