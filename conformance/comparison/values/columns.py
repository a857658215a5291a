"""Columns: all values at one generalised path of one answer.

The walk compares columns instead of single values.  So the elements of a list have one structural
type, whatever their number, and a member that only some of them have is optional.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, compress, repeat
from operator import is_, is_not, itemgetter
from typing import Final

from conformance.comparison.values.column_cache import ColumnCache
from conformance.comparison.values.lossless_json import Json, Kind, Lexeme, kind_of, kind_of_type

Column = list[Json]
CONTAINERS: Final = frozenset({dict, list})
"""The types of values that contain other values."""
_STARTS_OF_JSON: Final = frozenset({"{", "["})
"""The first character of a text that contains a JSON object or list."""
_FIRST_CHARACTER: Final = itemgetter(slice(1))
_KINDS_ALONE: Final[dict[type, frozenset[Kind]]] = {
    kind: frozenset({kind_of_type(kind)}) for kind in (dict, list, str, int, bool, type(None))
}
"""The kinds of a column with one value, by the value's type: a shortcut for most columns."""


def kinds_of(column: Column) -> frozenset[Kind]:
    """Return the kinds of the values in a column."""
    if len(column) == 1:
        kinds = _KINDS_ALONE.get(type(column[0]))
        if kinds is not None:
            return kinds
    return _kinds_of_types(frozenset(map(type, column)))


def holds_only(column: Column, kind: type) -> bool:
    """Return whether a column has values, all of one type.

    For single members this is three times as fast as `kinds_of`.
    """
    # the first value is usually enough
    if not column or type(column[0]) is not kind:
        return False
    return set(map(type, column)) == {kind}


@lru_cache(maxsize=256)
def _kinds_of_types(types: frozenset[type]) -> frozenset[Kind]:
    """Return the kinds of values of some types."""
    return frozenset(map(kind_of_type, types))


def same_scalars(a: Column, b: Column) -> bool:
    """Return whether two columns have the same scalars in the same order and spelling.

    Columns with containers are never the same.
    """
    if len(a) != len(b):
        return False
    if len(a) == 1:
        return _same_scalar(a[0], b[0])
    types = set(map(type, a))
    if types == {Lexeme}:
        return _same_lexemes(a, b)
    if not types.isdisjoint(CONTAINERS) or a != b:
        return False
    # Python takes 1 and true for equal
    return list(map(type, a)) == list(map(type, b))


def _same_lexemes(a: Column, b: Column) -> bool:
    """Return whether two columns of lexemes are spelled alike; a lexeme equals only itself."""
    if a == b:
        return True
    are_lexemes = set(map(type, b)) == {Lexeme}
    return are_lexemes and list(map(bytes, a)) == list(map(bytes, b))


def _same_scalar(x: Json, y: Json) -> bool:
    """Return whether two values are the same scalar in the same spelling."""
    kind = type(x)
    if kind is not type(y) or kind in CONTAINERS:
        return False
    if kind is Lexeme:  # a lexeme equals only itself
        return bytes(x) == bytes(y)
    return bool(x == y)


def same_kinds(a: Column, b: Column) -> bool:
    """Return whether two columns have values of the same kind at every position."""
    if list(map(type, a)) == list(map(type, b)):
        return True
    return list(map(kind_of, a)) == list(map(kind_of, b))


def _members_of(column: Sequence[Json]) -> dict[str, Column]:
    """Return the columns of all members of a column's objects, by name."""
    if len(column) == 1:
        return _members_of_one(column[0])
    objects = objects_of(column)
    are_of_one_size = len(set(map(len, objects))) == 1
    if are_of_one_size:
        with contextlib.suppress(KeyError):  # usually all have the same names
            return {name: list(map(itemgetter(name), objects)) for name in objects[0]}
    below: dict[str, Column] = {}
    for name, member in chain.from_iterable(map(dict.items, objects)):
        below.setdefault(name, []).append(member)
    return below


def _members_of_one(value: Json) -> dict[str, Column]:
    """Return the columns of the members of one value, by name."""
    if not isinstance(value, dict):
        return {}
    return {name: [value[name]] for name in value}


_TWO_AND_WHAT_AN_IDIOM_MADE: Final = 4
"""The size of the cache: the two columns of a place, and two that an idiom makes."""
members_of: Final = ColumnCache(_members_of, _TWO_AND_WHAT_AN_IDIOM_MADE)
"""Return the columns of all members of a column's objects, by name in order of appearance.

The last results are cached, because idioms ask for the same columns: do not change them.
"""


def elements_of(column: Column) -> Column:
    """Return the elements of all lists of a column, in order; a single list is returned itself."""
    if len(column) == 1 and type(column[0]) is list:
        return column[0]
    return list(chain.from_iterable(of_type(column, list)))


def objects_of(column: Sequence[Json]) -> Sequence[Json]:
    """Return the objects of a column."""
    return of_type(column, dict)


def of_type(column: Sequence[Json], kind: type) -> Sequence[Json]:
    """Return the values of a type in a column; the column itself if all are."""
    types = list(map(type, column))
    if set(types) == {kind}:
        return column
    are_of_it = map(is_, types, repeat(kind))
    return list(compress(column, are_of_it))


def not_one_object(a: Sequence[Json], b: Sequence[Json]) -> tuple[Column, Column]:
    """Return the elements of two lists of one length, without those that are the same object."""
    keep = list(map(is_not, a, b))
    return list(compress(a, keep)), list(compress(b, keep))


def is_container(value: Json) -> bool:
    """Return whether a value is an object or a list."""
    return type(value) in CONTAINERS


def is_numeric(value: Json) -> bool:
    """Return whether a value is an integer or another number."""
    return kind_of(value) in {"integer", "number"}


def is_text(value: Json) -> bool:
    """Return whether a value is a string."""
    return type(value) is str


def may_hold_json(column: Column) -> bool:
    """Return whether a string of a column may contain a JSON object or list.

    If such a string differs from its counterpart, a walk compares nothing within the strings.
    """
    texts = column if set(map(type, column)) == {str} else filter(is_text, column)
    return not _STARTS_OF_JSON.isdisjoint(map(_FIRST_CHARACTER, texts))


def leaves(column: Iterable[Json]) -> int:
    """Return the number of scalars in a column, at any depth."""
    return sum(1 for _ in scalars_in(column))


def scalars_in(column: Iterable[Json]) -> Iterator[Json]:
    """Yield the scalars in a column, at any depth, in any order.

    It does not recurse, because a body may be nested to any depth.
    """
    pending: list[Iterable[Json]] = [column]
    while pending:
        for value in pending.pop():
            if isinstance(value, dict):
                pending.append(value.values())
            elif isinstance(value, list):
                pending.append(value)
            else:
                yield value
