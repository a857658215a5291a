"""Runtimes that are on no side of a finding.

Each was not compared at its place, or another finding shows what it has there.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, filterfalse, product, starmap

from msgspec.structs import replace

from conformance.comparison.element_groups import ElementGroup
from conformance.comparison.places import (
    Seen,
    differing_from,
    paths_in,
    runtimes_in,
    shown_elsewhere,
)
from conformance.comparison.sides import pair_of
from conformance.comparison.step_answers import StepAnswers
from conformance.model.finding import Finding
from conformance.model.json_path import JsonPath


def with_unplaced(
    finding: Finding,
    seen: Sequence[Seen],
    group: ElementGroup,
    other_findings: Sequence[Seen],
    answers: StepAnswers,
) -> Finding:
    """Return the finding with the runtimes that were compared at its place moved to `elsewhere`.

    `seen` are the differences of the finding, `other_findings` those of other findings at the same
    value.
    """
    differing = runtimes_in(seen)
    there = {
        *_compared_with_any(_related_runtimes(group), differing, answers),
        *_compared(seen, finding.not_compared, answers),
        *differing_from(differing, other_findings, answers.runtimes),
    }
    elsewhere = tuple(filter(there.__contains__, finding.not_compared))
    # A reader would ask what these runtimes have, so what other findings show is added
    others = chain(group.at_elements(), other_findings)
    return replace(
        finding,
        not_compared=tuple(filterfalse(there.__contains__, finding.not_compared)),
        elsewhere=elsewhere,
        shown_elsewhere=tuple(shown_elsewhere({*elsewhere}, differing, others, answers.runtimes)),
    )


def _related_runtimes(group: ElementGroup) -> set[int]:
    """Return the runtimes in any difference at the elements, or about the same presence."""
    if _is_of_presence(group.seen[0]):
        return runtimes_in(filter(_is_of_presence, group.at_place))
    return runtimes_in(group.at_elements())


def _is_of_presence(seen: Seen) -> bool:
    return seen.difference.is_of_presence or seen.difference.is_of_element_presence


def _compared_with_any(
    having: Iterable[int], others: AbstractSet[int], answers: StepAnswers
) -> Iterator[str]:
    """Yield the names of those in `having` that were compared with any of `others`."""
    for runtime, other in product(having, others):
        if answers.are_compared(runtime, other):
            yield answers.runtimes[runtime]


def _compared(seen: Sequence[Seen], left_out: Iterable[str], answers: StepAnswers) -> Iterator[str]:
    """Yield the runtimes in `left_out` that were compared at the place, but do not differ there.

    They have no such member or element, or agree with everyone about it.
    """
    where = paths_in(seen)
    for at, name in enumerate(answers.runtimes):
        is_open = starmap(partial(_is_open, answers, at), where.items())
        if name in left_out and any(is_open):
            yield name


def _is_open(answers: StepAnswers, runtime: int, other: int, path: JsonPath) -> bool:
    """Return whether two runtimes were compared at a path that both spell alike."""
    pair = pair_of(runtime, other)
    if pair not in answers.pairs:
        return False
    stops = answers.pairs[pair].stops
    is_spelled_alike = {stops.partner(0, path), stops.partner(1, path)} == {path}
    return is_spelled_alike and not stops.covers(pair.index(runtime), path, value=True)
