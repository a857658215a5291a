"""One step down from a value: to the elements of a list, or to members of an object."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath, Segment

Below = Callable[[Json, Segment], Iterable[Json]]
"""Gives what is one step below a value."""


def below(value: Json, segment: Segment) -> Sequence[Json]:
    """Return what is one step below a value; nothing where the value has no such step."""
    if segment is ANY_ELEMENT:
        return value if isinstance(value, list) else ()
    if not isinstance(value, dict):
        return ()
    if segment is ANY_MEMBER:
        return list(value.values())
    return (value[segment],) if segment in value else ()


def values_at(values: list[Json], path: JsonPath, step: Below = below) -> list[Json]:
    """Return what stands at a path in any of some values, in order."""
    for segment in path:
        below_each = (step(value, segment) for value in values)
        values = list(chain.from_iterable(below_each))
    return values
