"""Which runtimes agree at a place: those that were compared there and do not differ."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, combinations, compress, starmap
from operator import attrgetter, itemgetter
from typing import Final, TypeGuard

from msgspec import Struct

from conformance.comparison.answers.comparison import AnswerComparison
from conformance.comparison.difference import (
    ANOTHER_ORDER,
    PRESENT,
    SOMETIMES_PRESENT,
    Difference,
    printable,
)
from conformance.comparison.element_groups import occurrences, shown_elements
from conformance.comparison.places import Seen, paths_in, runtimes_in, spellings
from conformance.comparison.sent_values import is_same
from conformance.comparison.shared_elements import SharedElements
from conformance.comparison.sides import PRESENCE, Pair
from conformance.comparison.step_answers import StepAnswers
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import not_none
from conformance.comparison.values.stops import Stops
from conformance.grouped import grouped
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import JsonPath, render_path
from conformance.model.rule import ValueRule

_STATUS: Final = "status"


class _Place(Struct, frozen=True):
    """A place at which some runtimes differ, in each runtime's spelling.

    - `written`: the place as one difference prints it.
    - `where`: the path in the body of each runtime.
    - `having`: the runtimes whose body has something there.
    - `of_values`, `of_columns`: whether all differences are of values, or of whole columns' types.
    """

    written: str
    where: Mapping[int, JsonPath]
    having: AbstractSet[int]
    of_values: bool
    of_columns: bool

    def is_compared(self, pair: Pair, stops: Stops) -> bool:
        """Return whether two runtimes that show no difference at the place were compared there."""
        if stops.omits(self.written):
            return False
        # Two columns may have other types though no two paired elements differ
        if self.of_columns and self._is_in_part(pair, stops):
            return False
        # Statuses are compared between all runtimes, whatever the kinds of their bodies
        return self.written == _STATUS or self._is_within_bodies(pair, stops)

    def _is_in_part(self, pair: Pair, stops: Stops) -> bool:
        """Return whether the place is in a list of which only the paired elements were compared."""
        where = map(self.where.get, pair)
        return any(
            path is not None and stops.in_part(side, path) for side, path in enumerate(where)
        )

    def _is_within_bodies(self, pair: Pair, stops: Stops) -> bool:
        """Return whether the place was compared in the bodies of two runtimes.

        A runtime with nothing at the place has no own spelling of it.  Then the other's place must
        be the one that corresponds to it: a member there may have another name in the first body.
        """
        if stops.everything:
            return False
        if not self.where.keys() >= {*pair}:
            return True
        if not self._correspond(pair, stops):
            return False
        is_covered = partial(stops.covers, value=self.of_values)
        places = self.where[pair[0]], self.where[pair[1]]
        return not any(starmap(is_covered, enumerate(places)))

    def _correspond(self, pair: Pair, stops: Stops) -> bool:
        """Return whether the places of two runtimes correspond in their bodies."""
        first, second = places = self.where[pair[0]], self.where[pair[1]]
        if self.having >= {*pair}:
            return stops.were_compared(places)
        return (stops.partner(1, second), stops.partner(0, first)) == places


def agreeing_pairs(seen: Sequence[Seen], answers: StepAnswers) -> frozenset[Pair]:
    """Return the pairs of differing runtimes that agree at the place with each other.

    Each pair was compared there and shows no difference.
    """
    apart = set(map(attrgetter("pair"), seen))
    differing = runtimes_in(seen)
    # A runtime that has something there has its own spelling, which replaces that of the pair
    in_bodies = dict(filter(_is_in_a_body, spellings(seen)))
    place = _Place(
        written=seen[0].difference.places[0],
        where=paths_in(seen) | in_bodies,
        having=in_bodies.keys(),
        of_values=all(map(_is_of_a_value, seen)),
        of_columns=all(map(_is_of_columns, seen)),
    )
    compared = answers.pairs
    candidates = filter(differing.issuperset, compared.keys() - apart)

    def is_compared(pair: Pair) -> bool:
        return place.is_compared(pair, compared[pair].stops)

    return frozenset(filter(is_compared, candidates))


def _is_in_a_body(spelling: tuple[int, str | JsonPath]) -> TypeGuard[tuple[int, JsonPath]]:
    """Return whether a spelling is a path in a body, not the name of another part of an answer."""
    return not isinstance(spelling[1], str)


def _is_of_a_value(seen: Seen) -> bool:
    """Return whether a difference shows in single values or elements, not in the shape alone.

    Which elements have a member is shape, but only a comparison of each element shows it.
    """
    difference = seen.difference
    is_of_elements = difference.kind is DifferenceKind.VALUE or difference.is_of_element_presence
    return is_of_elements or difference.facet is Facet.VALUE


def _is_of_columns(seen: Seen) -> bool:
    """Return whether a difference is of the types of whole columns, not of single elements."""
    elements = map(attrgetter("element"), seen.difference.occurrences)
    return seen.difference.kind is DifferenceKind.TYPE and None in elements


def same_against_third(
    seen: Sequence[Seen], same: AbstractSet[Pair], known: SharedElements, answers: StepAnswers
) -> frozenset[Pair]:
    """Return the pairs that were not compared with each other, but sent the same value.

    Comparisons of both with a third runtime show this.  For example, two envelopes of different
    names have the value at two places; only the bare value of a third runtime is compared with
    both.
    """
    pairs = combinations(sorted(runtimes_in(seen)), 2)
    unknown = set(pairs).difference(map(attrgetter("pair"), seen), same)
    if not unknown or _kinds(seen) != {DifferenceKind.VALUE}:
        return frozenset()
    sent = _sent_by_element(seen, known)
    if not sent:
        return frozenset()
    alike: set[Pair] = set()
    for first, second in unknown:
        are_of_bodies = not answers.pairs[first, second].stops.everything
        if are_of_bodies and _are_same(sent[first], sent[second]):
            alike.add((first, second))
    return frozenset(alike)


def _sent_by_element(
    seen: Iterable[Seen], known: SharedElements
) -> Mapping[int, Mapping[Hashable, Json]]:
    """Return what each runtime sent at each element, first occurrence only; empty without elements.

    Columns that do not correspond by position have no elements.
    """
    sent: defaultdict[int, dict[Hashable, Json]] = defaultdict(dict)
    for pair, occurrence in occurrences(seen):
        element = known.name(pair, occurrence.element)
        if element is None:
            return {}
        for index, value in occurrence.beside(pair):
            sent[index].setdefault(element, value)
    return sent


def _are_same(own: Mapping[Hashable, Json], others: Mapping[Hashable, Json]) -> bool:
    """Return whether two runtimes sent equal values at the same elements."""
    if own.keys() != others.keys():
        return False
    return all(map(is_same, own.values(), map(others.__getitem__, own)))


def _kinds(seen: Iterable[Seen]) -> set[DifferenceKind]:
    return set(map(attrgetter("difference.kind"), seen))


def alike_in_kind(seen: Sequence[Seen], same: AbstractSet[Pair]) -> frozenset[Pair]:
    """Return the pairs that were not compared, but are alike beside a third runtime.

    Both have a member that the third lacks, both lack it, or both have one type.
    """
    of_types = _kinds(seen) == {DifferenceKind.TYPE}
    of_presence = all(map(attrgetter("difference.is_of_presence"), seen))
    if not of_types and not of_presence:
        return frozenset()
    facts: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for index, third, fact in _facts_beside(seen):
        facts[index][third] = fact if of_types else PRESENCE.get(fact, PRESENT)
    in_common = partial(_fact_in_common, of_types=of_types)
    alike = grouped(sorted(facts), lambda index: in_common(facts[index]))
    alike.pop(None, None)
    found = chain.from_iterable(combinations(indexes, 2) for indexes in alike.values())
    return frozenset(found).difference(same, map(attrgetter("pair"), seen))


def _fact_in_common(by_third: Mapping[int, str], *, of_types: bool) -> Hashable:
    """Return a mark that is equal for runtimes that are alike, or None.

    None is for a runtime that is like no other.  `by_third` has its facts by third runtime.  The
    mark is the one fact beside all of them, or for types the fact beside each.  A member that only
    some elements have gives no mark: two runtimes may lack it in different elements.
    """
    facts = set(by_third.values())
    if SOMETIMES_PRESENT in facts:
        return None
    if len(facts) == 1:
        return frozenset(facts)
    return frozenset(by_third.items()) if of_types else None


def unlike_in_layout(seen: Sequence[Seen], answers: StepAnswers) -> Iterator[Pair]:
    """Yield the pairs that show two layouts beside the same third runtime, such as two envelopes.

    Their members differ, too, though another finding reports that.
    """
    if seen[0].difference.layout is None:
        return
    layouts: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for index, third, layout in _facts_beside(seen):
        layouts[third][index] = layout
    for layout_of in layouts.values():
        compared = answers.pairs.keys() & {*combinations(sorted(layout_of), 2)}
        for first, second in compared:
            are_alike = layout_of[first] == layout_of[second]
            kinds = set(map(attrgetter("kind"), answers.pairs[first, second].differences))
            if DifferenceKind.MEMBER in kinds and not are_alike:
                yield first, second


def _facts_beside(seen: Iterable[Seen]) -> Iterator[tuple[int, int, str]]:
    """Yield each runtime's index, the index of the runtime it was compared with, and its fact."""
    return chain.from_iterable(map(attrgetter("facts_beside"), seen))


def accepted_pairs(
    seen: Sequence[Seen], same: AbstractSet[Pair], answers: StepAnswers
) -> frozenset[Pair]:
    """Return the agreeing pairs whose two values a rule accepts as being of one kind.

    `is: uuid` accepts any two UUIDs as the same value.  A tolerance is not such a rule, as it is no
    equivalence.
    """
    where = paths_in(seen)
    found: set[Pair] = set()
    for pair in same & answers.pairs.keys():
        here = tuple(map(where.get, pair))
        rules = (rule for rule, paths in answers.pairs[pair].accepted if paths == here)
        if ValueRule in map(type, rules):
            found.add(pair)
    return frozenset(found)


def differing_pairs(
    seen: Iterable[Seen], elements: Iterable[Hashable], known: SharedElements
) -> frozenset[Pair]:
    """Return the pairs that differ in any way at some of the given elements of a place."""
    elements_of_pairs = list(shown_elements(seen, known))
    is_wanted = map({*elements}.__contains__, map(itemgetter(1), elements_of_pairs))
    return frozenset(map(itemgetter(0), compress(elements_of_pairs, is_wanted)))


def agreeing_with_all(
    seen: Sequence[Seen], apart: AbstractSet[Pair], answers: StepAnswers
) -> frozenset[int]:
    """Return the runtimes that agree with all the differing ones, though these differ.

    Agreement is no equivalence here.  With a tolerance, 2 may be near 1 and 3, though these are not
    near each other; or an address may be the own one of two runtimes, but not of a third.  Where
    only equal texts agree, no value is near two others.  Such a runtime must have one value that
    was compared with all others, so places within aligned lists do not count: their elements may
    have had a different partner in each comparison.
    """
    if not all(map(_is_of_values, map(attrgetter("difference"), seen))):
        return frozenset()
    differing = runtimes_in(seen)
    where = paths_in(seen)
    near: defaultdict[tuple[int, JsonPath], set[int]] = defaultdict(set)
    between: set[tuple[int, JsonPath]] = set()
    for pair in answers.pairs.keys() - apart:
        compared = answers.pairs[pair]
        inside = differing.intersection(pair)
        # Whether two of the differing runtimes agree is decided elsewhere
        if len(inside) != 1 or inside.isdisjoint(where):
            continue
        (index,) = inside
        side, place = pair.index(index), where[index]
        if not _is_single_comparison(compared, side, place):
            continue
        here = (pair[1 - side], compared.stops.partner(side, place))
        near[here].add(index)
        # Where only equal texts agree, no value is near two that differ
        if compared.takes_as_equal:
            between.add(here)
    return frozenset(here[0] for here in between if near[here].issuperset(differing))


def _is_single_comparison(compared: AnswerComparison, side: int, place: JsonPath) -> bool:
    """Return whether a place was compared as one value, and nothing within it differs."""
    stops = compared.stops
    if stops.is_aligned(side, place) or stops.in_part(side, place):
        return False
    if stops.covers(side, place, value=True):
        return False
    return not _differs_below(compared, side, place)


def _differs_below(compared: AnswerComparison, side: int, place: JsonPath) -> bool:
    """Return whether two answers differ within a value, or in the thing that an identity names."""
    other_identity = (DifferenceKind.IDENTITY, printable(render_path(place)))
    if other_identity in ((each.kind, each.places[side]) for each in compared.differences):
        return True
    paths = not_none(map(attrgetter("paths"), compared.differences))
    return any(map(partial(_is_within, place), map(itemgetter(side), paths)))


def _is_within(place: JsonPath, path: JsonPath) -> bool:
    return len(path) > len(place) and path[: len(place)] == place


def _is_of_values(found: Difference) -> bool:
    """Return whether a difference is of values, but not of the order in which they stand."""
    return found.kind is DifferenceKind.VALUE and found.idiom != ANOTHER_ORDER
