"""Which differences of several pairs of runtimes are about one place.

The runtimes may spell the place differently.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, compress, filterfalse, product, repeat
from operator import attrgetter, itemgetter, not_
from typing import Final, TypeVar

from msgspec import Struct

from conformance.comparison.difference import DIFFERS, Difference
from conformance.comparison.idioms.member_names import path_without_convention
from conformance.comparison.lasting_values import Lasting, lasting_place
from conformance.comparison.sides import Pair
from conformance.comparison.values.objects import picked
from conformance.comparison.values.stops import Stops
from conformance.grouped import grouped
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import JsonPath
from conformance.model.side import Side

_Value = TypeVar("_Value")


class Seen(Struct, frozen=True):
    """A difference, and the pair of runtimes that shows it."""

    pair: Pair
    difference: Difference

    @property
    def paths(self) -> Iterator[tuple[int, JsonPath]]:
        """Yield each runtime with the path in its body; nothing for a place outside the bodies."""
        return zip(self.pair, self.difference.known_paths, strict=False)

    @property
    def places(self) -> Iterator[tuple[int, "_Spelling"]]:
        """Yield each runtime with the place, even if it has nothing there."""
        places: tuple[_Spelling, ...] = self.difference.paths or self.difference.places
        return zip(self.pair, places, strict=True)

    @property
    def facts_beside(self) -> Iterator[tuple[int, int, str]]:
        """Yield each runtime, the runtime that it is compared with, and its fact."""
        return zip(self.pair, self.pair[::-1], self.difference.facts, strict=True)

    def of_those_there(self, values: Iterable[tuple[int, _Value]]) -> Iterator[tuple[int, _Value]]:
        """Yield the values of the runtimes, without a runtime that has nothing at the place."""
        return compress(values, map(not_, self.difference.nothing_there))


def runtimes_in(seen: Iterable[Seen]) -> set[int]:
    """Return the runtimes of all pairs in some differences."""
    return set(chain.from_iterable(map(attrgetter("pair"), seen)))


def paths_in(seen: Iterable[Seen]) -> dict[int, JsonPath]:
    """Return the path of a place in the body of each runtime; the last one if there are several."""
    return dict(chain.from_iterable(map(attrgetter("paths"), seen)))


_paths: Final = attrgetter("difference.known_paths")
_moves_values: Final = attrgetter("difference.moves_values")
_Spelling = str | JsonPath
"""A place as a runtime spells it: a path in its body, or the name of a part of its answer."""


def by_place(seen: Sequence[Seen], stops: Mapping[Pair, Stops]) -> Iterator[Sequence[Seen]]:
    """Yield the differences grouped by place, which each runtime may spell in its own way.

    `stops` say which places of two runtimes correspond, even if nothing differs there.
    """
    places = grouped(seen, _common_spelling)
    has_links = map(attrgetter("has_links"), stops.values())
    linked = dict(compress(stops.items(), has_links))
    for joined in _sharing_spellings(list(places.values()), linked):
        together = list(chain.from_iterable(joined))
        for layer in _layers(together):
            yield from _of_layer(layer, joined)


def _layers(seen: Sequence[Seen]) -> Iterable[Sequence[Seen]]:
    """Separate differences in the form around values from those in the values themselves.

    Both may have one path in a runtime.  For `"x"` and `["x"]`, form and value are both at `$.p` on
    the first side, but on the second the value is at `$.p[*]`.  Other values at `$.p`, such as
    `["y"]` or null, differ in form.  A layout that also occurs within such a form, as of names in
    an envelope, belongs to the values.
    """
    if _one_spelling_each(seen):
        return [seen]
    moving = filter(_moves_values, seen)
    forms = set(chain.from_iterable(map(_paths, moving)))
    within = (each for each in seen if not forms.issuperset(_paths(each)))
    layouts_within = set(map(attrgetter("difference.layout"), within)) - {None}

    def is_of_form(each: Seen) -> bool:
        if _moves_values(each):
            return True
        is_of_values = each.difference.kind is DifferenceKind.VALUE
        if is_of_values or each.difference.layout in layouts_within:
            return False
        return not forms.isdisjoint(_paths(each))

    return grouped(seen, is_of_form).values()


def _of_layer(layer: Sequence[Seen], joined: Iterable[Sequence[Seen]]) -> Iterator[Sequence[Seen]]:
    """Yield a layer as a whole if each runtime has one spelling of its place, else by spelling."""
    if _one_spelling_each(layer):
        yield layer
        return
    # Only a third runtime connects these: each is a place of its own
    for at_place in joined:
        part = list(filter(layer.__contains__, at_place))
        if part:
            yield from _by_spelling(part)


def _sharing_spellings(
    groups: Sequence[Sequence[Seen]], linked: Mapping[Pair, Stops]
) -> Iterable[Sequence[Sequence[Seen]]]:
    """Join the groups in which a runtime spells its place alike.

    For example, one runtime's `$.id` is compared with `$.data.id` of two others.  Groups with
    places that correspond in two runtimes are joined, too.
    """
    joined = list(range(len(groups)))  # the first group that each belongs to
    first_with: dict[tuple[int, _Spelling], int] = {}
    for at, group in enumerate(groups):
        for spelling in _spellings_of_all(group, linked):
            first = _root(joined, first_with.setdefault(spelling, at))
            own = _root(joined, at)
            joined[max(first, own)] = min(first, own)
    by_root = grouped(range(len(groups)), partial(_root, joined))
    return list(map(picked, repeat(groups), by_root.values()))


def _spellings_of_all(
    seen: Iterable[Seen], linked: Mapping[Pair, Stops]
) -> Iterator[tuple[int, _Spelling]]:
    """Yield each runtime's spelling of a place, and the corresponding ones of other runtimes."""
    own = dict.fromkeys(spellings(seen))
    yield from own
    for (runtime, place), (pair, stops) in product(own, linked.items()):
        # A part of an answer, such as `status`, has one name for all runtimes
        if isinstance(place, str) or runtime not in pair:
            continue
        side = pair.index(runtime)
        other = stops.partner(side, place)
        if other != place:
            yield pair[1 - side], other


def _root(joined: list[int], at: int) -> int:
    """Return the first of all groups that a group is joined with."""
    while joined[at] != at:
        # Halve the path, so that the next search is faster
        joined[at] = joined[joined[at]]
        at = joined[at]
    return at


def _common_spelling(seen: Seen) -> _Spelling:
    """Return the shortest spelling of a place, without convention: one for all runtimes."""
    plain: list[JsonPath] = []
    for _, place in spellings([seen]):
        if isinstance(place, str):
            return place
        plain.append(path_without_convention(place))
    return min(plain, key=lambda place: (len(place), repr(place)))


def spellings(seen: Iterable[Seen]) -> Iterator[tuple[int, _Spelling]]:
    """Yield each runtime's spelling of a place; a runtime that has nothing there has none."""
    for each in seen:
        yield from each.of_those_there(each.places)


def _one_spelling_each(seen: Sequence[Seen]) -> bool:
    """Return whether each runtime has one spelling of the place, even if it has nothing there."""
    # If a runtime has two spellings, the last one differs from the other
    own = dict(spellings(seen))
    everywhere = chain.from_iterable(map(attrgetter("places"), seen))
    return all(own.get(runtime, place) == place for runtime, place in everywhere)


def _by_spelling(seen: Sequence[Seen]) -> Iterable[Sequence[Seen]]:
    """Return the differences as one group if each runtime has one spelling, else by spelling."""
    if _one_spelling_each(seen):
        return [seen]
    return grouped(seen, _own_spellings).values()


def _own_spellings(seen: Seen) -> frozenset[_Spelling]:
    return frozenset(map(itemgetter(1), spellings([seen])))


def side_of(
    indexes: Sequence[int],
    names: tuple[str, ...],
    spelled: Mapping[int, str],
    spell: Sequence[Lasting],
) -> Side:
    """Return a side with the place as each runtime spells it, in this run and in every run."""
    places = tuple(map(spelled.get, indexes, repeat("")))
    lasting = tuple(map(lasting_place, places, map(spell.__getitem__, indexes)))
    if lasting == places:
        lasting = ()
    return Side(runtimes=names, places=places, lasting=lasting)


def written(seen: Iterable[Seen]) -> Iterator[tuple[int, str]]:
    """Yield each runtime with its spelling of the place as printed."""
    for each in seen:
        printed = zip(each.pair, each.difference.places, strict=True)
        yield from each.of_those_there(printed)


def by_path(seen: Iterable[Seen]) -> Mapping[JsonPath, Sequence[Seen]]:
    """Return, by path, the differences at places that have only one value in a body."""
    found: defaultdict[JsonPath, list[Seen]] = defaultdict(list)
    for each in seen:
        for path in filter(_is_of_one_value, set(_differing_paths(each.difference))):
            found[path].append(each)
    return dict(found)


def _differing_paths(found: Difference) -> Iterable[JsonPath]:
    """Return the paths that differ; for a layout, the paths of the members that are its facts.

    For `next` on one side and `count` on the other, each is a member of one side.
    """
    if found.layout is None:
        return found.known_paths
    both = zip(found.known_paths, found.facts, strict=False)
    return [(*path, name) for path, name in both]


def _is_of_one_value(path: JsonPath) -> bool:
    """Return whether a path leads to a single value: it has names only, no lists."""
    return set(map(type, path)) <= {str}


def of_other_findings(
    seen: Sequence[Seen], at_path: Mapping[JsonPath, Sequence[Seen]]
) -> Iterator[Seen]:
    """Return differences at the same value that belong to another finding.

    A layout is included only for a missing member, as it says what a runtime has instead.
    """
    paths = dict.fromkeys(chain.from_iterable(map(_paths, seen)))
    others = chain.from_iterable(map(at_path.get, paths, repeat(())))
    if seen[0].difference.is_of_presence:
        return others
    return filter(_is_no_layout, others)


def _is_no_layout(seen: Seen) -> bool:
    return seen.difference.layout is None


def differing_from(
    others: AbstractSet[int], seen: Iterable[Seen], runtimes: Sequence[str]
) -> Iterator[str]:
    """Yield the names of runtimes that differ from any of the given ones."""
    pairs = filterfalse(others.isdisjoint, map(attrgetter("pair"), seen))
    yield from map(runtimes.__getitem__, chain.from_iterable(pairs))


def shown_elsewhere(
    names: AbstractSet[str],
    here: AbstractSet[int],
    at_elements: Iterable[Seen],
    runtimes: Sequence[str],
) -> Iterator[tuple[str, str]]:
    """Yield each runtime that is on no side, with its facts beside the runtimes on sides."""
    facts: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for index, other, fact in chain.from_iterable(map(attrgetter("facts_beside"), at_elements)):
        name = runtimes[index]
        if name not in names or other not in here:
            continue
        says_what = fact != DIFFERS
        if says_what:
            facts[name].setdefault(fact, []).append(runtimes[other])
    for name, beside in sorted(facts.items()):
        yield name, _facts_in_words(beside)


def _facts_in_words(by_name: Mapping[str, Sequence[str]]) -> str:
    """Return a single fact unchanged; several facts each with the runtimes it is shown beside."""
    if len(by_name) == 1:
        return next(iter(by_name))
    in_words: list[str] = []
    for fact, names in by_name.items():
        once_each = ", ".join(dict.fromkeys(names))
        in_words.append(f"{fact} beside {once_each}")
    return ", ".join(in_words)
