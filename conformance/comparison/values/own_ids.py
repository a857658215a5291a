"""Finds the member by which the elements of two lists identify themselves."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain, product, starmap
from operator import attrgetter, is_not
from typing import Final, NamedTuple

from msgspec import Struct

from conformance.comparison.budget import check
from conformance.comparison.idioms.member_names import NAMESPACE, normalised, words_of
from conformance.comparison.values.column_cache import ColumnCache
from conformance.comparison.values.columns import members_of
from conformance.comparison.values.lossless_json import Json, Lexeme
from conformance.comparison.values.objects import not_none, positions_of

_SAME_ID_TYPES: Final = frozenset(("id", "ids", "uuid", "guid", "sku", "slug", "urn", "isbn"))
"""Last words in names of members that identify a single thing.

If a list repeats such an id, as at the edge of two pages, it repeats the thing.
"""
_TYPES: Final = frozenset({str, int})
"""The types of ids."""
TEXTS_AND_NUMBERS: Final = frozenset({*_TYPES, Lexeme})
"""The types of values that distinguish elements without id; a number with a fraction is no id."""
_LAST_ZEROS: Final = re.compile(r"(?:\.|(\.[0-9]*[1-9]))0+\Z")
"""The zeros at the end of a fraction."""
_OF_IDS: Final = _SAME_ID_TYPES | {"key", "code", "ref", "href"}
"""Last words in names of members that identify their object."""

_OF_NAMES: Final = frozenset(("name", "title", "label", "path", "url", "uri", "href", "email"))
"""Last words in names of members whose values are names."""


class OwnIds(Struct, frozen=True):
    """The ids in one list: the name of the member in one spelling, and its value in each element.

    A value is None for an element without id.
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
        """Return whether no id is repeated in the list."""
        known = not_none(self.values)
        return len(set(known)) == len(known)

    @property
    def mostly_unique(self) -> bool:
        """Return whether at least half of the ids are distinct."""
        times = self.times
        return 2 * len(times) >= times.total()

    @property
    def may_identify(self) -> bool:
        """Return whether the ids distinguish the elements of the list."""
        if self.unique:
            return True
        # a repeated `code` is a status or a colour; a repeated `id` is the same thing
        return self.of_one_thing and self.mostly_unique

    def called(self) -> Callable[[int], str | None]:
        """Return a function from index to the element's id, with a count if the id is repeated."""
        if self.unique:
            return self._called_by_id
        return self._called_by_times().__getitem__

    def _called_by_id(self, at: int) -> str | None:
        """Return the id of an element as `name value`; None without id."""
        value = self.values[at]
        return None if value is None else f"{self.name} {value}"

    def _called_by_times(self) -> list[str | None]:
        """Return the id of each element; from the second time on with `, time 2`."""
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
        """Return whether both lists have their ids under the same name."""
        return self.first.name == self.second.name

    @property
    def of_one_thing(self) -> bool:
        """Return whether each id identifies a single thing."""
        return all(map(attrgetter("of_one_thing"), self))

    @property
    def of_all(self) -> bool:
        """Return whether every element of both lists has an id."""
        return all(map(attrgetter("of_all"), self))

    @property
    def unique(self) -> bool:
        """Return whether no id is repeated in either list."""
        return all(map(attrgetter("unique"), self))

    @property
    def unique_in_one(self) -> bool:
        """Return whether one list at least repeats no id; else ids do not identify elements."""
        return any(map(attrgetter("unique"), self))

    @property
    def once_in_both(self) -> set[str | None]:
        """Return the ids that both lists have exactly once."""
        times, others = self.first.times, self.second.times
        return {value for value, count in times.items() if count == others[value] == 1}


def _shared_ids(x: Sequence[Json], y: Sequence[Json]) -> IdsOfTwo | None:
    """Return the ids of the objects of two lists: texts or integers under the same name; else None.

    Names that all elements have are preferred, then names with an id that both lists have once.
    Among several, a name without repeated ids is preferred, then the shortest name.
    """
    candidates = starmap(IdsOfTwo, product(_candidates(x), _candidates(y)))
    both = list(filter(attrgetter("of_one_name"), candidates))
    of_all = list(filter(attrgetter("of_all"), both))
    return _clearest(of_all) or _clearest(list(filter(attrgetter("once_in_both"), both)))


shared_ids: Final = ColumnCache(_shared_ids, 2)
"""Return the ids of the objects of two lists, or None; cached, as several callers need them."""


def _clearest(both: Sequence[IdsOfTwo]) -> IdsOfTwo | None:
    """Return the first ids without repetition, else the first that identify single things."""
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
        ids = OwnIds(normalised(name), values, _is_of(name, _SAME_ID_TYPES))
        if ids.may_identify:
            yield ids


def _shortest_first(name: str) -> tuple[int, str]:
    """Return a sort key: the number of words in a name, and then the name."""
    return len(words_of(name)), normalised(name)


def _ids_in(elements: Sequence[Json], name: str, below: Sequence[Json]) -> tuple[str | None, ...]:
    """Return the id of each element under a name; `below` are the values of those that have it."""
    if len(below) < len(elements):
        members = (each.get(name) if type(each) is dict else None for each in elements)
        return tuple(map(_id_in, members))
    if _TYPES.issuperset(map(type, below)):
        return tuple(map(str, below))
    return tuple(map(_id_in, below))


def _id_in(value: Json) -> str | None:
    """Return a value as an id; None if it is neither text nor integer."""
    return str(value) if type(value) in _TYPES else None


def as_text(value: Json) -> str:
    """Return a text or number as text, without last zeros of a fraction: 5.0 as 5, 1.50 as 1.5."""
    text = str(value)
    return _LAST_ZEROS.sub(r"\1", text) if type(value) is Lexeme else text


def is_of_ids(name: str) -> bool:
    """Return whether a member's name says that its value is an id: `id`, `orderId`, `sku`."""
    return _is_of(name, _OF_IDS)


def is_of_names(name: str) -> bool:
    """Return whether a member's name says that its value is a name: `displayName`, `html_url`."""
    return _is_of(name, _OF_NAMES)


@lru_cache(maxsize=1_024)
def _is_of(name: str, last_words: frozenset[str]) -> bool:
    """Return whether the last word of a name is one of some words."""
    if name.startswith(NAMESPACE):
        return False
    words = words_of(name)
    return not last_words.isdisjoint(words[-1:])
