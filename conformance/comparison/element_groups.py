"""Differences of a place, grouped by aspect and by the elements that show them."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, combinations, compress, filterfalse, product, repeat, starmap
from operator import attrgetter, itemgetter
from typing import Final

from msgspec import Struct

from conformance.comparison.difference import DIFFERS, Occurrence
from conformance.comparison.places import Seen, runtimes_in
from conformance.comparison.shared_elements import SharedElements
from conformance.comparison.sides import Pair
from conformance.comparison.values.aligned_lists import AlignedLists
from conformance.comparison.values.element_ids import ElementId, indexes_on_side
from conformance.comparison.values.stops import Stops
from conformance.grouped import grouped
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import JsonPath


class ElementGroup(Struct, frozen=True):
    """The differences at some elements of a place, and which runtimes agree there.

    - `at_place`: all differences of the place.
    - `apart`: the pairs that differ at the elements in any way.
    - `same`: the pairs that do not differ there.
    - `without_partners`: the pairs whose elements are not partners in the aligned lists.
    """

    seen: Sequence[Seen]
    elements: Sequence[Hashable]
    at_place: Sequence[Seen]
    known: SharedElements
    apart: AbstractSet[Pair]
    same: AbstractSet[Pair]
    without_partners: AbstractSet[Pair]

    def at_elements(self) -> Iterator[Seen]:
        """Yield the differences of the place that the group's elements show.

        Columns that do not correspond by position differ in all elements.
        """
        if None in self.elements:
            yield from self.at_place
            return
        wanted = {*self.elements, None}
        for each in self.at_place:
            if not wanted.isdisjoint(_elements([each], self.known)):
                yield each


_layout: Final = attrgetter("difference.layout")
_pair: Final = attrgetter("pair")
_Group = tuple[list[Seen], list[Hashable]]
"""Differences, and the names of the elements that show exactly these."""


_OwnElements = dict[int, dict[ElementId, JsonPath]]
"""For each runtime, its own elements of one name with the path of each."""


def by_elements(seen: Sequence[Seen], known: SharedElements) -> Sequence[_Group]:
    """Group the differences of a place by the elements that show exactly these.

    Elements with the values `1|1|2` and `3|4|3` of three runtimes are two groups.  Columns that do
    not correspond by position have no elements, and are one group.  Which elements have a member is
    a group of its own, and so are the length and the order of a list.  Several idioms about the
    layout of objects may apply at one place: each is a group, too.
    """
    by_aspect = grouped(seen, lambda each: each.difference.aspect)
    if len(by_aspect) > 1:
        of_aspects = map(partial(by_elements, known=known), by_aspect.values())
        return list(chain.from_iterable(of_aspects))
    if len(seen) == 1:
        return [(list(seen), _elements(seen, known))]
    return _of_layouts(_by_differences(seen, known))


def _by_differences(seen: Sequence[Seen], known: SharedElements) -> Iterator[_Group]:
    """Yield elements with the differences that they show; layouts and kinds are separated."""
    shown_by: dict[tuple[Hashable, Hashable, int | None], dict[int, None]] = defaultdict(dict)
    first_of: dict[Hashable, int] = {}
    by_kind = _elements_with_several(seen, known)
    for index, each in enumerate(seen):
        for pair, element in shown_elements([each], known):
            kind = each.difference.kind if element in by_kind else None
            aspect = each.difference.layout or kind
            # a chain may join two elements of one pair: both differences are kept
            first = first_of.setdefault((element, aspect, pair), index)
            again = index if first != index else None
            shown_by[element, aspect, again][index] = None
    groups = grouped(shown_by, lambda group: tuple(shown_by[group]))
    for indexes, keys in groups.items():
        elements = list(map(itemgetter(0), keys))
        yield list(map(seen.__getitem__, indexes)), elements


def _of_layouts(groups: Iterable[_Group]) -> Sequence[_Group]:
    """Join groups of elements that show the same layout, even if other runtimes show it in each.

    Runtimes that occur in both groups must differ in both in the same pairs.
    """
    found: list[_Group] = []
    for seen, elements in groups:
        of_one_layout = map(_are_of_one_layout, map(itemgetter(0), found), repeat(seen))
        known = next(compress(found, of_one_layout), None)
        if known is None:
            found.append((seen, elements))
            continue
        # In place, so that the first group of a layout keeps its position
        known_seen, known_elements = known
        known_seen.extend(filterfalse(known_seen.__contains__, seen))
        known_elements.extend(filterfalse(known_elements.__contains__, elements))
    return found


def _are_of_one_layout(first: Sequence[Seen], second: Sequence[Seen]) -> bool:
    """Return whether groups show one layout, and their common runtimes differ in the same pairs."""
    layouts = set(map(_layout, (*first, *second)))
    if None in layouts or len(layouts) > 1:
        return False
    is_in_both = (runtimes_in(first) & runtimes_in(second)).issuperset
    pairs, others = map(_pair, first), map(_pair, second)
    return set(filter(is_in_both, pairs)) == set(filter(is_in_both, others))


def _elements_with_several(seen: Iterable[Seen], known: SharedElements) -> set[Hashable]:
    """Return the elements at which a pair shows several differences, to be grouped by kind."""
    without_layout = filterfalse(_layout, seen)
    showing = Counter(shown_elements(without_layout, known))
    return {element for (_, element), times in showing.items() if times > 1}


def _elements(seen: Sequence[Seen], known: SharedElements) -> list[Hashable]:
    """Return the names of the elements that show some differences, each once."""
    return list(dict.fromkeys(map(itemgetter(1), shown_elements(seen, known))))


def shown_elements(seen: Iterable[Seen], known: SharedElements) -> Iterator[tuple[Pair, Hashable]]:
    """Yield each pair of runtimes with the name of each element at which it shows a difference."""
    for pair, occurrence in occurrences(seen):
        yield pair, known.name(pair, occurrence.element)


def occurrences(seen: Iterable[Seen]) -> Iterator[tuple[Pair, Occurrence]]:
    """Yield each occurrence with the pair of runtimes that shows it, lengths first.

    So the example of a list does not depend on whether a third runtime has no list there.
    """
    in_order = sorted(seen, key=lambda each: each.difference.kind is not DifferenceKind.LENGTH)
    for each in in_order:
        yield from zip(repeat(each.pair), each.difference.occurrences)


def by_partners(
    seen: Sequence[Seen],
    elements: Sequence[Hashable],
    known: SharedElements,
    stops: Mapping[Pair, Stops],
) -> Iterator[tuple[Sequence[Hashable], frozenset[Pair]]]:
    """Group elements by the pairs of runtimes that have no partners there.

    Lists are aligned two by two: two runtimes may each have an element that is paired with the same
    one of a third, but not with each other's.  These two were not compared there, and are on two
    sides. Pairs that show one form, such as an envelope, beside a third runtime are never
    separated.
    """
    own: dict[Hashable, _OwnElements] = {}
    # Without alignment, elements are paired by index, and all have partners
    pairs = stops.keys() & combinations(sorted(runtimes_in(seen)), 2)
    if any(map(attrgetter("aligned"), map(stops.__getitem__, pairs))):
        own = _own_elements(seen, elements, known)
    alike = frozenset(_alike_in_form(seen))
    groups = grouped(
        elements, lambda name: frozenset(_pairs_without_partners(own.get(name, {}), stops)) - alike
    )
    for without_partners, names in groups.items():
        yield names, without_partners


def _alike_in_form(seen: Iterable[Seen]) -> Iterator[Pair]:
    """Yield the pairs that have the same fact of an idiom beside the same third runtime."""
    showing: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for each in seen:
        idiom = each.difference.idiom
        if idiom is None:
            continue
        for index, third, fact in each.facts_beside:
            showing[third, idiom, fact].append(index)
    for (_, _, fact), alike in showing.items():
        if fact != DIFFERS:
            yield from combinations(sorted(alike), 2)


def _own_elements(
    seen: Iterable[Seen], elements: Iterable[Hashable], known: SharedElements
) -> dict[Hashable, _OwnElements]:
    """Return for each element name the elements of each runtime with that name, and their paths."""
    own: dict[Hashable, _OwnElements] = {name: defaultdict(dict) for name in elements}
    for each in seen:
        paths = list(each.paths)
        for element in map(attrgetter("element"), each.difference.occurrences):
            name = known.name(each.pair, element)
            # Columns that do not correspond by position have no elements
            if element is None or name not in own:
                continue
            for side, (index, path) in enumerate(paths):
                own[name][index].setdefault(indexes_on_side(element, side), path)
    return own


def _pairs_without_partners(
    own: Mapping[int, Mapping[ElementId, JsonPath]], stops: Mapping[Pair, Stops]
) -> Iterator[Pair]:
    """Yield the pairs that have no partners among the elements of one name."""
    for pair in filter(stops.__contains__, combinations(sorted(own), 2)):
        first, second = pair
        every_two = product(own[first].items(), own[second].items())
        are_partners = partial(_are_partners, lists=stops[pair].aligned)
        if not any(starmap(are_partners, every_two)):
            yield pair


def _are_partners(
    first: tuple[ElementId, JsonPath],
    second: tuple[ElementId, JsonPath],
    lists: Sequence[AlignedLists],
) -> bool:
    """Return whether two elements are partners in the aligned lists; without these, by index."""
    if not lists:
        return not _have_other_indexes(first[0], second[0])
    (own_id, path), (other_id, at) = first, second
    return all(each.together((path, at), (own_id, other_id)) for each in lists)


def _have_other_indexes(first: ElementId, second: ElementId) -> bool:
    """Return whether two elements have different indexes in lists that were compared in order."""
    if len(first) != len(second) or first == second:
        return False
    return set(map(type, (*first, *second))) == {int}
