"""Whether a row was decided for the values that a matching finding has.

A row without a pin holds for any values.  A row with values by place holds only for those of the
finding's place.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from operator import attrgetter
from typing import Final

from conformance.comparison.idioms.catalogue import OF_ORDER
from conformance.model.decision import Decision
from conformance.model.finding import Finding, Sent
from conformance.model.pin import Pin
from conformance.verdicts.matching import InCase, known_by_side
from conformance.verdicts.same_order import forms_by_order

_TWO_SIDES: Final = 2
"""What one side alone sent belongs to a row with another side of the finding."""


def pin_at(row: Decision, finding: Finding, case: InCase) -> Pin | None:
    """Return the pin of a row at the place of a finding in a case; None for a row without one."""
    if row.pin is None or not row.pin.by_place:
        return row.pin
    return row.pin.at(case.case_id, case.places(row, finding))


def holds(row: Decision, finding: Finding, case: InCase) -> bool:
    """Return whether the pin of a row that matches a finding allows the values of the finding."""
    pin = pin_at(row, finding, case)
    if pin is None:
        return True
    complete = not finding.more_sent
    reordered = OF_ORDER.issuperset(map(attrgetter("idiom"), finding.pairs))
    # A person may have written the value that was sent instead of its lasting form
    forms = [finding.to_pin, finding.sent]
    if reordered:
        forms.extend(forms_by_order(finding, row.runtimes))
    seen = map(partial(_seen, row), dict.fromkeys(forms))
    is_within = partial(pin.holds, complete=complete, reordered=reordered)
    return any(map(is_within, seen))


def leaves_bound(row: Decision, sent: Iterable[Sent]) -> bool:
    """Return whether no form of one occurrence is within the pin of a row."""
    if row.pin is None:
        return False
    seen = (_seen(row, [form]) for form in sent)
    is_within = partial(row.pin.holds, complete=True, reordered=False)
    return not any(map(is_within, seen))


def _seen(row: Decision, sent: Iterable[Sent]) -> list[Mapping[str, frozenset[str]]]:
    """Return what each side of a row sent, by occurrence; those with only one side are left out."""
    by_side = map(partial(known_by_side, row), map(dict, sent))
    return [sides for sides in by_side if len(sides) >= _TWO_SIDES]
