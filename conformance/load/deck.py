"""The choice of scenarios: it depends on the seed and on the number of a scenario only.

So every way to drive a load, on one machine or on several, goes through the same scenarios with the
same rows.
"""

import bisect
import datetime as dt
import hashlib
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from conformance.errors import UNREADABLE_JSON, Place, UsageError
from conformance.load.plan import Scenario
from conformance.model.case import FRESH, Case
from conformance.model.expectation import (
    AnyOf,
    Elements,
    Expectation,
    Has,
    Matcher,
    Members,
    Named,
    Not,
)
from conformance.model.made_value import MadeValues, fresh_text
from conformance.model.template import KnownName, known_text
from conformance.suites.reading import ROW

# The number of values of six bytes, from which a share between 0 and 1 is made
_SHARES: Final = 1 << 48


class Hand(Struct, frozen=True, kw_only=True):
    """One scenario for a user: its index, and the names that are known before its first step."""

    scenario: int
    known: dict[str, KnownName]


class Deck:
    """Deals hands by their numbers; the fresh names depend on `run_id`."""

    def __init__(
        self, scenarios: Sequence[Scenario], rows: Sequence[bytes], seed: int, run_id: str
    ) -> None:
        self._rows, self._seed, self._run_id = rows, seed, run_id
        self._weights = list(itertools.accumulate(scenario.weight for scenario in scenarios))
        self._cases = [scenario.case for scenario in scenarios]
        self._began = dt.datetime.now(dt.UTC)
        self._fresh = [scenario.case.fresh_names for scenario in scenarios]
        self._members = [_row_members(scenario.case) for scenario in scenarios]
        for members in self._members if rows else ():
            _refuse_unknown(members, msgspec.json.decode(rows[0]))

    def deal(self, number: int) -> Hand:
        """Return the hand with a number; the same number always gives the same scenario and row."""
        chance = hashlib.blake2b(f"{self._seed}:{number}".encode(), digest_size=15).digest()
        share, row_number = int.from_bytes(chance[:6]) / _SHARES, int.from_bytes(chance[6:])
        scenario = bisect.bisect(self._weights, share * self._weights[-1])
        case = self._cases[scenario]
        known = {value.name: value for value in case.vars}
        if case.made_names:
            values = MadeValues(f"{self._run_id}\n{self._seed}\n{number}", self._began)
            known |= {name: values.of(case.id, name) for name in case.made_names}
        for name in self._fresh[scenario]:
            text = fresh_text(name, f"{self._run_id}\n{self._seed}\n{number}\n{name}")
            known[name] = known_text(name, text, identity=name)
        if self._members[scenario]:
            row = msgspec.json.decode(self._rows[row_number % len(self._rows)])
            for member in self._members[scenario]:
                known[member] = _known(member, row.get(member.removeprefix(ROW)))
        return Hand(scenario=scenario, known=known)


def read_rows(file: Path | None) -> list[bytes]:
    """Return the rows of a file as JSON texts; raises UsageError if the file cannot be used."""
    if file is None:
        return []
    try:
        rows = [line for line in file.read_bytes().splitlines() if line.strip()]
        first = msgspec.json.decode(rows[0]) if rows else None
    except (OSError, *UNREADABLE_JSON) as error:
        raise UsageError(f"its rows cannot be read: {error}", place=Place(str(file))) from error
    if not isinstance(first, dict):
        raise UsageError(
            "wanted rows, each a JSON object on a line of its own", place=Place(str(file))
        )
    return rows


def _refuse_unknown(members: Sequence[str], row: Mapping[str, Any]) -> None:
    for member in members:
        if member.removeprefix(ROW) not in row:
            raise UsageError(
                f"no row has what ${{{member}}} stands for; rows have {', '.join(sorted(row))}"
            )


def _known(name: str, value: Any) -> KnownName:
    if isinstance(value, str):
        return known_text(name, value)
    spelled = msgspec.json.encode(value).decode()
    return KnownName(name=name, text=spelled, json=spelled)


def _row_members(case: Case) -> tuple[str, ...]:
    """Return the names of the form `row:member` that a case uses."""
    used: dict[str, None] = {}
    for step in case.requests:
        used |= dict.fromkeys(step.template.names if step.template is not None else ())
        used |= dict.fromkeys(_named(step.expectation))
    return tuple(name for name in used if name.startswith(ROW) and not name.startswith(FRESH))


def _named(expected: Expectation) -> list[str]:
    pending = [matcher for _, matcher in expected.headers]
    pending += [matcher for matcher in (expected.json, expected.body) if matcher is not None]
    found = []
    while pending:
        matcher = pending.pop()
        if isinstance(matcher, Named):
            found.append(matcher.name)
        pending += _within(matcher)
    return found


def _within(matcher: Matcher) -> Sequence[Matcher]:
    match matcher:
        case AnyOf(options=inner) | Elements(elements=inner):
            return inner
        case Members(members=members):
            return [value for _, value in members]
        case Not(refused=inner) | Has(element=inner):
            return [inner]
    return ()
