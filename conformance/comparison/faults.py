"""The finding about faults, at the place `exchange`: a runtime gave no answer.

It is a finding even if every runtime has the fault: then one side holds all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, filterfalse, repeat
from typing import Final

from msgspec.structs import replace

from conformance.comparison.values.objects import only, without
from conformance.grouped import grouped
from conformance.model.finding import DifferenceKind, Facet, Finding, SidePair
from conformance.model.observation import Answer, Fault, FaultKind, Observation
from conformance.model.side import Side

EXCHANGE: Final = "exchange"
"""The place of a fault."""
ANSWERED: Final = "answered"
_FAULTED: Final = "faulted"


def fault_finding(
    step: int, seen: Mapping[str, Observation], baseline: str | None
) -> Finding | None:
    """Return the finding about the faults in a step, or None if no runtime had one.

    Runtimes that were not asked in the step have no fact, and are in `not_compared`.
    """
    at_exchange = {name: _fact(each) for name, each in seen.items()}
    reached = list(filter(at_exchange.get, at_exchange))
    by_fact = grouped(reached, at_exchange.__getitem__)
    if by_fact.keys() <= {ANSWERED}:
        return None
    sides = list(map(tuple, by_fact.values()))
    return Finding(
        step=step,
        place=EXCHANGE,
        facet=Facet.EXCHANGE,
        sides=_sides(sides),
        pairs=_pairs(list(by_fact)),
        largest=_largest(sides, list(by_fact), baseline),
        sent=(tuple((name, _sent(seen[name])) for name in reached),),
        not_compared=tuple(filterfalse(at_exchange.get, at_exchange)),
    )


def _largest(
    sides: Sequence[tuple[str, ...]], facts: Sequence[str], baseline: str | None
) -> int | None:
    """Return the index of the largest side, which is the side that answered, or None.

    With two runtimes, only if it holds the baseline.  A side without an answer is never the
    largest: a baseline with a fault is odd beside those that answered.
    """
    if ANSWERED not in facts:
        return None
    answered = facts.index(ANSWERED)
    several = sum(map(len, sides)) > 2  # noqa: PLR2004 - of two runtimes nobody is odd
    return answered if several or baseline in sides[answered] else None


def over_budget_finding(
    step: int, seen: Mapping[str, Observation], baseline: str | None, why: str
) -> Finding:
    """Return the fault finding of a step whose answers took too long to compare, saying why."""
    late = Fault(kind=FaultKind.COMPARISON_BUDGET, phase="comparison", detail=why, elapsed_ms=0)
    without_answers = dict(seen)
    for name, each in seen.items():
        if isinstance(each, Answer):
            without_answers[name] = late
    found = fault_finding(step, without_answers, baseline)
    assert found is not None  # noqa: S101 - two answers at least were to be compared
    return found


def _pairs(facts: list[str]) -> tuple[SidePair, ...]:
    """Return how any two sides differ.

    A single side is paired with itself, so that its fact is known.
    """
    indexes = list(combinations(range(len(facts)), 2)) or [(0, 0)]
    return tuple(
        SidePair(
            first=first,
            second=second,
            kind=DifferenceKind.FAULT,
            idiom=None,
            facts=(facts[first], facts[second]),
        )
        for first, second in indexes
    )


def of_runtimes(finding: Finding, runtimes: Sequence[str]) -> Finding:
    """Return a finding about faults reduced to the fault of some runtimes of one side.

    Runtimes with another fault have a cause of their own, and are left out.  If no runtime
    answered, the facts of the others are kept in `shown_elsewhere`.
    """
    facts = dict(facts_at_exchange(finding))
    own = facts[runtimes[0]]
    by_fact = {facts[side.runtimes[0]]: side.runtimes for side in finding.sides}
    by_fact |= {own: tuple(runtimes)}
    sides = only(by_fact, {own, ANSWERED})
    names = set().union(*sides.values(), finding.not_compared)
    others = without(facts, names)
    known = list(sides)
    return replace(
        finding,
        sides=_sides(list(sides.values())),
        pairs=_pairs(known),
        largest=None if finding.largest is None else known.index(ANSWERED),
        sent=tuple(tuple(only(dict(each), names).items()) for each in finding.sent),
        shown_elsewhere=() if ANSWERED in known else tuple(others.items()),
    )


def _sides(sides: Sequence[tuple[str, ...]]) -> tuple[Side, ...]:
    """Return sides with the exchange as the place of all their runtimes."""
    return tuple(Side(runtimes=names, places=(EXCHANGE,) * len(names)) for names in sides)


def took_too_long(fact: str) -> bool:
    """Return whether a fact at the exchange is that the answers took too long to compare."""
    return fact == f"{_FAULTED} {FaultKind.COMPARISON_BUDGET.value}"


def faulted(fact: str) -> bool:
    """Return whether a fact at the exchange is a fault."""
    return fact.startswith(f"{_FAULTED} ")


def facts_at_exchange(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield each runtime of a step with its fact at the exchange; `` if it was not asked."""
    for at, side in enumerate(finding.sides):
        fact = finding.facts_of(at)[0]
        yield from zip(side.runtimes, repeat(fact))
    yield from zip(finding.not_compared, repeat(""))


def _fact(seen: Observation) -> str:
    """Return the fact of a runtime at the exchange; `` if it was not asked."""
    if isinstance(seen, Fault):
        return f"{_FAULTED} {seen.kind.value}"
    return ANSWERED if isinstance(seen, Answer) else ""


def _sent(seen: Observation) -> str:
    """Return what came back from a runtime as text: the fault or the status; `` for neither."""
    if isinstance(seen, Fault):
        return f"{seen.kind.value} in {seen.phase}: {seen.detail}"
    return str(seen.status) if isinstance(seen, Answer) else ""
