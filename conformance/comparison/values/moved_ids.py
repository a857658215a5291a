"""Lists of one length in which elements with one id stand at two indexes, as after a shifted page.

The ids must show that they tell the truth: elements that they put together have as many equal
members as those at one index.  So events that are only numbered otherwise still go by index.
"""

from collections.abc import Iterable, Sequence

from conformance.comparison.budget import check
from conformance.comparison.idioms.member_names import is_no_text, normalised
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.own_ids import shared_ids
from conformance.comparison.values.partners import Match, Partners, partners_by_ids


def partners_by_moved_ids(x: Sequence[Json], y: Sequence[Json]) -> Partners | None:
    """Return the partners of two lists of one length by their ids.

    None where elements with one id stand at one index, or have less in common than those that do.
    """
    ids = shared_ids(x, y)
    if ids is None or not (ids[0].unique or ids[1].unique) or ids[0].values == ids[1].values:
        return None
    found = partners_by_ids(x, y, ids)
    if all(i == j for i, j in found.matches):
        return None
    by_id = _equal_members(x, y, found.matches, ids[0].name)
    by_index = _equal_members(x, y, zip(range(len(x)), range(len(y)), strict=True), ids[0].name)
    return found if by_id and by_id >= by_index else None


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
