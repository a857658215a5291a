"""The member by which the elements of two lists identify themselves."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain, product, starmap
from operator import attrgetter, is_not
from typing import Final, NamedTuple

from msgspec import Struct

from conformance.comparison.budget import check
from conformance.comparison.idioms.member_names import NAMESPACE, normalised, words_of
from conformance.comparison.values.columns import members_of
from conformance.comparison.values.last_asked import LastAsked
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import not_none, positions_of

_OF_ONE_THING: Final = frozenset(("id", "ids", "uuid", "guid", "sku", "slug", "urn", "isbn"))
"""Words that end the name of a member which says what one thing its element is.

An element that a list has twice, as at the edge of two pages, still is this one.
"""
_TYPES: Final = frozenset({str, int})
_OF_IDS: Final = _OF_ONE_THING | {"key", "code", "ref", "href"}
"""Words that end the name of a member which identifies what it is in."""

_OF_NAMES: Final = frozenset(("name", "title", "label", "path", "url", "uri", "href", "email"))
"""Words that end the name of a member by which people call what it is in."""


class OwnIds(Struct, frozen=True):
    """A member's name in one spelling, and its value as text in each element of a list.

    None stands for an element without an id.
    """

    name: str
    values: tuple[str | None, ...]
    of_one_thing: bool = True

    @property
    def of_all(self) -> bool:
        """Return whether each element of the list has an id."""
        return None not in self.values

    @property
    def holders(self) -> set[int]:
        """Return the indexes of the elements that have an id."""
        return set(positions_of(map(partial(is_not, None), self.values)))

    @property
    def times(self) -> Counter[str | None]:
        """Return how often the list has each id."""
        times = Counter(self.values)
        times.pop(None, None)
        return times

    @property
    def unique(self) -> bool:
        """Return whether no two elements of the list have one id."""
        known = not_none(self.values)
        return len(set(known)) == len(known)

    @property
    def mostly_unique(self) -> bool:
        """Return whether no more than every second id of the list is a repeated one."""
        times = self.times
        return 2 * len(times) >= times.total()

    @property
    def may_identify(self) -> bool:
        """Return whether the ids tell elements apart, but for one thing that a list has twice."""
        if self.unique:
            return True
        # a `code` that comes again is a status or a colour; an `id` that does is the same thing
        return self.of_one_thing and self.mostly_unique

    def called(self) -> Callable[[int], str | None]:
        """Return what tells how an element is called: by its id, and how often it came before."""
        if self.unique:
            return self._called_by_id
        return self._called_by_times().__getitem__

    def _called_by_id(self, at: int) -> str | None:
        value = self.values[at]
        return None if value is None else f"{self.name} {value}"

    def _called_by_times(self) -> list[str | None]:
        times: Counter[str] = Counter()
        found: list[str | None] = [None] * len(self.values)
        for at, value in enumerate(self.values):
            if value is None:
                continue
            times[value] += 1
            again = f", time {times[value]}" if times[value] > 1 else ""
            found[at] = f"{self.name} {value}{again}"
        return found


class IdsOfTwo(NamedTuple):
    """The ids of the elements of two lists."""

    first: OwnIds
    second: OwnIds

    @property
    def of_one_name(self) -> bool:
        """Return whether both lists have their ids under one name."""
        return self.first.name == self.second.name

    @property
    def of_one_thing(self) -> bool:
        """Return whether the ids say what one thing an element is."""
        return all(map(attrgetter("of_one_thing"), self))

    @property
    def of_all(self) -> bool:
        """Return whether each element of both lists has an id."""
        return all(map(attrgetter("of_all"), self))

    @property
    def unique(self) -> bool:
        """Return whether neither list has an id twice."""
        return all(map(attrgetter("unique"), self))

    @property
    def unique_in_one(self) -> bool:
        """Return whether either list has no id twice: only then they say which one each is."""
        return any(map(attrgetter("unique"), self))

    @property
    def once_in_both(self) -> set[str | None]:
        """Return the ids that either list has once."""
        times, others = self.first.times, self.second.times
        return {value for value, count in times.items() if count == others[value] == 1}


def _shared_ids(x: Sequence[Json], y: Sequence[Json]) -> IdsOfTwo | None:
    """Return what identifies the objects of two lists: texts or integers under one id name.

    First comes a name that all elements have, then one by which some are known in both lists. Of
    several, first comes a name under which either list has no id twice, then the shortest one.
    """
    candidates = starmap(IdsOfTwo, product(_candidates(x), _candidates(y)))
    both = list(filter(attrgetter("of_one_name"), candidates))
    of_all = list(filter(attrgetter("of_all"), both))
    return _clearest(of_all) or _clearest(list(filter(attrgetter("once_in_both"), both)))


shared_ids: Final = LastAsked(_shared_ids, 2)
"""Gives what identifies the objects of two lists: asked for when these are aligned, and for ids."""


def _clearest(both: Sequence[IdsOfTwo]) -> IdsOfTwo | None:
    """Return the first ids that no list has twice, else the first that say which thing it is."""
    unique = filter(attrgetter("unique"), both)
    of_one_thing = filter(attrgetter("of_one_thing"), both)
    return next(chain(unique, of_one_thing), None)


def _candidates(elements: Sequence[Json]) -> Iterator[OwnIds]:
    """Yield the members that may identify the objects of a list, the shortest name first."""
    members = members_of(elements)
    names = filter(is_of_ids, members)
    for name in sorted(names, key=_shortest_first):
        check()
        values = _ids_in(elements, name, members[name])
        ids = OwnIds(normalised(name), values, _is_of(name, _OF_ONE_THING))
        if ids.may_identify:
            yield ids


def _shortest_first(name: str) -> tuple[int, str]:
    return len(words_of(name)), normalised(name)


def _ids_in(elements: Sequence[Json], name: str, below: Sequence[Json]) -> tuple[str | None, ...]:
    """Return the id of each element under a name, given what some of them have there."""
    if len(below) < len(elements):
        members = (each.get(name) if type(each) is dict else None for each in elements)
        return tuple(map(_id_in, members))
    if _TYPES.issuperset(map(type, below)):
        return tuple(map(str, below))
    return tuple(map(_id_in, below))


def _id_in(value: Json) -> str | None:
    return str(value) if type(value) in _TYPES else None


def is_of_ids(name: str) -> bool:
    """Return whether a member is called as ids are: `id`, `orderId`, `sku`."""
    return _is_of(name, _OF_IDS)


def is_of_names(name: str) -> bool:
    """Return whether a member is called as names are: `name`, `displayName`, `html_url`."""
    return _is_of(name, _OF_NAMES)


@lru_cache(maxsize=1_024)
def _is_of(name: str, last_words: frozenset[str]) -> bool:
    if name.startswith(NAMESPACE):
        return False
    words = words_of(name)
    return not last_words.isdisjoint(words[-1:])
