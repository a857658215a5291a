"""The member by which the elements of one list identify themselves, read from that list alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from conformance.comparison.idioms.member_names import normalised, words_of
from conformance.comparison.values.lossless_json import Json

_OF_IDS: Final = frozenset(
    ("id", "ids", "uuid", "guid", "key", "sku", "slug", "code", "ref", "urn", "isbn")
)
"""Words that end the name of a member which identifies what it is in."""


@dataclass(frozen=True, slots=True)
class OwnIds:
    """A member's name in one spelling, and its value in each element of a list, all different."""

    name: str
    values: tuple[str | int, ...]


def own_ids(elements: Sequence[Json]) -> OwnIds | None:
    """Return what identifies a list's objects: texts or integers under an id name.

    The shortest name comes first.
    """
    if not elements or not all(type(element) is dict for element in elements):
        return None
    names = [name for name in elements[0] if is_of_ids(name)]
    for name in sorted(names, key=lambda each: (len(words_of(each)), normalised(each))):
        values = tuple(element.get(name) for element in elements)
        if all(type(value) in {str, int} for value in values) and len(set(values)) == len(values):
            return OwnIds(normalised(name), values)
    return None


def is_of_ids(name: str) -> bool:
    """Return whether a member is called as ids are: `id`, `orderId`, `sku`."""
    words = words_of(name)
    return bool(words) and words[-1] in _OF_IDS
