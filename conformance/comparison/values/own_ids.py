"""The member by which the elements of two lists identify themselves."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, product
from typing import Final

from msgspec import Struct

from conformance.comparison.budget import check
from conformance.comparison.idioms.member_names import normalised, words_of
from conformance.comparison.values.lossless_json import Json

_OF_ONE_THING: Final = frozenset(("id", "ids", "uuid", "guid", "sku", "slug", "urn", "isbn"))
"""Words that end the name of a member which says what one thing its element is.

An element that a list has twice, as at the edge of two pages, still is this one.
"""
_OF_IDS: Final = _OF_ONE_THING | {"key", "code", "ref"}
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
    def times(self) -> Counter[str]:
        """Return how often the list has each id."""
        return Counter(value for value in self.values if value is not None)

    @property
    def unique(self) -> bool:
        """Return whether no two elements of the list have one id."""
        times = self.times
        return len(times) == times.total()

    @property
    def mostly_unique(self) -> bool:
        """Return whether no more than every second id of the list is a repeated one."""
        times = self.times
        return 2 * len(times) >= times.total()

    def called(self) -> list[str | None]:
        """Return what each element is called: its id, and from the second time on the number."""
        times: Counter[str | None] = Counter()
        found: list[str | None] = []
        for value in self.values:
            times[value] += 1
            again = f", time {times[value]}" if times[value] > 1 else ""
            found.append(None if value is None else f"{self.name} {value}{again}")
        return found


IdsOfTwo = tuple[OwnIds, OwnIds]
"""The ids of the elements of two lists, under one name."""


def shared_ids(x: Sequence[Json], y: Sequence[Json]) -> IdsOfTwo | None:
    """Return what identifies the objects of two lists: texts or integers under one id name.

    First comes a name that all elements have, then one by which some are known in both lists. Of
    several, first comes a name under which either list has no id twice, then the shortest one.
    """
    both = list(filter(_of_one_name, product(_candidates(x), _candidates(y))))
    of_all = [pair for pair in both if pair[0].of_all and pair[1].of_all]
    return _clearest(of_all) or _clearest([pair for pair in both if once_in_both(pair)])


def _of_one_name(ids: IdsOfTwo) -> bool:
    return ids[0].name == ids[1].name


def once_in_both(ids: IdsOfTwo) -> set[str]:
    """Return the ids that either list has once."""
    times, others = (each.times for each in ids)
    return {value for value, count in times.items() if count == others[value] == 1}


def _clearest(both: Sequence[IdsOfTwo]) -> IdsOfTwo | None:
    """Return the first ids that no list has twice, else the first that say which thing it is."""
    for pair in both:
        if pair[0].unique and pair[1].unique:
            return pair
    return next((pair for pair in both if pair[0].of_one_thing), None)


def _candidates(elements: Sequence[Json]) -> Iterator[OwnIds]:
    """Yield the members that may identify the objects of a list, the shortest name first."""
    objects = [element if type(element) is dict else {} for element in elements]
    names = filter(is_of_ids, dict.fromkeys(chain.from_iterable(objects)))
    for name in sorted(names, key=lambda each: (len(words_of(each)), normalised(each))):
        check()
        values = tuple(_id_in(element.get(name)) for element in objects)
        ids = OwnIds(normalised(name), values, _is_of(name, _OF_ONE_THING))
        if ids.unique or (ids.of_one_thing and ids.mostly_unique):
            yield ids


def _id_in(value: Json) -> str | None:
    return str(value) if type(value) in {str, int} else None


def is_of_ids(name: str) -> bool:
    """Return whether a member is called as ids are: `id`, `orderId`, `sku`."""
    return _is_of(name, _OF_IDS)


def is_of_names(name: str) -> bool:
    """Return whether a member is called as names are: `name`, `displayName`, `html_url`."""
    return _is_of(name, _OF_NAMES)


def _is_of(name: str, last_words: frozenset[str]) -> bool:
    words = words_of(name)
    return bool(words) and words[-1] in last_words
