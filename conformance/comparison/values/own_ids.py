"""The member by which the elements of two lists identify themselves."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, product
from operator import attrgetter
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
    def holders(self) -> set[int]:
        """Return the indexes of the elements that have an id."""
        return {at for at, value in enumerate(self.values) if value is not None}

    @property
    def times(self) -> Counter[str | None]:
        """Return how often the list has each id."""
        times = Counter(self.values)
        times.pop(None, None)
        return times

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

    @property
    def may_identify(self) -> bool:
        """Return whether the ids tell elements apart, but for one thing that a list has twice."""
        if self.unique:
            return True
        # a `code` that comes again is a status or a colour; an `id` that does is the same thing
        return self.of_one_thing and self.mostly_unique

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
    of_all = list(filter(_both("of_all"), both))
    return _clearest(of_all) or _clearest(list(filter(once_in_both, both)))


def _of_one_name(ids: IdsOfTwo) -> bool:
    return ids[0].name == ids[1].name


def once_in_both(ids: IdsOfTwo) -> set[str | None]:
    """Return the ids that either list has once."""
    times, others = map(attrgetter("times"), ids)
    return {value for value, count in times.items() if count == others[value] == 1}


def _clearest(both: Sequence[IdsOfTwo]) -> IdsOfTwo | None:
    """Return the first ids that no list has twice, else the first that say which thing it is."""
    return next(chain(filter(_both("unique"), both), filter(_both("of_one_thing"), both)), None)


def _both(what: str) -> Callable[[IdsOfTwo], bool]:
    """Return whether something is so of the ids of either list."""
    return lambda ids: all(map(attrgetter(what), ids))


def _candidates(elements: Sequence[Json]) -> Iterator[OwnIds]:
    """Yield the members that may identify the objects of a list, the shortest name first."""
    objects = [element if type(element) is dict else {} for element in elements]
    names = filter(is_of_ids, dict.fromkeys(chain.from_iterable(objects)))
    for name in sorted(names, key=lambda name: (len(words_of(name)), normalised(name))):
        check()
        values = tuple(_id_in(element.get(name)) for element in objects)
        ids = OwnIds(normalised(name), values, _is_of(name, _OF_ONE_THING))
        if ids.may_identify:
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
