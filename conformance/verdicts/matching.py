"""When a finding is the difference that a ledger row is about.

A row's two sides are read as sides of a finding: it matches where every runtime of the one differs from every runtime of
the other just as its signature says.  Which of them is called odd does not matter.  A finding is decided when its rows
cover every runtime in it.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import combinations

from conformance.errors import LedgerError
from conformance.model.decision import Decision, DecisionState, Ledger
from conformance.model.finding import Finding, SidePair

_PLACE_WORDS = ("header ", "note ")
"""What a place says before the name of a field or a note; rows may leave it out."""


def matching_rows(finding: Finding, case_id: str, ledger: Ledger) -> tuple[Decision, ...]:
    """Return the rows that decide a finding together, none where a runtime is left; raises LedgerError for rivals.

    Open and accepted rows go before done ones, which a finding matches only as a regression.
    """
    rows = [row for row in ledger.decisions if row.concerns(case_id) and matches(row, finding)]
    live = [row for row in rows if row.state is not DecisionState.DONE]
    for first, second in combinations(live, 2):
        if _runtimes(first, finding) <= _runtimes(second, finding) or _runtimes(second, finding) <= _runtimes(
            first, finding
        ):
            raise _two_rows(first, second, case_id)
    for candidates in (live, rows):
        covered = frozenset().union(*(_runtimes(row, finding) for row in candidates))
        if covered.issuperset(finding.runtimes):
            return tuple(candidates)
    return ()


def _runtimes(row: Decision, finding: Finding) -> frozenset[str]:
    return frozenset((*row.odd, *row.rest)) & frozenset(finding.runtimes)


def matches(row: Decision, finding: Finding) -> bool:
    """Tell whether a row is about a finding, its `where` aside."""
    if not at_its_place(row, finding):
        return False
    side_of = {name: at for at, side in enumerate(finding.sides) for name in side.runtimes}
    odd, rest = ({side_of[name] for name in names if name in side_of} for names in (row.odd, row.rest))
    return bool(odd and rest) and all(_differ(row, finding, one, other) for one in odd for other in rest)


def _differ(row: Decision, finding: Finding, odd: int, rest: int) -> bool:
    pair = _pair(finding, odd, rest)
    if pair is None or pair.name != row.signature.name:
        return False
    return (pair.fact_of(odd), pair.fact_of(rest)) == (row.signature.odd, row.signature.rest)


def _pair(finding: Finding, one: int, other: int) -> SidePair | None:
    for pair in finding.pairs:
        if {pair.first, pair.second} == {one, other}:
            return pair
    return None


def at_its_place(row: Decision, finding: Finding) -> bool:
    """Tell whether a finding is at the place that a row names, as any of its sides spells it."""
    written = row.signature.path
    places = {finding.place, *(place for side in finding.sides for place in side.places)}
    return written in places or any(f"{word}{written}" in places for word in _PLACE_WORDS)


def same_split(row: Decision, finding: Finding) -> bool:
    """Tell whether a finding parts the runtimes as a row does, whatever the difference."""
    here = frozenset(finding.runtimes)
    sides = {frozenset(side.runtimes) for side in finding.sides}
    return sides == {frozenset(row.odd) & here, frozenset(row.rest) & here}


def check_ledger(ledger: Ledger, known_cases: Iterable[str], runtimes: AbstractSet[str]) -> None:
    """Raise LedgerError for a row about no case at all, and for two rows that could claim one finding of this run."""
    if not ledger.decisions:
        return
    idle = list(ledger.decisions)
    rivals = dict.fromkeys(_rivals(ledger, runtimes), "")
    for case in known_cases:  # which may be many: gone through once, and not kept
        idle = [row for row in idle if not row.concerns(case)]
        for first, second in rivals:
            if first.concerns(case) and second.concerns(case):
                rivals[first, second] = min(case, rivals[first, second] or case)
    if idle:
        raise LedgerError(
            f"{idle[0].id}: no case matches {', '.join(idle[0].where)}",
            place=idle[0].place,
            hint="correct `where`, or remove the row",
        )
    for (first, second), contested in rivals.items():
        if contested:
            raise _two_rows(first, second, contested)


def _rivals(ledger: Ledger, runtimes: AbstractSet[str]) -> Iterator[tuple[Decision, Decision]]:
    """Yield every two live rows about one difference and split of these runtimes."""
    live = [row for row in ledger.decisions if row.state is not DecisionState.DONE]
    for first, second in combinations(live, 2):
        same = first.signature.key == second.signature.key and _sides(first, runtimes) == _sides(second, runtimes)
        if same and all(present for _, present in _sides(first, runtimes)):
            yield first, second


def _sides(row: Decision, present: AbstractSet[str]) -> frozenset[tuple[str, frozenset[str]]]:
    odd, rest = frozenset(row.odd) & present, frozenset(row.rest) & present
    return frozenset({(row.signature.odd, odd), (row.signature.rest, rest)})


def _two_rows(first: Decision, second: Decision, case_id: str) -> LedgerError:
    return LedgerError(
        f"{second.id} and {first.id} claim the same finding of {case_id}",
        place=second.place,
        hint="one difference has one row: merge them, or make `where` disjoint",
    )
