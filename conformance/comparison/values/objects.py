"""Helpers for columns and objects: select values, keep or rename members."""

from collections.abc import Collection, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import compress, count, filterfalse, repeat
from typing import TypeVar

from conformance.comparison.idioms.member_names import is_no_text
from conformance.comparison.values.columns import Column, holds_only, members_of
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


def picked(column: Sequence[_Value], positions: Iterable[int]) -> list[_Value]:
    """Return the values at some positions."""
    return list(map(column.__getitem__, positions))


def not_none(values: Iterable[_Value | None]) -> list[_Value]:
    """Return the values that are not None."""
    return [value for value in values if value is not None]


def exchanged(pair: tuple[_Value, _Value] | None) -> tuple[_Value, _Value] | None:
    """Return a pair with its two values exchanged; None for None."""
    return None if pair is None else pair[::-1]


def compressed(values: Sequence[_Value] | None, keep: Iterable[bool]) -> list[_Value] | None:
    """Return the values whose flag is true; None for None."""
    return None if values is None else list(compress(values, keep))


def sole(values: Collection[_Value]) -> _Value | None:
    """Return the only value of a collection; None if it has none or several."""
    if len(values) != 1:
        return None
    return next(iter(values))


def indexes_without(taken: Container[int], length: int) -> list[int]:
    """Return the indexes of a list of some length, without those that are taken."""
    return list(filterfalse(taken.__contains__, range(length)))


def positions_of(flags: Iterable[object]) -> list[int]:
    """Return the positions of the flags that are true."""
    return list(compress(count(), flags))


def positions_by(keys: Iterable[_Key]) -> dict[_Key, list[int]]:
    """Return the positions of each key, in ascending order."""
    return grouped(zip(keys, count(), strict=False))


def grouped(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, list[_Value]]:
    """Return the values of each key, in their order."""
    groups: dict[_Key, list[_Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def only(value: Mapping[str, Json], names: Container[str]) -> dict[str, Json]:
    """Return an object with only some of its members; names become plain strings, see `without`."""
    return _as_plain_texts(value, filter(names.__contains__, value))


def without(value: Mapping[str, Json], names: Container[str]) -> dict[str, Json]:
    """Return an object without some of its members.

    The names become plain strings: the position of an element's child, which a tag carries, no
    longer holds.
    """
    return _as_plain_texts(value, filterfalse(names.__contains__, value))


def _as_plain_texts(value: Mapping[str, Json], kept: Iterable[str]) -> dict[str, Json]:
    """Return an object with some of its members, their names as plain strings."""
    return {str(name): value[name] for name in kept}


def each_without(objects: Column, names: Container[str]) -> Column:
    """Return objects without some of their members."""
    return list(map(without, objects, repeat(names)))


def renamed(value: Json, names: Mapping[str, str]) -> Json:
    """Return an object with some members renamed; any other value unchanged."""
    if not isinstance(value, dict):
        return value
    return {names.get(name, name): member for name, member in value.items()}


def members_holding(objects: Sequence[Json], kind: type) -> dict[str, Column]:
    """Return the columns of members that every object has, always with values of one type."""
    return {
        name: column
        for name, column in members_of(objects).items()
        if holds_only(column, kind) and len(column) == len(objects)
    }


def have_member(column: Column, name: str) -> list[bool]:
    """Return for each value of a column whether it is an object with a member."""
    return [type(value) is dict and name in value for value in column]


def equal_members(element: Mapping[str, Json], other: Mapping[str, Json]) -> Iterator[str]:
    """Yield the names of members that are equal in two objects, but not empty text of elements."""
    for name in element.keys() & other.keys():
        value = element[name]
        if is_no_text(name, value):
            continue
        if canonical(value) == canonical(other[name]):
            yield name
