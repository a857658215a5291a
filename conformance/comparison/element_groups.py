"""Differences of a place, grouped by their subject and by the elements that show just these."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, filterfalse, product
from operator import attrgetter

from conformance.comparison.difference import DIFFERS, Occurrence
from conformance.comparison.places import Seen
from conformance.comparison.shared_elements import SharedElements
from conformance.comparison.sides import Pair
from conformance.comparison.values.element_ids import ElementId, indexes_on_side
from conformance.comparison.values.stops import Stops
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import JsonPath


def by_elements(
    seen: Sequence[Seen], known: SharedElements
) -> Iterable[tuple[Sequence[Seen], Sequence[Hashable]]]:
    """Group the differences of a place by the elements that show just these.

    Of three elements `1|1|2` and two `3|4|3` makes two groups.  Differences of columns that do not
    correspond by position have no element, and are one group.  In how many elements a runtime has a
    member is one fact about all of them, and a group beside those about the values; so are the
    length of a list and the order in it.  Idioms about the layout of objects stand over one another
    at one place, so each is a group of its own.
    """
    if len(seen) == 1:
        return [(seen, _elements(seen, known))]
    by_aspect = _by_aspect(seen)
    if len(by_aspect) > 1:
        return [group for of_aspect in by_aspect for group in by_elements(of_aspect, known)]
    if seen[0].difference.tells_presence and len({each.pair for each in seen}) == len(seen):
        return [(seen, _elements(seen, known))]
    shown_by: dict[Hashable, tuple[Hashable, dict[int, None]]] = {}
    first_of: dict[Hashable, int] = {}
    by_kind = _in_several_ways(seen, known)
    for index, each in enumerate(seen):
        for pair, occurrence in occurrences([each]):
            element = known.name(pair, occurrence.element)
            group = each.difference.layout or (each.difference.kind if element in by_kind else None)
            # a chain may make one of two elements of a pair: what both show is kept
            first = first_of.setdefault((element, group, pair), index)
            again = index if first != index else None
            shown_by.setdefault((element, group, again), (element, {}))[1][index] = None
    groups: dict[tuple[int, ...], list[Hashable]] = {}
    for element, indexes in shown_by.values():
        groups.setdefault(tuple(indexes), []).append(element)
    found = [([seen[index] for index in indexes], each) for indexes, each in groups.items()]
    return _of_layouts(found)


def _of_layouts(
    groups: Iterable[tuple[list[Seen], list[Hashable]]],
) -> Sequence[tuple[list[Seen], list[Hashable]]]:
    """Join elements that show one layout of objects, where only some runtimes have each.

    Two runtimes that both show something in two elements differ in both of them, or in none.
    """
    found: list[tuple[list[Seen], list[Hashable]]] = []
    for seen, elements in groups:
        known = next((each for each in found if _are_of_one_layout(each[0], seen)), None)
        if known is None:
            found.append((seen, elements))
        else:
            known[0].extend(filterfalse(known[0].__contains__, seen))
            known[1].extend(filterfalse(known[1].__contains__, elements))
    return found


def _are_of_one_layout(first: Sequence[Seen], second: Sequence[Seen]) -> bool:
    both = {*_runtimes(first)} & {*_runtimes(second)}
    pairs, others = (
        set(filter(both.issuperset, map(attrgetter("pair"), seen))) for seen in (first, second)
    )
    layouts = {each.difference.layout for each in (*first, *second)}
    return None not in layouts and len(layouts) == 1 and pairs == others


def _in_several_ways(seen: Iterable[Seen], known: SharedElements) -> set[Hashable]:
    """Return the elements where a runtime pair shows several differences, kept apart by kind."""
    shown: set[tuple[Pair, Hashable]] = set()
    found: set[Hashable] = set()
    for pair, occurrence in occurrences(each for each in seen if each.difference.layout is None):
        element = known.name(pair, occurrence.element)
        if (pair, element) in shown:
            found.add(element)
        shown.add((pair, element))
    return found


def _elements(seen: Sequence[Seen], known: SharedElements) -> list[Hashable]:
    """Return the names of the elements that show some differences, each once."""
    return list(
        dict.fromkeys(
            known.name(pair, occurrence.element) for pair, occurrence in occurrences(seen)
        )
    )


def _by_aspect(seen: Sequence[Seen]) -> list[Sequence[Seen]]:
    """Group differences of a place by what they are about: see `Difference.aspect`."""
    aspects: dict[str, list[Seen]] = {}
    for each in seen:
        aspects.setdefault(each.difference.aspect, []).append(each)
    return list(aspects.values())


def occurrences(seen: Iterable[Seen]) -> Iterator[tuple[Pair, Occurrence]]:
    """Yield each occurrence with the pair of runtimes that shows it.

    Lengths come first: what is shown of a list must not depend on whether a third runtime has no
    list there.
    """
    in_order = sorted(seen, key=lambda each: each.difference.kind is not DifferenceKind.LENGTH)
    return (
        (each.pair, occurrence) for each in in_order for occurrence in each.difference.occurrences
    )


def by_partners(
    seen: Sequence[Seen],
    elements: Sequence[Hashable],
    known: SharedElements,
    stops: Mapping[Pair, Stops],
) -> Iterator[tuple[Sequence[Hashable], frozenset[Pair]]]:
    """Part elements by which runtimes lack partners there, by the alignment of their pair.

    Lists are aligned two by two: of two runtimes that have an element beside a third one's, each
    may have it beside another element of the other one.  These two were not held against each other
    there, and are on two sides.  Those that show one form, such as an envelope, beside a third one
    are not kept apart by which elements they are.
    """
    own: dict[Hashable, dict[int, dict[ElementId, JsonPath]]] = {}
    if any(stops[pair].aligned for pair in combinations(_runtimes(seen), 2) if pair in stops):
        own = _own_elements(seen, elements, known)
    alike = frozenset(_alike_in_form(seen))
    groups: dict[frozenset[Pair], list[Hashable]] = {}
    for name in elements:
        strangers = frozenset(_strangers(own.get(name, {}), stops)) - alike
        groups.setdefault(strangers, []).append(name)
    yield from ((names, strangers) for strangers, names in groups.items())


def _alike_in_form(seen: Iterable[Seen]) -> Iterator[Pair]:
    """Yield which runtimes an idiom gives one fact beside the same third one."""
    showing: dict[tuple[int, str | None, str], list[int]] = {}
    for each in seen:
        sides = zip(each.pair, each.pair[::-1], each.difference.facts, strict=True)
        for index, other, fact in sides if each.difference.idiom is not None else ():
            if fact != DIFFERS:
                showing.setdefault((other, each.difference.idiom, fact), []).append(index)
    for alike in showing.values():
        yield from combinations(sorted(alike), 2)


def _runtimes(seen: Iterable[Seen]) -> list[int]:
    return sorted({index for each in seen for index in each.pair})


def _own_elements(
    seen: Iterable[Seen], elements: Iterable[Hashable], known: SharedElements
) -> dict[Hashable, dict[int, dict[ElementId, JsonPath]]]:
    """Return for each element name and runtime which own elements have the name, and where."""
    own: dict[Hashable, dict[int, dict[ElementId, JsonPath]]] = {name: {} for name in elements}
    for each in seen:
        for occurrence in each.difference.occurrences if each.difference.paths is not None else ():
            name = known.name(each.pair, occurrence.element)
            if occurrence.element is None or name not in own:
                continue
            for side, (index, path) in enumerate(
                zip(each.pair, each.difference.paths or (), strict=True)
            ):
                own[name].setdefault(index, {}).setdefault(
                    indexes_on_side(occurrence.element, side), path
                )
    return own


def _strangers(
    own: Mapping[int, Mapping[ElementId, JsonPath]], stops: Mapping[Pair, Stops]
) -> Iterator[Pair]:
    """Yield which runtimes have no partners among the elements that have one name."""
    for pair in combinations(sorted(own), 2):
        if pair not in stops:
            continue
        lists = stops[pair].aligned
        if not any(
            all(each.together((path, at), (own_id, other_id)) for each in lists)
            and (lists or not _at_two_indexes(own_id, other_id))
            for (own_id, path), (other_id, at) in product(
                own[pair[0]].items(), own[pair[1]].items()
            )
        ):
            yield pair


def _at_two_indexes(first: ElementId, second: ElementId) -> bool:
    """Return whether two elements stand at two indexes of lists that were compared in order."""
    plain = all(type(step) is int for step in (*first, *second))
    return plain and len(first) == len(second) and first != second
