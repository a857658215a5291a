"""Places that are removed from rows, because another row decides what has changed there."""

from collections import defaultdict
from collections.abc import Set as AbstractSet

from msgspec import Struct
from msgspec.structs import replace

from conformance.errors import TrackerError
from conformance.model.decision import Decision, Ledger


class TakenPlace(Struct, frozen=True, order=True):
    """A place of a row in a case, as the row writes it."""

    row_id: str
    case_id: str
    place: str


def without(ledger: Ledger, taken: AbstractSet[TakenPlace]) -> Ledger:
    """Return a ledger whose rows no longer cover the given places.

    A row without any place left is removed.

    Raises TrackerError for a row with patterns: a single place cannot be removed from a pattern.
    """
    gone_from: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for each in taken:
        gone_from[each.row_id].add((each.case_id, each.place))
    rows: list[Decision] = []
    for row in ledger.decisions:
        left = _without(row, gone_from[row.id])
        if left is not None:
            rows.append(left)
    return replace(ledger, decisions=tuple(rows))


def _without(row: Decision, gone: AbstractSet[tuple[str, str]]) -> Decision | None:
    """Return a row without the given `(case, place)` pairs; None if it has no place left."""
    if not gone:
        return row
    # A pattern covers later cases, too: a single place cannot be removed from it
    if row.grows:
        case_id, place = min(gone)
        raise TrackerError(
            f"{row.id} covers {place} in {case_id} by a pattern, so it cannot be taken out of it",
            hint=f"change {row.id} by hand, or write its cases and places without patterns",
        )
    left: dict[str, set[str]] = {}
    for case_id in row.where:
        gone_here = {place for case, place in gone if case == case_id}
        kept = row.places_in(case_id) - gone_here
        if kept:
            left[case_id] = set(kept)
    if not left:
        return None
    return row.covering(left)
