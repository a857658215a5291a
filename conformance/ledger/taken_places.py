"""Places that are taken out of rows, because another row is to decide there what has changed."""

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
    """Return a ledger whose rows no longer cover some places.

    A row that has none left is not in it.

    Raises TrackerError for a row with patterns: no single place can be taken out of these.
    """
    gone_from: dict[str, set[tuple[str, str]]] = {}
    for each in taken:
        gone_from.setdefault(each.row_id, set()).add((each.case_id, each.place))
    rows = (_without(row, gone_from.get(row.id, set())) for row in ledger.decisions)
    return replace(ledger, decisions=tuple(row for row in rows if row is not None))


def _without(row: Decision, gone: AbstractSet[tuple[str, str]]) -> Decision | None:
    """Return a row without some places, each with its case; None if it has none left."""
    if not gone:
        return row
    if row.grows:
        case_id, place = min(gone)
        raise TrackerError(
            f"{row.id} covers {place} in {case_id} by a pattern, so it cannot be taken out of it",
            hint=f"change {row.id} by hand, or write its cases and places without patterns",
        )
    left: dict[str, set[str]] = {}
    for case_id in row.where:
        kept = {place for place in row.places_in(case_id) if (case_id, place) not in gone}
        if kept:
            left[case_id] = kept
    return row.covering(left) if left else None
