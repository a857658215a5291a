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
    listed = [row for row in reversed(rows) if not row.grows]
    missing = {case: row for row in listed for case in row.where}
    rivals = dict.fromkeys(_rivals(rows, runtimes), "")
    for case in known_cases:  # which may be many: gone through once, and not kept
        idle = [row for row in idle if not row.concerns(case)]
        missing.pop(case, None)
        for first, second in rivals:
            if _meet(first, second, case):
                rivals[first, second] = min(case, rivals[first, second] or case)
    absent = [(row, f"no case matches {', '.join(row.where)}") for row in idle]
    absent += [(row, f"there is no case {case}") for case, row in missing.items()]
    for row, why in absent:
        raise LedgerError(
            f"{row.id}: {why}", place=row.place, hint="correct `where`, or remove the row"
        )
    for (first, second), contested in rivals.items():
        if contested:
            shared = [pair for pair in first.pairs & second.pairs if pair <= runtimes]
            raise two_rows(first, second, contested, both_are_about(shared))


def clashes(first: Decision, second: Decision) -> Iterator[tuple[str, str]]:
    """Yield the cases and places at which two rows could claim one finding.

    The first row has no patterns.
    """
    if (
        first.live
        and second.live
        and _are_rivals(first, second, frozenset((*first.runtimes, *second.runtimes)))
    ):
        for case in first.where:
            yield from (
                (case, place) for place in sorted(_places(first, case) & _places(second, case))
            )


def _rivals(
    rows: Iterable[Decision], runtimes: AbstractSet[str]
) -> Iterator[tuple[Decision, Decision]]:
    """Yield every two live rows about one cause between any two of these runtimes."""
    for first, second in combinations([row for row in rows if row.live], 2):
        if _are_rivals(first, second, runtimes):
            yield first, second


def _are_rivals(first: Decision, second: Decision, runtimes: AbstractSet[str]) -> bool:
    same = (first.cause, first.code) == (second.cause, second.code)
    return (
        same
        and any(pair <= runtimes for pair in first.pairs & second.pairs)
        and _agree(first, second)
    )


def _agree(first: Decision, second: Decision) -> bool:
    """Return whether two rows show the same facts of the runtimes that both name.

    Facts count as far as they are written.
    """
    if first.pin or second.pin:
        return True
    facts = {name: side.name for side in first.sides for name in side.runtimes}
    return all(
        facts.get(name, side.name) == side.name for side in second.sides for name in side.runtimes
    )


def _meet(first: Decision, second: Decision, case_id: str) -> bool:
    """Return whether two rows have a place in common in a case, as they write it."""
    return not _places(first, case_id).isdisjoint(_places(second, case_id))


def _places(row: Decision, case_id: str) -> frozenset[str]:
    concerned = [each for each in row.covers if each.concerns(case_id, grows=row.grows)]
    return frozenset(place for covered in concerned for place in covered.places)
