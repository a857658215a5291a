"""When a finding is the difference that a ledger row is about.

A row's split is restricted to the runtimes that answered.  It matches when the signatures are the same difference and
the split is the same, the fact of each side staying with its runtimes; which side is called odd does not matter.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import combinations

from conformance.errors import LedgerError
from conformance.model.decision import Decision, DecisionState, Ledger
from conformance.model.finding import Finding

_Sides = frozenset[tuple[str, frozenset[str]]]


def matching_row(finding: Finding, case_id: str, present: AbstractSet[str], ledger: Ledger) -> Decision | None:
    """Return the one row that a finding matches; raises LedgerError when two open or accepted rows claim it.

    An open or accepted row goes before a done one, which a finding matches only as a regression.
    """
    rows = [row for row in ledger.decisions if row.concerns(case_id) and matches(row, finding, present)]
    live = [row for row in rows if row.state is not DecisionState.DONE]
    if len(live) > 1:
        raise _two_rows(live[0], live[1], case_id)
    return next(iter(live or rows), None)


def matches(row: Decision, finding: Finding, present: AbstractSet[str]) -> bool:
    """Tell whether a row is about a finding, its `where` aside."""
    signature = finding.signature
    if row.signature.key != signature.key:
        return False
    found: _Sides = frozenset({(signature.odd, frozenset(finding.odd)), (signature.rest, frozenset(finding.rest))})
    return found == _sides(row, present)


def same_split(row: Decision, finding: Finding, present: AbstractSet[str]) -> bool:
    """Tell whether a finding parts the runtimes as a row does, whatever the difference."""
    return {frozenset(finding.odd), frozenset(finding.rest)} == {sides for _, sides in _sides(row, present)}


def _sides(row: Decision, present: AbstractSet[str]) -> _Sides:
    odd, rest = frozenset(row.odd) & present, frozenset(row.rest) & present
    return frozenset({(row.signature.odd, odd), (row.signature.rest, rest)})


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


def _two_rows(first: Decision, second: Decision, case_id: str) -> LedgerError:
    return LedgerError(
        f"{second.id} and {first.id} claim the same finding of {case_id}",
        place=second.place,
        hint="one difference has one row: merge them, or make `where` disjoint",
    )
