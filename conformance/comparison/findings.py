"""The findings of a step, from the differences of all pairs of its answers.

Answers are compared two by two.  Differences of several pairs are one finding if they are of one
place and of the same elements there.  Then each runtime has one fact there, and the runtimes form
sides.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, combinations, filterfalse, product, repeat, starmap
from operator import attrgetter, itemgetter
from typing import Final

from conformance.comparison.agreement import (
    accepted_pairs,
    agreeing_pairs,
    agreeing_with_all,
    alike_in_kind,
    differing_pairs,
    same_against_third,
    unlike_in_layout,
)
from conformance.comparison.budget import check
from conformance.comparison.compared_runtimes import by_comparison
from conformance.comparison.difference import Difference
from conformance.comparison.element_groups import (
    ElementGroup,
    by_elements,
    by_partners,
    occurrences,
)
from conformance.comparison.located import Located
from conformance.comparison.places import (
    Seen,
    by_path,
    by_place,
    of_other_findings,
    runtimes_in,
    side_of,
    written,
)
from conformance.comparison.sent_values import sent_values
from conformance.comparison.shared_elements import SharedElements
from conformance.comparison.sides import (
    Pair,
    PairFacts,
    SplitSides,
    connected_sets,
    largest_side,
    pair_of,
    split_sides,
)
from conformance.comparison.step_answers import StepAnswers
from conformance.comparison.unplaced_runtimes import with_unplaced
from conformance.grouped import grouped
from conformance.model.finding import DifferenceKind, Facet, Finding, SidePair
from conformance.model.idiom_claims import shared_facts, shared_idiom, to_keep
from conformance.model.side import Side

_KIND: Final = "kind"
_tells_presence: Final = attrgetter("difference.is_of_presence")


def step_findings(step: int, answers: StepAnswers) -> Iterator[Located]:
    """Yield the findings of a step with their elements, in the order in which pairs show them."""
    seen = [
        Seen(pair, difference)
        for pair, each in answers.pairs.items()
        for difference in each.differences
    ]
    stops = answers.stops
    at_path = by_path(seen)
    places = map(by_place, by_comparison(seen, answers), repeat(stops))
    for at_place in chain.from_iterable(places):
        check()
        for group in _groups(at_place, answers):
            for connected in _connected(group.seen, group.same):
                finding = _finding(step, connected, group, answers)
                others = list(of_other_findings(connected, at_path))
                whole = with_unplaced(finding, connected, group, others, answers)
                yield Located(whole, frozenset(group.elements))


def _agreeing(
    of_elements: Sequence[Seen], known: SharedElements, answers: StepAnswers
) -> frozenset[Pair]:
    """Return the pairs that agree, compared with each other or both with a third runtime."""
    same = agreeing_pairs(of_elements, answers).difference(unlike_in_layout(of_elements, answers))
    same |= same_against_third(of_elements, same, known, answers)
    return same | alike_in_kind(of_elements, same)


def _by_partners(
    seen: Sequence[Seen],
    elements: Sequence[Hashable],
    known: SharedElements,
    answers: StepAnswers,
) -> Iterable[tuple[Sequence[Hashable], frozenset[Pair]]]:
    """Return the elements grouped by the pairs that have no partners among them.

    How often a member is present is a fact about all elements, which are one group then.
    """
    if all(map(_tells_presence, seen)):
        return [(elements, frozenset())]
    return by_partners(seen, elements, known, answers.stops)


def _groups(at_place: Sequence[Seen], answers: StepAnswers) -> Iterator[ElementGroup]:
    """Yield the differences of a place in groups; each group is shown by the same elements."""
    elements_at_place = [(pair, each.element) for pair, each in occurrences(at_place)]
    known = SharedElements(elements_at_place)
    for seen, elements in by_elements(at_place, known):
        check()
        same = _agreeing(seen, known, answers)
        for names, without_partners in _by_partners(seen, elements, known, answers):
            yield ElementGroup(
                seen=seen,
                elements=names,
                at_place=at_place,
                known=known,
                apart=differing_pairs(at_place, names, known),
                same=same - without_partners,
                without_partners=without_partners,
            )


def _reported(seen: Sequence[Seen], at_place: Iterable[Seen]) -> Sequence[Seen]:
    """Return the differences whose values are reported for the runtimes of `seen`.

    For the presence of a member, these include the differences about which elements have it.
    """
    if not all(map(_tells_presence, seen)):
        return seen
    here = runtimes_in(seen)
    in_elements = filter(attrgetter("difference.is_of_element_presence"), at_place)
    telling = [*seen, *filter(lambda each: here.issuperset(each.pair), in_elements)]
    # In the order of the place, so that the first combination of values stays the first
    return list(filter(telling.__contains__, at_place))


def _names_without_partners(
    group: ElementGroup, sides: Iterable[Side], answers: StepAnswers
) -> Iterator[tuple[str, str]]:
    """Yield the names of runtimes on the sides whose elements are no partners, pair by pair."""
    on_sides = set(chain.from_iterable(map(attrgetter("runtimes"), sides)))
    for pair in sorted(group.without_partners):
        first, second = answers.names(pair)
        if {first, second} <= on_sides:
            yield first, second


def _differing_elsewhere(split: SplitSides, apart: AbstractSet[Pair]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of sides that agree in this finding, but differ in others at its elements."""
    for first, second in split.agreeing:
        between = starmap(pair_of, product(split.sides[first], split.sides[second]))
        if not apart.isdisjoint(between):
            yield first, second


def _connected(seen: Sequence[Seen], same: Iterable[Pair]) -> Iterable[Sequence[Seen]]:
    """Group differences by runtimes that were compared: errors and successes are separate."""
    groups = connected_sets(map(attrgetter("pair"), seen), same)
    if len(groups) == 1:
        return [seen]

    def of_group(group: AbstractSet[int]) -> Sequence[Seen]:
        return [each for each in seen if each.pair[0] in group]

    return list(map(of_group, groups))


def _finding(step: int, seen: Sequence[Seen], group: ElementGroup, answers: StepAnswers) -> Finding:
    """Return the finding of some differences that belong together."""
    within = agreeing_with_all(seen, group.apart, answers)
    shown_here = occurrences(_reported(seen, group.at_place))
    sent = sent_values(shown_here, group.elements, group.known, answers.runtimes, answers.spell)
    spelled = dict(written(seen))
    # If a pair shows several differences, the first one counts
    by_pair = {each.pair: each.difference for each in reversed(seen)}
    here = sorted(runtimes_in(seen))
    pair_facts = dict(zip(by_pair, map(_pair_facts, by_pair.values()), strict=True))
    split = split_sides(here, pair_facts, group.same, accepted_pairs(seen, group.same, answers))
    names = list(map(answers.names, split.sides))
    sides = tuple(
        side_of(indexes, side, spelled, answers.spell)
        for side, indexes in zip(names, split.sides, strict=True)
    )
    facets = list(map(attrgetter("facet"), by_pair.values()))
    # Where agreement is no equivalence, no side can be called odd
    has_largest = not split.agreeing and not within
    return Finding(
        step=step,
        place=min(spelled.values()),
        facet=min(facets, key=list(Facet).index),
        sides=sides,
        pairs=tuple(_side_pairs(split, by_pair, answers)),
        largest=largest_side(names, answers.baseline) if has_largest else None,
        sent=sent.sent,
        more_sent=sent.more,
        lasting=sent.lasting,
        agreeing=split.agreeing,
        apart_elsewhere=tuple(_differing_elsewhere(split, group.apart)),
        within=answers.names(sorted(within)),
        not_compared=(*_left_out(seen, within.union(here), answers), *answers.silent),
        strangers=tuple(_names_without_partners(group, sides, answers)),
        detail=_detail(seen, answers) or sent.lines,
    )


def _pair_facts(difference: Difference) -> PairFacts:
    return PairFacts(difference.kind, difference.facts, difference.idiom is not None)


def _left_out(
    seen: Sequence[Seen], placed: AbstractSet[int], answers: StepAnswers
) -> Iterator[str]:
    """Yield the runtimes with an answer but no side, unless they agree in the kind of body."""
    differing = runtimes_in(seen)
    first_places = set(map(itemgetter(0), map(attrgetter("difference.places"), seen)))
    is_of_kind = first_places == {_KIND}
    not_placed = filterfalse(placed.__contains__, range(len(answers.runtimes)))
    for index in not_placed:
        agrees_in_kind = is_of_kind and _agrees_in_kind(index, differing, answers)
        if not agrees_in_kind:
            yield answers.runtimes[index]


def _agrees_in_kind(index: int, differing: Iterable[int], answers: StepAnswers) -> bool:
    """Return whether a runtime's kind of body was compared with all others' and differs from none.

    Two bodies of the same bytes are of one kind, though a third body may differ from one of them.
    """
    for other in differing:
        stops = answers.pairs[pair_of(index, other)].stops
        if stops.everything or stops.omits(_KIND):
            return False
    return True


def _detail(seen: Iterable[Seen], answers: StepAnswers) -> str:
    """Return the details of the differences, by runtime unless they are the same for all."""
    details = (zip(each.pair, each.difference.details, strict=True) for each in seen)
    by_words = grouped(dict.fromkeys(chain.from_iterable(details)), lambda detail: detail[1])
    if len(by_words) == 1:
        return next(iter(by_words))
    sentences: list[str] = []
    for words, of_runtimes in by_words.items():
        names = answers.names(map(itemgetter(0), of_runtimes))
        if words:
            sentences.append(f"{', '.join(names)}: {words}")
    return "; ".join(sentences)


def _side_pairs(
    split: SplitSides, by_pair: Mapping[Pair, Difference], answers: StepAnswers
) -> Iterator[SidePair]:
    """Yield how any two sides differ, if any of their runtimes were compared."""
    for (first, one_side), (second, other_side) in combinations(enumerate(split.sides), 2):
        between = list(_between(one_side, other_side, by_pair))
        if not between:
            continue
        pairs, differences, facts = zip(*between, strict=True)
        names = list(map(frozenset, map(answers.names, pairs)))
        idioms = map(attrgetter("idiom"), differences)
        claims = tuple(zip(names, idioms, strict=True))
        own = tuple(zip(names, facts, strict=True))
        kept, kept_facts = to_keep(claims, own)
        kind = max(map(attrgetter("kind"), differences), key=list(DifferenceKind).index)
        yield SidePair(
            first=first,
            second=second,
            kind=kind,
            idiom=shared_idiom(claims, own, of_types=kind is DifferenceKind.TYPE),
            facts=shared_facts(claims, own),
            claims=kept,
            own_facts=kept_facts,
        )


def _between(
    one_side: Sequence[int], other_side: Sequence[int], by_pair: Mapping[Pair, Difference]
) -> Iterator[tuple[Pair, Difference, tuple[str, str]]]:
    """Yield how runtimes of two sides differ, pair by pair, with the first side's fact first."""
    for first, second in product(one_side, other_side):
        pair = pair_of(first, second)
        if pair in by_pair:
            difference = by_pair[pair]
            facts = difference.facts if first < second else difference.facts[::-1]
            yield pair, difference, facts
