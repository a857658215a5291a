"""When a finding is the difference that a ledger row is about.

A row's two sides are read as sides of a finding: it matches where its runtimes there stand on just these two, and the
sides differ as its signature says.  Which of them is called odd does not matter.  A finding is decided when its rows
cover every runtime in it, and together join all of its sides.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import combinations, product
from typing import Final

from conformance.comparison.sides import Pair, together
from conformance.errors import LedgerError
from conformance.model.decision import Decision, DecisionState, Ledger
from conformance.model.finding import Finding, Signature

_PLACE_WORDS = ("header ", "note ")
"""What a place says before the name of a field or a note; rows may leave it out."""
_WRITTEN_BEFORE: Final[Mapping[str, str]] = {"kind": "$"}
"""Places of which rows that were written by an earlier version say something else."""


def matching_rows(finding: Finding, case_id: str, ledger: Ledger) -> tuple[Decision, ...]:
    """Return the rows that decide a finding together, none where they leave something; raises LedgerError for rivals.

    Open and accepted rows go before done ones, which a finding matches only as a regression.
    """
    rows = rows_about(finding, case_id, ledger)
    live = [row for row in rows if row.state is not DecisionState.DONE]
    for first, second in combinations(live, 2):
        if not _claims(first, finding).isdisjoint(_claims(second, finding)):
            raise _two_rows(first, second, case_id)
    for candidates in (live, rows):
        if _decide(candidates, finding):
            return tuple(candidates)
    return ()


def rows_about(finding: Finding, case_id: str, ledger: Ledger) -> tuple[Decision, ...]:
    """Return the rows about two sides of a finding, whether they decide it or not."""
    return tuple(row for row in ledger.decisions if row.concerns(case_id) and matches(row, finding))


def _claims(row: Decision, finding: Finding) -> frozenset[frozenset[str]]:
    """Return the runtimes of a finding, two by two, whose difference a row is about."""
    here = set(finding.runtimes)
    return frozenset(frozenset(pair) for pair in product(row.odd, row.rest) if here.issuperset(pair))


def _decide(rows: Iterable[Decision], finding: Finding) -> bool:
    """Tell whether rows name all runtimes of a finding, and leave no two sides whose difference none of them tells."""
    claims = frozenset[frozenset[str]]().union(*(_claims(row, finding) for row in rows))
    side_of = _side_of(finding)
    told = together((side_of[one], side_of[other]) for one, other in claims)
    named = {name for pair in claims for name in pair}
    return named.issuperset(finding.runtimes) and all(
        any({pair.first, pair.second} <= group for group in told) for pair in finding.pairs
    )


def _side_of(finding: Finding) -> dict[str, int]:
    return {name: at for at, side in enumerate(finding.sides) for name in side.runtimes}


def matches(row: Decision, finding: Finding) -> bool:
    """Tell whether a row is about a finding, its `where` aside."""
    if not _at_its_place(row, finding):
        return False
    side_of = _side_of(finding)
    odd, rest = ({side_of[name] for name in names if name in side_of} for names in (row.odd, row.rest))
    return (
        bool(odd and rest)
        and _is_one_side(odd, finding)
        and _is_one_side(rest, finding)
        and all(_differ(row, finding, pair) for pair in product(odd, rest))
    )


def _is_one_side(sides: Iterable[int], finding: Finding) -> bool:
    """Tell whether nothing differs between some sides, which only other runtimes part then."""
    return all(pair in finding.agreeing for pair in combinations(sorted(sides), 2))


def _differ(row: Decision, finding: Finding, sides: Pair) -> bool:
    """Tell whether two sides differ as a row says, each with the fact of its own."""
    signature = row.signature
    return any(
        pair.name == signature.name and tuple(map(pair.fact_of, sides)) == (signature.odd, signature.rest)
        for pair in finding.pairs
        if {pair.first, pair.second} == set(sides)
    )


def _at_its_place(row: Decision, finding: Finding) -> bool:
    """Tell whether a finding is at the place that a row names, as any of its sides spells it."""
    written = row.signature.path
    places = {finding.place, *(place for side in finding.sides for place in side.places)}
    places |= {_WRITTEN_BEFORE[place] for place in places & _WRITTEN_BEFORE.keys()}
    return written in places or any(f"{word}{written}" in places for word in _PLACE_WORDS)


def difference_now(row: Decision, finding: Finding) -> Signature | None:
    """Return how the sides of a row differ in a finding at its place that parts its runtimes as it does, or None."""
    if not _at_its_place(row, finding):
        return None
    here, named = frozenset(finding.runtimes), frozenset((*row.odd, *row.rest))
    wanted = {here & frozenset(row.odd), here & frozenset(row.rest)}
    for pair, signature in zip(finding.pairs, finding.signatures, strict=True):
        sides = {named & frozenset(finding.sides[at].runtimes) for at in (pair.first, pair.second)}
        if sides == wanted and all(sides):
            return signature
    return None


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
