"""What differs in shape where a walk by value compares a part alone, or names that are values.

Elements that only one list has are held against none, and neither are members that the other side
has in other elements.  As whole columns they may differ in shape all the same, so that a look at
the values shows no fewer differences of shape than one at the shape alone.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import filterfalse
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.cells import HEADER
from conformance.comparison.bodies.kind_names import TABLE
from conformance.comparison.bodies.reading import types_in
from conformance.comparison.difference import Difference
from conformance.comparison.values.stops import Paths, Stops
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import JsonPath

_AS_A_NUMBER: Final = ("integer", "number")
_NAME: Final = attrgetter("name", "paths", "facts")
"""Gives what two walks call a difference, where they found it, and what they say of it."""


def may_hide_shape(differences: Sequence[Difference], body: Body, stops: Stops) -> bool:
    """Return whether a walk by value compared a part alone, or names that are shape differ."""
    if stops.lists_in_part:
        return True
    named_at = (HEADER,) if body.kind == TABLE else types_in(body)
    if named_at is None:
        return False
    of_names = _Places([(named_at, named_at)])
    return any(map(of_names.hold, map(attrgetter("paths"), differences)))


def with_all_of_shape(
    by_value: Sequence[Difference], of_shape: Sequence[Difference], stops: Stops
) -> Sequence[Difference]:
    """Return the differences of a walk by value, and those of a walk by shape that they leave out.

    One that is in both, as a difference of names, is of shape.  One at or below a difference of
    shape that is known adds nothing to it.
    """
    known = _Places(map(attrgetter("paths"), filter(_is_of_shape, by_value)))
    in_part = _Places(stops.lists_in_part)
    unsaid = [each for each in of_shape if not (known.hold(each.paths) or _is_of_numbers(each))]
    in_both = set(map(_NAME, unsaid)) & set(map(_NAME, by_value))
    kept = [
        replace(each, facet=Facet.SHAPE) if _NAME(each) in in_both else each for each in by_value
    ]
    more = filterfalse(lambda each: _NAME(each) in in_both, unsaid)
    return [*kept, *(each for each in more if in_part.hold(each.paths))]


def _is_of_shape(difference: Difference) -> bool:
    return difference.facet is Facet.SHAPE


def _is_of_numbers(difference: Difference) -> bool:
    """Return whether types differ in whether a number is an integer, which by value is no type."""
    first, second = (set(fact.replace(*_AS_A_NUMBER).split(" or ")) for fact in difference.facts)
    return difference.name == DifferenceKind.TYPE.value and first == second


class _Places:
    """Places within two bodies, as either side spells them."""

    def __init__(self, places: Iterable[Paths | None]) -> None:
        self._of_sides: tuple[set[JsonPath], ...] = (set(), set())
        for paths in filter(None, places):
            for known, path in zip(self._of_sides, paths, strict=True):
                known.add(path)

    def hold(self, paths: Paths | None) -> bool:
        """Return whether a place is one of them, or within one; what is no path is none."""
        if paths is None:
            return False
        return any(map(_is_within, paths, self._of_sides))


def _is_within(path: JsonPath, known: AbstractSet[JsonPath]) -> bool:
    """Return whether a path is one of those known, or leads on from one."""
    return any(path[:length] in known for length in range(len(path) + 1))
