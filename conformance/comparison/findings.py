"""From the differences of all pairs of answers to a step to its findings.

A finding has places, and who stands where.

Answers are compared two by two.  Differences of several pairs are one finding where they are of one
place and of the same elements there: then each runtime has one fact, and the runtimes fall into
sides.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, combinations, filterfalse, product
from typing import Final

from msgspec.structs import replace

from conformance.comparison.agreement import (
    accepted_pairs,
    agreeing_pairs,
    alike_beside_a_third,
    alike_in_kind,
    near_to_all,
    pairs_apart,
    unlike_in_layout,
)
from conformance.comparison.budget import check
from conformance.comparison.compared_runtimes import by_comparison
from conformance.comparison.difference import Difference
from conformance.comparison.element_groups import by_elements, by_partners, occurrences
from conformance.comparison.located import Located
from conformance.comparison.places import (
    Seen,
    by_path,
    by_place,
    differing_from,
    of_other_ways,
    shown_elsewhere,
    side_of,
    written,
)
from conformance.comparison.sent_values import SentValues, sent_values
from conformance.comparison.shared_elements import SharedElements
from conformance.comparison.sides import Pair, Parted, Way, largest_side, part, together
from conformance.comparison.step_answers import StepAnswers
from conformance.model.finding import DifferenceKind, Facet, Finding, SidePair
from conformance.model.idiom_claims import shared_facts, shared_idiom, to_keep
from conformance.model.json_path import JsonPath

_KIND: Final = "kind"


def step_findings(step: int, answers: StepAnswers) -> Iterator[Located]:
    """Yield a step's findings in the order in which its pairs show them, with their elements."""
    seen = [
        Seen(pair, difference)
        for pair, each in answers.pairs.items()
        for difference in each.differences
    ]
    stops = {pair: compared.stops for pair, compared in answers.pairs.items()}
    at_path = by_path(seen)
    compared = by_comparison(seen, answers)
    for at_place in chain.from_iterable(by_place(group, stops) for group in compared):
        check()
        known = SharedElements(
            [(pair, occurrence.element) for pair, occurrence in occurrences(at_place)]
        )
        for of_elements, elements, strangers in _groups(at_place, known, answers):
            same = _agreeing(of_elements, known, answers) - strangers
            having = set(_having_to_do_with(of_elements[0], at_place, elements, known))
            for of_one in _connected(of_elements, same):
                apart = pairs_apart(at_place, elements, known)
                within = near_to_all(of_one, apart, answers)
                seen_here = occurrences(_shown(of_one, at_place))
                shown = sent_values(seen_here, elements, known, answers.runtimes, answers.spell)
                found = _finding(step, of_one, same, within, shown, answers)
                differing = {index for each in of_one for index in each.pair}
                there = set(_held_against(having, differing, answers))
                there.update(_compared(of_one, found.not_compared, answers))
                in_other_ways = list(of_other_ways(of_one, at_path))
                there.update(differing_from(differing, in_other_ways, answers.runtimes))
                found = replace(
                    found,
                    apart_elsewhere=tuple(_apart_elsewhere(found, apart, answers.runtimes)),
                    not_compared=tuple(filterfalse(there.__contains__, found.not_compared)),
                    elsewhere=tuple(filter(there.__contains__, found.not_compared)),
                    shown_elsewhere=tuple(
                        shown_elsewhere(
                            there.intersection(found.not_compared),
                            differing,
                            [*_at(at_place, elements, known), *in_other_ways],
                            answers.runtimes,
                        )
                    ),
                    strangers=tuple(_by_name(strangers, found, answers.runtimes)),
                )
                yield Located(found, frozenset(elements))


def _agreeing(
    of_elements: Sequence[Seen], known: SharedElements, answers: StepAnswers
) -> frozenset[Pair]:
    """Return which runtimes do not differ, compared with each other or beside a third one."""
    same = agreeing_pairs(of_elements, answers).difference(unlike_in_layout(of_elements, answers))
    same |= alike_beside_a_third(of_elements, same, known, answers)
    return same | alike_in_kind(of_elements, same)


def _groups(
    at_place: Sequence[Seen], known: SharedElements, answers: StepAnswers
) -> Iterator[tuple[Sequence[Seen], Sequence[Hashable], frozenset[Pair]]]:
    """Yield the groups of a place's differences, their elements, and who lacks partners there.

    In how many elements a runtime has a member is one fact about all of them.
    """
    stops = {pair: compared.stops for pair, compared in answers.pairs.items()}
    for seen, elements in by_elements(at_place, known):
        if seen[0].difference.tells_presence:
            yield seen, elements, frozenset()
        else:
            yield from (
                (seen, names, apart) for names, apart in by_partners(seen, elements, known, stops)
            )


def _shown(seen: Sequence[Seen], at_place: Iterable[Seen]) -> Sequence[Seen]:
    """Return the differences that show what the runtimes of some have there.

    All differences about the presence of a member in an element say who has it there.
    """
    if not seen[0].difference.tells_presence:
        return seen
    here = {index for each in seen for index in each.pair}
    return [
        each
        for each in at_place
        if each in seen or (each.difference.tells_elements and here.issuperset(each.pair))
    ]


def _is_of_presence(seen: Seen) -> bool:
    return seen.difference.tells_presence or seen.difference.tells_elements


def _having_to_do_with(
    one: Seen, at_place: Sequence[Seen], elements: Iterable[Hashable], known: SharedElements
) -> Iterable[int]:
    """Return the runtimes that show something of a difference, whatever they agree in."""
    if not _is_of_presence(one):
        return _shown_at(at_place, elements, known)
    return chain.from_iterable(each.pair for each in filter(_is_of_presence, at_place))


def _shown_at(
    seen: Iterable[Seen], elements: Iterable[Hashable], known: SharedElements
) -> Iterator[int]:
    """Yield the runtimes of which something is shown at elements of a place, or that it is absent.

    Columns that do not correspond by position differ in all elements.
    """
    for each in _at(seen, elements, known):
        yield from each.pair


def _at(
    seen: Iterable[Seen], elements: Iterable[Hashable], known: SharedElements
) -> Iterator[Seen]:
    """Yield the differences that are shown at some elements of a place."""
    wanted = set(elements)
    for each in seen:
        of_elements = (occurrence.element for occurrence in each.difference.occurrences)
        if None in wanted or any(
            element is None or known.name(each.pair, element) in wanted for element in of_elements
        ):
            yield each


def _held_against(
    having: Iterable[int], others: Iterable[int], answers: StepAnswers
) -> Iterator[str]:
    """Yield those of some runtimes that were compared with any of others.

    An error was not compared with a success.
    """
    for one, other in product(having, others):
        pair = (min(one, other), max(one, other))
        if pair in answers.pairs and not answers.pairs[pair].stops.everything:
            yield answers.runtimes[one]


def _compared(seen: Sequence[Seen], left_out: Iterable[str], answers: StepAnswers) -> Iterator[str]:
    """Yield those that were compared at a place, though they show nothing of a difference there.

    They have no such member or element, or differ from nobody in it.
    """
    where = {
        index: path
        for each in seen
        for index, path in zip(each.pair, each.difference.paths or (), strict=False)
    }
    for at, name in enumerate(answers.runtimes):
        if name in left_out and any(
            _is_open(answers, other, at, path) for other, path in where.items()
        ):
            yield name


def _is_open(answers: StepAnswers, runtime: int, other: int, path: JsonPath) -> bool:
    """Return whether a runtime was compared with another one at a path that both spell alike."""
    pair = (min(runtime, other), max(runtime, other))
    if pair not in answers.pairs:
        return False
    stops = answers.pairs[pair].stops
    alike = all(stops.partner(side, path) == path for side in (0, 1))
    return alike and not stops.covers(pair.index(runtime), path, value=True)


def _by_name(
    strangers: AbstractSet[Pair], found: Finding, runtimes: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield the names of those on the sides of a finding whose elements are no partners there."""
    for pair in sorted(strangers):
        first, second = (runtimes[index] for index in pair)
        if {first, second} <= set(found.runtimes):
            yield first, second


def _apart_elsewhere(
    found: Finding, apart: AbstractSet[Pair], runtimes: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Yield the sides that agree in this finding but differ in another one of its elements."""
    by_name = {(runtimes[one], runtimes[two]) for one, two in apart}
    for first, second in found.agreeing:
        both = product(found.sides[first].runtimes, found.sides[second].runtimes)
        if any(pair in by_name or pair[::-1] in by_name for pair in both):
            yield first, second


def _connected(seen: Sequence[Seen], same: Iterable[Pair]) -> Iterable[Sequence[Seen]]:
    """Group differences whose runtimes were compared: errors are separate from successes."""
    groups = together((each.pair for each in seen), same)
    if len(groups) == 1:
        return [seen]
    return [[each for each in seen if each.pair[0] in group] for group in groups]


def _finding(  # noqa: PLR0913, PLR0917 - a finding is made of this much
    step: int,
    seen: Sequence[Seen],
    same: AbstractSet[Pair],
    within: AbstractSet[int],
    shown: SentValues,
    answers: StepAnswers,
) -> Finding:
    spelled = dict(written(seen))
    by_pair = {each.pair: each.difference for each in reversed(seen)}
    apart = {
        pair: Way(found.kind, found.facts, found.idiom is not None)
        for pair, found in by_pair.items()
    }
    here = sorted({index for pair in by_pair for index in pair})
    parted = part(here, apart, same, accepted_pairs(seen, same, answers))
    names = [tuple(answers.runtimes[index] for index in side) for side in parted.sides]
    left_out = [
        name
        for index, name in enumerate(answers.runtimes)
        if index not in here and index not in within and not _agrees(index, here, seen, answers)
    ]
    return Finding(
        step=step,
        place=min(spelled.values()),
        facet=min((found.facet for found in by_pair.values()), key=list(Facet).index),
        sides=tuple(
            side_of(indexes, side, spelled, answers.spell)
            for side, indexes in zip(names, parted.sides, strict=True)
        ),
        pairs=tuple(_side_pairs(parted, by_pair, answers.runtimes)),
        largest=None if parted.agreeing or within else largest_side(names, answers.baseline),
        sent=shown.sent,
        more_sent=shown.more,
        lasting=shown.lasting,
        agreeing=parted.agreeing,
        within=tuple(answers.runtimes[index] for index in sorted(within)),
        not_compared=(*left_out, *answers.silent),
        detail=_detail(seen, answers.runtimes) or shown.lines,
    )


def _agrees(index: int, here: Iterable[int], seen: Sequence[Seen], answers: StepAnswers) -> bool:
    """Return whether a runtime's kind of body was held against all others' and differs from none.

    The same bytes under two labels are of one kind, though a third body differs from one of them.
    """
    pairs = [(min(index, other), max(index, other)) for other in here]
    stops = [answers.pairs[pair].stops for pair in pairs]
    return all(each.difference.places[0] == _KIND for each in seen) and not any(
        each.everything or (each.leaves_out and each.leaves_out(_KIND)) for each in stops
    )


def _detail(seen: Iterable[Seen], runtimes: Sequence[str]) -> str:
    """Return what else there is to say of each runtime: once if it is the same for all of them."""
    said = {
        (index, words): None
        for each in seen
        for index, words in zip(each.pair, each.difference.details, strict=True)
    }
    saying = {
        words: [runtimes[index] for index, other in said if other == words] for _, words in said
    }
    if len(saying) == 1:
        return next(iter(saying))
    return "; ".join(f"{', '.join(names)}: {words}" for words, names in saying.items() if words)


def _side_pairs(
    parted: Parted, by_pair: Mapping[Pair, Difference], runtimes: Sequence[str]
) -> Iterator[SidePair]:
    """Yield how any two sides differ, as far as any of their runtimes were compared."""
    for (first, one), (second, other) in combinations(enumerate(parted.sides), 2):
        found = list(_between(one, other, by_pair))
        if not found:
            continue
        claims = tuple((_named(two, runtimes), each.idiom) for two, each, _ in found)
        own = tuple((_named(two, runtimes), facts) for two, _, facts in found)
        kept, kept_facts = to_keep(claims, own)
        kind = max((each.kind for _, each, _ in found), key=list(DifferenceKind).index)
        yield SidePair(
            first=first,
            second=second,
            kind=kind,
            idiom=shared_idiom(claims, own, of_types=kind is DifferenceKind.TYPE),
            facts=shared_facts(claims, own),
            claims=kept,
            own_facts=kept_facts,
        )


def _named(pair: Pair, runtimes: Sequence[str]) -> frozenset[str]:
    return frozenset(runtimes[index] for index in pair)


def _between(
    one: Sequence[int], other: Sequence[int], by_pair: Mapping[Pair, Difference]
) -> Iterator[tuple[Pair, Difference, tuple[str, str]]]:
    """Yield how the runtimes of two sides differ, pair by pair, the first side's facts first."""
    for first, second in product(one, other):
        if (found := by_pair.get((first, second))) is not None:
            yield (first, second), found, found.facts
        if (found := by_pair.get((second, first))) is not None:
            yield (second, first), found, (found.facts[1], found.facts[0])
