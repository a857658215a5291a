"""Ledger errors found before any case runs: a row about no case, two rows about one difference."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import combinations

from conformance.errors import LedgerError
from conformance.model.decision import Decision, Ledger
from conformance.verdicts.coverage import both_are_about, two_rows


def check_ledger(ledger: Ledger, known_cases: Iterable[str], runtimes: AbstractSet[str]) -> None:
    """Raise LedgerError for a row about a missing case, and for two rows that share a finding.

    Two rows share a finding if both could claim it.
    """
    rows = [row for row in ledger.decisions if not row.work]
    if not rows:
        return
    idle = [row for row in rows if row.grows]
    missing = _rows_by_case(row for row in rows if not row.grows)
    rivals = dict.fromkeys(_rivals(rows, runtimes), "")
    for case in known_cases:  # which may be many: gone through once, and not kept
        idle = [row for row in idle if not row.concerns(case)]
        missing.pop(case, None)
        for first, second in rivals:
            if _meet(first, second, case):
                known = rivals[first, second] or case
                rivals[first, second] = min(case, known)
    for row in idle:
        raise _without_case(row, f"no case matches {', '.join(row.where)}")
    for case, row in missing.items():
        raise _without_case(row, f"there is no case {case}")
    for (first, second), contested in rivals.items():
        if contested:
            shared = [pair for pair in first.pairs & second.pairs if pair <= runtimes]
            raise two_rows(first, second, contested, both_are_about(shared))


def _rows_by_case(rows: Iterable[Decision]) -> dict[str, Decision]:
    """Return the first row about each case, from the last row of the file to the first."""
    by_case: dict[str, Decision] = {}
    for row in reversed(list(rows)):
        by_case.update(dict.fromkeys(row.where, row))
    return by_case


def _without_case(row: Decision, why: str) -> LedgerError:
    return LedgerError(
        f"{row.id}: {why}", place=row.place, hint="correct `where`, or remove the row"
    )


def clashes(first: Decision, second: Decision) -> Iterator[tuple[str, str]]:
    """Yield the cases and places at which two rows could claim one finding.

    The first row has no patterns.
    """
    if not first.live or not second.live:
        return
    if _are_rivals(first, second, frozenset((*first.runtimes, *second.runtimes))):
        for case in first.where:
            shared = first.places_in(case) & second.places_in(case)
            yield from ((case, place) for place in sorted(shared))


def _rivals(
    rows: Iterable[Decision], runtimes: AbstractSet[str]
) -> Iterator[tuple[Decision, Decision]]:
    """Yield every two live rows about one cause between any two of these runtimes."""
    live = [row for row in rows if row.live]
    for first, second in combinations(live, 2):
        if _are_rivals(first, second, runtimes):
            yield first, second


def _are_rivals(first: Decision, second: Decision, runtimes: AbstractSet[str]) -> bool:
    if (first.cause, first.code) != (second.cause, second.code):
        return False
    shared = first.pairs & second.pairs
    return any(pair <= runtimes for pair in shared) and _agree(first, second)


def _agree(first: Decision, second: Decision) -> bool:
    """Return whether two rows show the same facts of the runtimes that both name.

    Facts count as far as they are written.
    """
    if first.pin or second.pin:
        return True
    facts, others = first.side_of, second.side_of
    return all(facts[name] == others[name] for name in facts.keys() & others.keys())


def _meet(first: Decision, second: Decision, case_id: str) -> bool:
    """Return whether two rows have a place in common in a case, as they write it."""
    return not first.places_in(case_id).isdisjoint(second.places_in(case_id))
