"""Which differences of several pairs of runtimes are about one place.

Runtimes may spell the place in several ways.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, product

from msgspec import Struct

from conformance.comparison.difference import DIFFERS, Difference
from conformance.comparison.idioms.member_names import path_without_convention
from conformance.comparison.lasting_values import Lasting, lasting_place
from conformance.comparison.sides import Pair
from conformance.comparison.values.stops import Stops
from conformance.model.finding import DifferenceKind, Side
from conformance.model.json_path import JsonPath


class Seen(Struct, frozen=True):
    """A difference, and the pair of runtimes that shows it."""

    pair: Pair
    difference: Difference


_Spelling = str | JsonPath
"""A place as a runtime spells it: a path within its body, or the name of a part of its answer."""


def by_place(seen: Sequence[Seen], stops: Mapping[Pair, Stops]) -> Iterator[Sequence[Seen]]:
    """Yield the differences of one place together: each side spells a place in its own way.

    `stops` tell which places of two runtimes were made one, also where nothing differs.
    """
    places: dict[_Spelling, list[Seen]] = {}
    for each in seen:
        places.setdefault(_common_spelling(each), []).append(each)
    linked = {pair: each for pair, each in stops.items() if each.has_links}
    for joined in _sharing_spellings(list(places.values()), linked):
        together_here = list(chain.from_iterable(joined))
        for layer in (
            [together_here] if _one_spelling_each(together_here) else _layers(together_here)
        ):
            yield from _of_layer(layer, joined)


def _layers(seen: Sequence[Seen]) -> Iterable[Sequence[Seen]]:
    """Part differences of a form around values from those of the values.

    Both may be at one place of a runtime.

    Of `"x"` and `["x"]` the form and the value are both at `$.p` on the first side; on the second
    the value is at `$.p[*]`.  What else stands at `$.p`, such as `["y"]` or null, has another form.
    A layout that is shown within such a form, too, as of names in an envelope, is of the values.
    """
    moving = (each for each in seen if each.difference.moves_values)
    forms = set(chain.from_iterable(map(_paths, moving)))
    within = {each.difference.layout for each in seen if not forms.issuperset(_paths(each))}
    layers: dict[bool, list[Seen]] = {}
    for each in seen:
        is_value = each.difference.kind is DifferenceKind.VALUE
        of_value = is_value or each.difference.layout in within - {None}
        of_form = each.difference.moves_values or not (of_value or forms.isdisjoint(_paths(each)))
        layers.setdefault(of_form, []).append(each)
    return layers.values()


def _paths(seen: Seen) -> Iterable[JsonPath]:
    return seen.difference.paths or ()


def _of_layer(layer: Sequence[Seen], joined: Iterable[Sequence[Seen]]) -> Iterator[Sequence[Seen]]:
    """Yield a layer whole, where each runtime has one spelling of its place, else by spelling."""
    if _one_spelling_each(layer):
        yield layer
        return
    for at_place in joined:
        here = [each for each in at_place if each in layer]
        if here:
            yield from [here] if _one_spelling_each(here) else _by_spelling(here)


def _sharing_spellings(
    groups: Sequence[Sequence[Seen]], linked: Mapping[Pair, Stops]
) -> Iterable[Sequence[Sequence[Seen]]]:
    """Put groups together in which a runtime spells its place alike, such as `$.data.id`.

    This also holds beside a bare `$.id`, and where the places of two runtimes are one.
    """
    joined = list(range(len(groups)))  # the first group that each belongs to
    first_with: dict[tuple[int, _Spelling], int] = {}
    for at, group in enumerate(groups):
        for spelling in _spellings_of_all(group, linked):
            one, other = _root(joined, first_with.setdefault(spelling, at)), _root(joined, at)
            joined[max(one, other)] = min(one, other)
    together_at: dict[int, list[Sequence[Seen]]] = {}
    for at, group in enumerate(groups):
        together_at.setdefault(_root(joined, at), []).append(group)
    return together_at.values()


def _spellings_of_all(
    seen: Iterable[Seen], linked: Mapping[Pair, Stops]
) -> Iterator[tuple[int, _Spelling]]:
    """Yield how runtimes spell a place, and how others do beside which it is the same one."""
    own = dict.fromkeys(spellings(seen))
    yield from own
    for (runtime, place), (pair, stops) in product(own, linked.items()):
        if runtime in pair and not isinstance(place, str):
            side = pair.index(runtime)
            other = stops.partner(side, place)
            if other != place:
                yield pair[1 - side], other


def _root(joined: list[int], at: int) -> int:
    while joined[at] != at:
        joined[at] = joined[joined[at]]
        at = joined[at]
    return at


def _common_spelling(seen: Seen) -> _Spelling:
    """Return one spelling of a place for all runtimes: the shallowest, names without convention."""
    places = [place for _, place in spellings([seen])]
    written = [place for place in places if isinstance(place, str)]
    if written:
        return written[0]
    plain = list(map(path_without_convention, places))
    return min(plain, key=lambda place: (len(place), repr(place)))


def spellings(seen: Iterable[Seen]) -> Iterator[tuple[int, _Spelling]]:
    """Yield how runtimes spell a place; one that has nothing there has no spelling of its own."""
    for each in seen:
        found = each.difference
        places: tuple[_Spelling, ...] = found.paths or found.places
        for runtime, place, nothing in zip(each.pair, places, found.nothing_there, strict=True):
            if not nothing:
                yield runtime, place


def _one_spelling_each(seen: Sequence[Seen]) -> bool:
    """Return whether each runtime has one spelling of a place.

    It must not be said to have nothing under another one.
    """
    known: dict[int, _Spelling] = {}
    if not all(known.setdefault(runtime, place) == place for runtime, place in spellings(seen)):
        return False
    return all(
        known.get(runtime, place) == place
        for each in seen
        for runtime, place in zip(
            each.pair, each.difference.paths or each.difference.places, strict=True
        )
    )


def _by_spelling(seen: Iterable[Seen]) -> Iterable[Sequence[Seen]]:
    """Group differences by their places, where one runtime would spell a shared place two ways."""
    groups: dict[frozenset[_Spelling], list[Seen]] = {}
    for each in seen:
        groups.setdefault(frozenset(place for _, place in spellings([each])), []).append(each)
    return groups.values()


def side_of(
    indexes: Sequence[int],
    names: tuple[str, ...],
    spelled: Mapping[int, str],
    spell: Sequence[Lasting],
) -> Side:
    """Return a side with the place as each runtime spells it, in this run and in every run."""
    places = tuple(spelled.get(index, "") for index in indexes)
    lasting = tuple(
        lasting_place(place, spell[index]) for index, place in zip(indexes, places, strict=True)
    )
    return Side(runtimes=names, places=places, lasting=() if lasting == places else lasting)


def written(seen: Iterable[Seen]) -> Iterator[tuple[int, str]]:
    """Yield how runtimes spell a place, as it is printed."""
    for each in seen:
        sides = zip(each.pair, each.difference.places, each.difference.nothing_there, strict=True)
        yield from ((runtime, place) for runtime, place, nothing in sides if not nothing)


def by_path(seen: Iterable[Seen]) -> Mapping[JsonPath, Sequence[Seen]]:
    """Return the differences of the types and members of one value each, by their paths."""
    found: dict[JsonPath, list[Seen]] = {}
    for each in seen:
        for path in filter(_is_of_one_value, set(_differing_paths(each.difference))):
            found.setdefault(path, []).append(each)
    return found


def _differing_paths(found: Difference) -> Iterable[JsonPath]:
    """Return the paths of what differs; of a layout those of the members that are its facts.

    Of `next` on one side and `count` on the other, each is a member of one side.
    """
    paths = found.paths or ()
    if found.layout is None:
        return paths
    return [(*path, name) for path, name in zip(paths, found.facts, strict=False)]


def _is_of_one_value(path: JsonPath) -> bool:
    return set(map(type, path)) <= {str}


def of_other_ways(
    seen: Sequence[Seen], at_path: Mapping[JsonPath, Sequence[Seen]]
) -> Iterator[Seen]:
    """Yield differences at a value that is the same one, though they are of another finding.

    Of a layout only where it says what a runtime has instead of a member.
    """
    paths = chain.from_iterable(each.difference.paths or () for each in seen)
    others = chain.from_iterable(at_path.get(path, ()) for path in dict.fromkeys(paths))
    yield from others if seen[0].difference.tells_presence else filter(_is_no_layout, others)


def _is_no_layout(seen: Seen) -> bool:
    return seen.difference.layout is None


def differing_from(
    others: AbstractSet[int], seen: Iterable[Seen], runtimes: Sequence[str]
) -> Iterator[str]:
    """Yield the runtimes that differ from any of others in some differences."""
    pairs = (each.pair for each in seen if not others.isdisjoint(each.pair))
    yield from map(runtimes.__getitem__, chain.from_iterable(pairs))


def shown_elsewhere(
    names: AbstractSet[str],
    here: AbstractSet[int],
    at_elements: Iterable[Seen],
    runtimes: Sequence[str],
) -> Iterator[tuple[str, str]]:
    """Yield those on no side with the facts that they show there beside those on sides."""
    facts: dict[str, dict[str, list[str]]] = {}
    for each in at_elements:
        for index, other, fact in zip(
            each.pair, each.pair[::-1], each.difference.facts, strict=True
        ):
            if runtimes[index] in names and other in here and fact != DIFFERS:
                facts.setdefault(runtimes[index], {}).setdefault(fact, []).append(runtimes[other])
    for name, found in sorted(facts.items()):
        beside = (f"{fact} beside {', '.join(dict.fromkeys(who))}" for fact, who in found.items())
        yield name, next(iter(found)) if len(found) == 1 else ", ".join(beside)
