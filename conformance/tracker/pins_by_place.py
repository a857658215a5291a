"""Rewrites pins with one list of combinations for several places, as values by place.

The old form accepts at each place what only another place showed.  A saved run shows the values of
each place.  A place that the run does not show keeps all combinations; people narrow it.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from conformance.judging import judge_record
from conformance.ledger.edit import with_fields
from conformance.ledger.file import pin_of
from conformance.ledger.pin_check import covered_places, is_wide
from conformance.ledger.row_text import pin_value
from conformance.model.decision import Decision, Ledger, concerning
from conformance.model.finding import Finding
from conformance.model.pin import Pin, PinnedPlace, PinnedValues, pin_of_places
from conformance.model.verdict import CaseResult, Judgement
from conformance.suites.document import parse_document
from conformance.suites.nodes import Node, items, members, text
from conformance.verdicts.held_values import leaves_bound
from conformance.verdicts.matching import InCase, matches

_CasePlace = tuple[str, str]


class PinByPlace(Struct, frozen=True):
    """The id of a rewritten row, and the `(case, place)` pairs that the run did not show."""

    id: str
    unknown: tuple[_CasePlace, ...]


def spread(raw: bytes, name: str) -> tuple[bytes, tuple[str, ...]]:
    """Return a ledger with all listed combinations at each place, and the changed ids."""
    rows = items(members(parse_document(raw, name)).get("decisions"))
    wide = [members(row) for row in rows if is_wide(members(row))]
    ids = tuple(text(given.get("id")) for given in wide)
    for row_id, given in zip(ids, wide, strict=True):
        raw = with_fields(raw, name, row_id, {"pin": pin_value(_spread(given))})
    return raw, ids


def _spread(given: Mapping[str, Node]) -> Pin:
    values = pin_of(given["pin"]).values
    places = (PinnedPlace(*at, values) for at in sorted(covered_places({**given})))
    return Pin(by_place=tuple(places))


def narrowed(
    raw: bytes, name: str, rows: Iterable[Decision], run: Path | None
) -> tuple[bytes, list[PinByPlace]]:
    """Return a ledger in which each place of some rows keeps the values that a saved run shows.

    Without a run, all values stay.  The second result has the changed rows.
    """
    values = _ShownValues(rows)
    if run is not None:
        # Decisions do not matter here, and a full ledger could refuse the run
        judge_record(run, Ledger(), folds=(values,))
    done: list[PinByPlace] = []
    for row, pin, unknown in values.pins():
        fields = {"pin": pin_value(pin)}
        raw = with_fields(raw, name, row.id, fields)
        done.append(PinByPlace(row.id, unknown))
    return raw, done


class _ShownValues:
    """Takes judged cases and finds which listed values each place of some rows shows."""

    def __init__(self, rows: Iterable[Decision]) -> None:
        self._rows = list(rows)
        self._shown: dict[tuple[str, str, str], dict[PinnedValues, None]] = {}

    def add(self, result: CaseResult, _: Judgement) -> None:
        """Note which listed values one judged case shows."""
        case = InCase(result.case_id, len(result.requests))
        concerned = concerning(self._rows, result.case_id)
        for row, finding in product(concerned, result.comparison.findings):
            if matches(row, finding, case):
                self._note(row, finding, case)

    def _note(self, row: Decision, finding: Finding, case: InCase) -> None:
        accepted = dict.fromkeys(_shown_in(row, finding))
        for place in case.places(row, finding):
            at = row.id, case.case_id, place
            self._shown.setdefault(at, {}).update(accepted)

    def pins(self) -> Iterator[tuple[Decision, Pin, tuple[_CasePlace, ...]]]:
        """Yield `(row, pin by place, places that no case showed)`."""
        for row in self._rows:
            kept: list[PinnedPlace] = []
            unknown: list[_CasePlace] = []
            by_place = row.pin.by_place if row.pin else ()
            for pinned in by_place:
                values = self._shown.get((row.id, pinned.case, pinned.place))
                if values:
                    kept.append(replace(pinned, values=tuple(values)))
                    continue
                kept.append(pinned)
                unknown.append((pinned.case, pinned.place))
            yield row, pin_of_places(kept), tuple(unknown)


def _shown_in(row: Decision, finding: Finding) -> Iterator[PinnedValues]:
    """Yield the listed combinations that an occurrence in a finding has."""
    forms = list(zip(finding.sent, finding.to_pin, strict=True))
    combinations = row.pin.combinations if row.pin else ()
    for values in combinations:
        alone = replace(row, pin=Pin(values=(values,)))
        is_shown_nowhere = all(leaves_bound(alone, form) for form in forms)
        if not is_shown_nowhere:
            yield values
