"""Find the causes that the ledger already decides, at any place.

They are not reported, and they do not hide others. A row of the ledger names cases, but `fuzz`
sends other ones. So a row counts at its places in any case; the row of an idiom counts at any place
of a body, because an idiom is one cause at all places.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from msgspec.structs import replace

from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.errors import LedgerError
from conformance.fuzzing.probe import SUITE
from conformance.model.decision import Decision, Ledger, RowCoverage, live_rows
from conformance.model.finding import Finding
from conformance.model.pin import Pin
from conformance.verdicts.coverage import standings_of
from conformance.verdicts.matching import InCase, is_named

# Random probes grow to 8 steps, and a row names each step that it is about
_MOST_STEPS: Final = 9
_ANY_PLACE: Final = "$.**"
_STEP_PREFIX: Final = re.compile("^step .*?: ")


class KnownRows:
    """The live rows of a ledger, each extended to every case."""

    def __init__(self, ledger: Ledger) -> None:
        by_signature = {_signature(row): row for row in live_rows(ledger.differences)}
        self._rows = list(map(_everywhere, by_signature.values()))

    def decide(self, finding: Finding, steps: int) -> bool:
        """Return whether the rows decide a finding; `steps` is the number of steps of its case.

        If two rows are about the finding, which is an error in a ledger, it is enough that one of
        them decides it.
        """
        # Most rows are about another cause, and those decide nothing
        rows = list(filter(partial(is_named, finding=finding), self._rows))
        case = InCase(f"{SUITE}/known", steps)
        try:
            return _known(finding, case, rows)
        except LedgerError:
            return any(_known(finding, case, [row]) for row in rows)


def _known(finding: Finding, case: InCase, rows: Sequence[Decision]) -> bool:
    return standings_of([finding], case, Ledger(decisions=tuple(rows)))[0].known


def _signature(row: Decision) -> tuple[object, ...]:
    return row.cause, row.code, row.sides, row.fix, _bare_places(row)


def _bare_places(row: Decision) -> tuple[str, ...]:
    places = {_STEP_PREFIX.sub("", place) for place in row.places}
    if row.cause in BY_NAME:
        places.add(_ANY_PLACE)
    return tuple(sorted(places))


def _everywhere(row: Decision) -> Decision:
    """Return the row extended to its places in every step of every case, with any values."""
    places = tuple(dict.fromkeys(_in_steps(_bare_places(row))))
    pin = Pin(any=True) if row.pin is not None else None
    return replace(row, covers=(RowCoverage(("*",), places),), grows=True, pin=pin)


def _in_steps(places: Iterable[str]) -> Iterator[str]:
    for place in places:
        yield place
        yield from (f"step {at}: {place}" for at in range(1, _MOST_STEPS + 1))
