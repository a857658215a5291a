"""The member by which the elements of two lists identify themselves."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

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
    """A member's name in one spelling, and its value as text in each element of a list."""

    name: str
    values: tuple[str, ...]
    of_one_thing: bool = True

    @property
    def unique(self) -> bool:
        """Return whether no two elements of the list have one id."""
        return len(set(self.values)) == len(self.values)

    @property
    def mostly_unique(self) -> bool:
        """Return whether no more than every second element of the list is a repeated one."""
        return 2 * len(set(self.values)) >= len(self.values)

    def called(self) -> list[str]:
        """Return what each element is called: its id, and from the second time on the number."""
        times: dict[str, int] = {}
        found: list[str] = []
        for value in self.values:
            times[value] = times.get(value, 0) + 1
            again = f", time {times[value]}" if times[value] > 1 else ""
            found.append(f"{self.name} {value}{again}")
        return found


def shared_ids(x: Sequence[Json], y: Sequence[Json]) -> tuple[OwnIds, OwnIds] | None:
    """Return what identifies the objects of two lists: texts or integers under one id name.

    First comes a name under which either list has no id twice, then the shortest one.
    """
    there = {ids.name: ids for ids in _candidates(y)}
    both = [(ids, there[ids.name]) for ids in _candidates(x) if ids.name in there]
    for pair in both:
        if pair[0].unique and pair[1].unique:
            return pair
    return next((pair for pair in both if pair[0].of_one_thing), None)


def _candidates(elements: Sequence[Json]) -> Iterator[OwnIds]:
    """Yield the members that may identify the objects of a list, the shortest name first."""
    if not elements or not all(type(element) is dict for element in elements):
        return
    names = [name for name in elements[0] if is_of_ids(name)]
    for name in sorted(names, key=lambda each: (len(words_of(each)), normalised(each))):
        values = tuple(element.get(name) for element in elements)
        if all(type(value) in {str, int} for value in values):
            ids = OwnIds(normalised(name), tuple(map(str, values)), _is_of(name, _OF_ONE_THING))
            if ids.unique or (ids.of_one_thing and ids.mostly_unique):
                yield ids


def is_of_ids(name: str) -> bool:
    """Return whether a member is called as ids are: `id`, `orderId`, `sku`."""
    return _is_of(name, _OF_IDS)


def is_of_names(name: str) -> bool:
    """Return whether a member is called as names are: `name`, `displayName`, `html_url`."""
    return _is_of(name, _OF_NAMES)


def _is_of(name: str, last_words: frozenset[str]) -> bool:
    words = words_of(name)
    return bool(words) and words[-1] in last_words
