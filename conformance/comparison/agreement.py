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
    """A place as its differences show it, and what of it they are about.

    `written` is its name, `where` its path by runtime, `having` are the runtimes that have
    something there.
    """

    written: str
    where: Mapping[int, JsonPath]
    having: AbstractSet[int]
    of_values: bool
    of_columns: bool

    def is_compared(self, pair: Pair, stops: Stops) -> bool:
        """Return whether two runtimes without a difference here were compared here."""
        if stops.omits(self.written):
            return False
        # Two columns may have other types though nothing differs between partners
        if self.of_columns and self._is_in_part(pair, stops):
            return False
        # Statuses are compared between all runtimes, whatever their bodies are
        return self.written == _STATUS or self._is_within_bodies(pair, stops)

    def _is_in_part(self, pair: Pair, stops: Stops) -> bool:
        """Return whether two runtimes' elements were compared only where these have partners."""
        where = map(self.where.get, pair)
        return any(
            path is not None and stops.in_part(side, path) for side, path in enumerate(where)
        )

    def _is_within_bodies(self, pair: Pair, stops: Stops) -> bool:
        """Return whether a place was compared in the bodies of two runtimes.

        Where either has nothing there, it has no spelling of its own that would have to correspond
        to the other's; but what the other has there may be what it calls by another name.
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
        """Return whether the places of two runtimes are one place in their bodies."""
        first, second = places = self.where[pair[0]], self.where[pair[1]]
        if self.having >= {*pair}:
            return stops.correspond(places)
        return (stops.partner(1, second), stops.partner(0, first)) == places


def agreeing_pairs(seen: Sequence[Seen], answers: StepAnswers) -> frozenset[Pair]:
    """Return which of the runtimes that differ from any other at a place agree there.

    They were compared there and do not differ.
    """
    apart = set(map(attrgetter("pair"), seen))
    differing = runtimes_in(seen)
    # Where a runtime has something, its own spelling counts, and not that of the pair
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
    return not isinstance(spelling[1], str)


def _is_of_a_value(seen: Seen) -> bool:
    """Return whether a difference is of values, even if these are names, which are shape.

    Nothing but a look at each element shows which of them have a member.
    """
    difference = seen.difference
    is_of_elements = difference.kind is DifferenceKind.VALUE or difference.tells_elements
    return is_of_elements or difference.facet is Facet.VALUE


def _is_of_columns(seen: Seen) -> bool:
    """Return whether a difference is of the types of whole columns, not of any one element."""
    elements = map(attrgetter("element"), seen.difference.occurrences)
    return seen.difference.kind is DifferenceKind.TYPE and None in elements


def alike_beside_a_third(
    seen: Sequence[Seen], same: AbstractSet[Pair], known: SharedElements, answers: StepAnswers
) -> frozenset[Pair]:
    """Return which runtimes that were not compared sent the same value.

    A third runtime beside them did not send it.

    In two envelopes of other names a value stands at two places; only a third runtime's bare value
    is beside both.
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
    """Return what each runtime sent at each element, the first of it.

    Nothing where columns do not correspond by position.
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
    """Return whether two runtimes sent the same at the same elements."""
    if own.keys() != others.keys():
        return False
    return all(map(is_same, own.values(), map(others.__getitem__, own)))


def _kinds(seen: Iterable[Seen]) -> set[DifferenceKind]:
    return set(map(attrgetter("difference.kind"), seen))


def alike_in_kind(seen: Sequence[Seen], same: AbstractSet[Pair]) -> frozenset[Pair]:
    """Return which runtimes that were not compared both have a member, lack it, or have one type.

    A third runtime beside them says so.
    """
    of_types = _kinds(seen) == {DifferenceKind.TYPE}
    of_presence = all(map(attrgetter("difference.tells_presence"), seen))
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


def _fact_in_common(beside: Mapping[int, str], *, of_types: bool) -> Hashable:
    """Return what runtimes that are alike have in common: None where it makes none alike.

    It is one fact beside every third runtime, or one type beside each.  A fact must be of all
    elements: two may lack a member in others each.
    """
    facts = set(beside.values())
    if SOMETIMES_PRESENT in facts:
        return None
    if len(facts) == 1:
        return frozenset(facts)
    return frozenset(beside.items()) if of_types else None


def unlike_in_layout(seen: Sequence[Seen], answers: StepAnswers) -> Iterator[Pair]:
    """Yield which runtimes show two layouts beside the same third one, as two envelopes.

    They differ in members too, though another finding tells it.
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
    """Yield what runtimes show beside others: the index of either, and the fact."""
    return chain.from_iterable(map(attrgetter("facts_beside"), seen))


def accepted_pairs(
    seen: Sequence[Seen], same: AbstractSet[Pair], answers: StepAnswers
) -> frozenset[Pair]:
    """Return which agreeing runtimes sent two values of a place that a rule about a kind accepts.

    `is: uuid` takes any two UUIDs for the same; a tolerance does not, being no equivalence.
    """
    where = paths_in(seen)
    found: set[Pair] = set()
    for pair in same & answers.pairs.keys():
        here = tuple(map(where.get, pair))
        rules = (rule for rule, paths in answers.pairs[pair].accepted if paths == here)
        if ValueRule in map(type, rules):
            found.add(pair)
    return frozenset(found)


def pairs_apart(
    seen: Iterable[Seen], elements: Iterable[Hashable], known: SharedElements
) -> frozenset[Pair]:
    """Return the runtimes that differ at any of some elements of a place, in whatever way."""
    elements_of_pairs = list(shown_elements(seen, known))
    is_wanted = map({*elements}.__contains__, map(itemgetter(1), elements_of_pairs))
    return frozenset(map(itemgetter(0), compress(elements_of_pairs, is_wanted)))


def near_to_all(
    seen: Sequence[Seen], apart: AbstractSet[Pair], answers: StepAnswers
) -> frozenset[int]:
    """Return the runtimes that differ from none that differ from each other.

    Agreement is no equivalence here.

    With the tolerance of a rule 2 may be near 1 and near 3, though these are not near each other.
    An address may be the own one of the two runtimes that send it, and of no third one.  Where no
    text counts as equal to another, no value is near two others.  Such a runtime has one value,
    which was held against those of all others.  Of lists that are aligned two by two this is not
    known: it may have been held against another element of each.
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
        # Whether two agree that both differ here is another question
        if len(inside) != 1 or inside.isdisjoint(where):
            continue
        (index,) = inside
        side, place = pair.index(index), where[index]
        if not _is_held_against_one(compared, side, place):
            continue
        here = (pair[1 - side], compared.stops.partner(side, place))
        near[here].add(index)
        # Where only the same text is equal, no value is near two that differ
        if compared.takes_as_equal:
            between.add(here)
    return frozenset(here[0] for here in between if near[here].issuperset(differing))


def _is_held_against_one(compared: AnswerComparison, side: int, place: JsonPath) -> bool:
    """Return whether the value at a place was held against one value, and does not differ in it."""
    stops = compared.stops
    if stops.is_aligned(side, place) or stops.in_part(side, place):
        return False
    if stops.covers(side, place, value=True):
        return False
    return not _differs_below(compared, side, place)


def _differs_below(compared: AnswerComparison, side: int, place: JsonPath) -> bool:
    """Return whether two answers differ within a value, such as in an element of a list.

    Or in the thing that it identifies.
    """
    another_thing = (DifferenceKind.IDENTITY, printable(render_path(place)))
    if another_thing in ((each.kind, each.places[side]) for each in compared.differences):
        return True
    paths = not_none(map(attrgetter("paths"), compared.differences))
    return any(map(partial(_is_within, place), map(itemgetter(side), paths)))


def _is_within(place: JsonPath, path: JsonPath) -> bool:
    return len(path) > len(place) and path[: len(place)] == place


def _is_of_values(found: Difference) -> bool:
    """Return whether a difference is about values, and not about the order in which they stand."""
    return found.kind is DifferenceKind.VALUE and found.idiom != ANOTHER_ORDER
