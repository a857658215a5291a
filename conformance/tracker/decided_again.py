"""What new rows change in existing rows whose difference has changed.

An existing row loses the places that have changed; one without any place left is rewritten or
removed.  A rewritten row keeps its id, its kind and its opening day, and the side to be changed if
a new side has the same runtimes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import product
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from conformance.ledger.edit import with_fields, with_rows, without_row
from conformance.ledger.row_text import covers_fields, pin_value, row_fields
from conformance.ledger.taken_places import TakenPlace, without
from conformance.model.decision import Decision, DecisionKind, Ledger
from conformance.model.yaml_text import YamlValue
from conformance.verdicts.ledger_check import clashes
from conformance.wording import some


class LedgerChange(Struct, frozen=True, kw_only=True):
    """New rows, and the existing rows that are rewritten under their id, narrowed or removed."""

    new: tuple[Decision, ...]
    rewritten: tuple[Decision, ...]
    narrowed: tuple[Decision, ...]
    removed: tuple[str, ...]
    taken: tuple[TakenPlace, ...]

    @property
    def rows(self) -> tuple[Decision, ...]:
        """Return the rows that were decided: first the rewritten ones, then the new ones."""
        return (*self.rewritten, *self.new)

    def sentences(self) -> Iterator[str]:
        """Yield a sentence for each row that was narrowed or removed."""
        for row in self.narrowed:
            lost = [each for each in self.taken if each.row_id == row.id]
            places = [f"{each.place} in {each.case_id}" for each in lost]
            yield f"{row.id} no longer covers {some(places)}"
        for row_id in self.removed:
            yield f"{row_id} is removed: other rows say what is there now"

    def written(self, raw: bytes, name: str, before: Ledger) -> bytes:
        """Return the text of a ledger after the change."""
        known = before.by_id
        for row in self.narrowed:
            pin = _pin_fields(known[row.id], row)
            fields = {"at": None, **covers_fields(row.covers), **pin}
            raw = with_fields(raw, name, row.id, fields)
        for row in self.rewritten:
            raw = with_fields(raw, name, row.id, _changes(known[row.id], row))
        for row_id in self.removed:
            raw = without_row(raw, name, row_id)
        return with_rows(raw, name, list(map(row_fields, self.new)))


def change_of(
    rows: Iterable[Decision],
    before: Ledger,
    taken: AbstractSet[TakenPlace],
    kind: DecisionKind | None,
    first: int,
) -> LedgerChange:
    """Return the change of a ledger that adds some rows and takes places from others.

    `taken` are the places that existing rows lose.  The new rows have the ids from `first` on.
    """
    left = without(before, taken).by_id
    # A row that loses nothing stays as it is
    losing = set(map(attrgetter("row_id"), taken))
    # Each new row takes the id of at most one row that loses all its places
    decided = list(rows)
    narrowed: list[Decision] = []
    rewritten: list[Decision] = []
    removed: list[str] = []
    for old in before.decisions:
        if old.id not in losing:
            continue
        if old.id in left:
            narrowed.append(left[old.id])
            continue
        row = _in_place_of(old, decided)
        if row is None:
            removed.append(old.id)
            continue
        decided.remove(row)
        rewritten.append(_again(row, old, kind))
    numbered = enumerate(decided, start=first)
    return LedgerChange(
        new=tuple(replace(row, id=f"D-{number:03d}") for number, row in numbered),
        rewritten=tuple(rewritten),
        narrowed=tuple(narrowed),
        removed=tuple(removed),
        taken=tuple(sorted(taken)),
    )


def in_the_way(rows: Sequence[Decision], ledger: Ledger) -> set[TakenPlace]:
    """Return the places of rows in a ledger at which new rows would claim the same finding."""
    taken: set[TakenPlace] = set()
    for known, row in product(ledger.differences, rows):
        taken.update(TakenPlace(known.id, *at) for at in clashes(row, known))
    return taken


def _in_place_of(old: Decision, rows: Iterable[Decision]) -> Decision | None:
    """Return the new row that takes the id of an existing one without places, or None.

    It shares a case with the existing row, and also the cause if any new row does.
    """
    cases = frozenset(old.where)
    there = [row for row in rows if not cases.isdisjoint(row.where)]
    # Rows with another cause are last
    return min(there, key=lambda row: row.cause != old.cause, default=None)


def _again(row: Decision, old: Decision, kind: DecisionKind | None) -> Decision:
    """Return a new row under the id of the existing row that it replaces."""
    side_of = {frozenset(side.runtimes): side.name for side in row.sides}
    same_side = side_of.get(frozenset(old.to_fix))
    return replace(
        row,
        id=old.id,
        kind=kind or old.kind,
        fix=row.fix or same_side,
        opened=old.opened,
        review_by=row.review_by or old.review_by,
    )


def _pin_fields(old: Decision, row: Decision) -> Mapping[str, YamlValue | None]:
    """Return the field `pin` of a narrowed row, if its values by place have changed."""
    if row.pin is None or row.pin == old.pin:
        return {}
    return {"pin": pin_value(row.pin)}


def _changes(old: Decision, row: Decision) -> Mapping[str, YamlValue | None]:
    """Return the fields in which a row differs from the old one; None for a removed field."""
    before = row_fields(old)
    now = row_fields(row)
    gone = before.keys() - now.keys()
    changed = {name: value for name, value in now.items() if before.get(name) != value}
    return {**changed, **dict.fromkeys(gone)}
