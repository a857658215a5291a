"""The spots for a plant in a JSON body: the values at each path, and their common properties.

A path is written as in a run: `[*]` for the elements of lists, `.*` for the members of an object
whose names are data. A run compares all values at a path together, so a plant goes where they are
alike: then the name of the difference is certain.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

from msgspec import Struct

from conformance.comparison.values.lossless_json import Json, Kind, Lexeme, kind_of
from conformance.comparison.values.maps import names_are_data
from conformance.model.json_path import (
    ANY_ELEMENT,
    ANY_MEMBER,
    JsonPath,
    Segment,
    Wildcard,
    render_path,
)

_SAFE_INTEGER: Final = 1 << 53
"""The largest integer that every parser keeps exact; for a larger one there is a note."""


class ValueSpot(Struct, frozen=True):
    """The position of a value: the object or list that holds it, and its name or index there."""

    holder: Any
    key: str | int

    @property
    def value(self) -> Json:
        """Return the value at this spot."""
        return self.holder[self.key]

    def put(self, value: Json) -> None:
        """Replace the value at this spot."""
        self.holder[self.key] = value


class Spots(Struct, frozen=True):
    """All spots at one path of a body."""

    path: JsonPath
    spots: tuple[ValueSpot, ...]

    @property
    def place(self) -> str:
        """Return the path as it is printed."""
        return render_path(self.path)

    @property
    def above(self) -> str:
        """Return the path of the objects or lists that hold these values, as it is printed."""
        return render_path(self.path[:-1])

    @property
    def is_member(self) -> bool:
        """Return whether this is a member of an object that is the only value at its path.

        If there were other objects, their members could hide that this one is absent.
        """
        if _has_wildcard(self.path):
            return False
        return isinstance(self.path[-1], str)

    @property
    def is_of_a_map(self) -> bool:
        """Return whether these are the members of an object whose names are data.

        The object must be the only value at its path.
        """
        *above, last = self.path
        return last is ANY_MEMBER and not _has_wildcard(above)

    @property
    def values(self) -> list[Json]:
        """Return the values at the spots."""
        return [spot.value for spot in self.spots]

    def all_are(self, kind: Kind) -> bool:
        """Return whether all values are of one kind; integers must be exact in every parser."""
        if set(map(kind_of, self.values)) != {kind}:
            return False
        if kind != "integer":
            return True
        largest = max(abs(int(value)) for value in self.values)
        return largest <= _SAFE_INTEGER


def _has_wildcard(segments: Iterable[Segment]) -> bool:
    return any(isinstance(segment, Wildcard) for segment in segments)


def spots_of(value: Json) -> Iterator[Spots]:
    """Yield the spots of each path of a body, from the outside in; the body itself has none."""
    pending: list[tuple[JsonPath, list[Json]]] = [((), [value])]
    while pending:
        path, column = pending.pop()
        below = list(_below(path, column))
        yield from below
        pending.extend((spots.path, spots.values) for spots in reversed(below))


def _below(path: JsonPath, column: list[Json]) -> Iterator[Spots]:
    """Yield the spots of each path that is one step longer than a given one."""
    members = tuple(chain.from_iterable(map(_members_of, column)))
    spots_of_name: defaultdict[str, list[ValueSpot]] = defaultdict(list)
    for spot in members:
        spots_of_name[str(spot.key)].append(spot)
    names = list(spots_of_name)
    if names and names_are_data(names, names):
        yield Spots((*path, ANY_MEMBER), members)
    else:
        for name, spots in spots_of_name.items():
            yield Spots((*path, name), tuple(spots))
    elements = tuple(chain.from_iterable(map(_elements_of, column)))
    if elements:
        yield Spots((*path, ANY_ELEMENT), elements)


def _members_of(value: Json) -> Iterator[ValueSpot]:
    """Yield the spots of the members of an object; nothing for any other value."""
    if not isinstance(value, dict):
        return
    for name in value:
        yield ValueSpot(value, name)


def _elements_of(value: Json) -> Iterator[ValueSpot]:
    """Yield the spots of the elements of a list; nothing for any other value."""
    return (ValueSpot(value, index) for index, _ in enumerate(elements_of(value)))


def elements_of(value: Json) -> list[Json]:
    """Return the elements of a list; empty for any other value."""
    if not isinstance(value, list):
        return []
    return value


def says_none(value: Json) -> str | None:
    """Return the name of the difference if one side lacks a member with this empty-like value.

    Return None for a value that is not empty-like.
    """
    if value is None:
        return "null-vs-absent"
    # A number is kept as it is spelled, and 0 has many spellings: 0.0, -0, 0e5
    is_zero = float(bytes(value)) == 0 if isinstance(value, Lexeme) else not value
    if not is_zero:
        return None
    return "zero-value-vs-absent"


def outline(value: Json) -> object:
    """Return the structure of a value at any depth: kinds, member names, and what lists contain."""
    if isinstance(value, dict):
        return frozenset((name, outline(member)) for name, member in value.items())
    if isinstance(value, list):
        return ("array", frozenset(map(outline, value)))
    return kind_of(value)
