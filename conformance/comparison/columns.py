"""Columns: all values that stand at one generalised path of one side.

The walk compares columns instead of single values, so that the elements of a list count as one structural type whatever
their number, and a member that only some elements have is seen as optional.
"""

from collections.abc import Iterable

from conformance.comparison.lossless_json import Json, Kind, kind_of, kind_of_type

Column = list[Json]


def kinds_of(column: Column) -> frozenset[Kind]:
    """Return the kinds of value in a column."""
    return frozenset(map(kind_of_type, set(map(type, column))))


def same_kinds(a: Column, b: Column) -> bool:
    """Tell whether two columns have values of the same kind at every position."""
    return list(map(type, a)) == list(map(type, b)) or list(map(kind_of, a)) == list(map(kind_of, b))


def members_of(column: Column) -> dict[str, Column]:
    """Return the columns below the objects of a column, by member name in order of first appearance."""
    below: dict[str, Column] = {}
    for value in column:
        if isinstance(value, dict):
            for name, member in value.items():
                below.setdefault(name, []).append(member)
    return below


def elements_of(column: Column) -> Column:
    """Return the elements of all arrays of a column, in order."""
    return [element for value in column if isinstance(value, list) for element in value]


def objects_of(column: Column) -> Column:
    """Return the objects of a column."""
    return [value for value in column if isinstance(value, dict)]


def is_numeric(value: Json) -> bool:
    """Tell whether a value is an integer or another number."""
    return kind_of(value) in {"integer", "number"}


def leaves(column: Iterable[Json]) -> int:
    """Return how many values other than containers stand in a column and below, without recursion."""
    count, pending = 0, [list(column)]
    while pending:
        for value in pending.pop():
            if isinstance(value, dict):
                pending.append(list(value.values()))
            elif isinstance(value, list):
                pending.append(value)
            else:
                count += 1
    return count
