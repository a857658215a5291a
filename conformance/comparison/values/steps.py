"""Steps from a value to the values below it: elements of a list, or members of an object."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat

from conformance.comparison.values.columns import CONTAINERS
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath, Segment

Below = Callable[[Json, Segment], Iterable[Json]]
"""Returns the values one segment below a value."""


def below(value: Json, segment: Segment) -> Sequence[Json]:
    """Return the values one segment below a value; empty if it has none."""
    kind = type(value)
    if segment is ANY_ELEMENT:
        return value if kind is list else ()
    members = value if kind is dict else {}
    if segment is ANY_MEMBER:
        return list(members.values())
    return (members[segment],) if segment in members else ()


def below_both(x: Json, y: Json) -> Sequence[tuple[Json, Json]] | None:
    """Return the pairs of values one level below two values; empty for two scalars.

    Return None if they have different members or lengths, or if they are not of the same type.
    """
    kinds = (type(x), type(y))
    if kinds == (dict, dict) and x.keys() == y.keys():
        return list(zip(x.values(), map(y.__getitem__, x), strict=True))
    if kinds == (list, list) and len(x) == len(y):
        return list(zip(x, y, strict=True))
    are_scalars = CONTAINERS.isdisjoint(kinds)
    return () if are_scalars else None


def values_at(values: list[Json], path: JsonPath, step: Below = below) -> list[Json]:
    """Return the values at a path below each of some values, in order."""
    for segment in path:
        values = list(chain.from_iterable(map(step, values, repeat(segment))))
    return values
