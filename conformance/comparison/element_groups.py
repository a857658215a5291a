"""Differences of a place, grouped by what they are about, and by the elements that show just these."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import combinations

from conformance.comparison.difference import Occurrence
from conformance.comparison.places import Seen
from conformance.comparison.sent_values import is_same
from conformance.comparison.shared_elements import SharedElements
from conformance.comparison.sides import Pair
from conformance.comparison.values.element_ids import is_shifted
from conformance.model.finding import DifferenceKind


def by_elements(seen: Sequence[Seen], known: SharedElements) -> Iterable[tuple[Sequence[Seen], Sequence[Hashable]]]:
    """Group the differences of a place by the elements that show just these.

    Of three elements `1|1|2` and two `3|4|3` makes two groups.  Differences of columns that do not correspond by
    position have no element, and are one group.  In how many elements a runtime has a member is one fact about all of
    them, and a group beside those about the values; so are the length of a list and the order in it.  Idioms about the
    layout of objects stand over one another at one place, so each is a group of its own.
    """
    if len(seen) == 1:
        return [(seen, _elements(seen, known))]
    by_aspect = _by_aspect(seen)
    if len(by_aspect) > 1:
        return [group for of_aspect in by_aspect for group in by_elements(of_aspect, known)]
    if seen[0].difference.tells_presence and len({each.pair for each in seen}) == len(seen):
        return [(seen, _elements(seen, known))]
    shown_by: dict[tuple[Hashable, DifferenceKind | str | None], dict[int, None]] = {}
    by_kind = _in_several_ways(seen, known)
    for index, each in enumerate(seen):
        for pair, occurrence in occurrences([each]):
            element = known.name(pair, occurrence.element)
            group = each.difference.layout or (each.difference.kind if element in by_kind else None)
            shown_by.setdefault((element, group), {})[index] = None
    groups: dict[tuple[int, ...], list[Hashable]] = {}
    for (element, _), indexes in shown_by.items():
        groups.setdefault(tuple(indexes), []).append(element)
    return [([seen[index] for index in indexes], elements) for indexes, elements in groups.items()]


def _in_several_ways(seen: Iterable[Seen], known: SharedElements) -> set[Hashable]:
    """Return the elements in which a pair of runtimes shows several differences: these are kept apart by kind."""
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
    return list(dict.fromkeys(known.name(pair, occurrence.element) for pair, occurrence in occurrences(seen)))


def _by_aspect(seen: Sequence[Seen]) -> list[Sequence[Seen]]:
    """Group differences of a place by what they are about: see `Difference.aspect`."""
    aspects: dict[str, list[Seen]] = {}
    for each in seen:
        aspects.setdefault(each.difference.aspect, []).append(each)
    return list(aspects.values())


def occurrences(seen: Iterable[Seen]) -> Iterator[tuple[Pair, Occurrence]]:
    """Yield each occurrence with the pair of runtimes that shows it.

    Lengths come first: what is shown of a list must not depend on whether a third runtime has no list there.
    """
    in_order = sorted(seen, key=lambda each: each.difference.kind is not DifferenceKind.LENGTH)
    return ((each.pair, occurrence) for each in in_order for occurrence in each.difference.occurrences)


def sending_other_values(seen: Sequence[Seen], elements: Iterable[Hashable], known: SharedElements) -> frozenset[Pair]:
    """Return the runtimes that sent two values in elements of one name: lists were aligned two by two.

    Only the elements of one group count: what else its differences show is of other groups.
    """
    sent: dict[tuple[int, Hashable], object] = {}
    wanted, moved = set(elements), False
    for pair, occurrence in occurrences(seen):
        if known.name(pair, occurrence.element) not in wanted:
            continue
        moved |= occurrence.element is not None and is_shifted(occurrence.element)
        for index, value in zip(pair, (occurrence.a, occurrence.b), strict=True):
            sent.setdefault((index, known.name(pair, occurrence.element)), value)
    if not moved:
        return frozenset()
    names = dict.fromkeys(name for _, name in sent)
    return frozenset(
        (one, two)
        for one, two in combinations(sorted({index for index, _ in sent}), 2)
        for name in names
        if (one, name) in sent and (two, name) in sent and not is_same(sent[one, name], sent[two, name])
    )
