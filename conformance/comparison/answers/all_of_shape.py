"""What differs in shape where a walk by value compares a part alone, or names that are values.

Elements that only one list has are held against none, and neither are members that the other side
has in other elements.  As whole columns they may differ in shape all the same, so that a look at
the values shows no fewer differences of shape than one at the shape alone.  Nor does a side lack a
member that one of these elements has.
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
from conformance.comparison.difference import ABSENT, VALUES_DIFFER, Difference
from conformance.comparison.values.columns import Column, objects_of
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.member_presence import how_often
from conformance.comparison.values.presence import presence_of
from conformance.comparison.values.steps import values_at
from conformance.comparison.values.stops import Paths, Stops
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import JsonPath

_AS_A_NUMBER: Final = ("integer", "number")
_NAME: Final = attrgetter("name", "paths", "facts")
"""Gives what two walks call a difference, where they found it, and what they say of it."""


_PATHS: Final = attrgetter("paths")


def may_hide_shape(differences: Sequence[Difference], body: Body, stops: Stops) -> bool:
    """Return whether a walk by value compared a part alone, or names that are shape differ."""
    if stops.lists_in_part:
        return True
    named_at = (HEADER,) if body.kind == TABLE else types_in(body)
    if named_at is None:
        return False
    return any(map(_Places([(named_at, named_at)]).hold, differences))


def present_in_all(
    differences: Iterable[Difference], bodies: tuple[Json, Json], stops: Stops
) -> Sequence[Difference]:
    """Return differences of which those of members say how many of all objects have the member.

    The walk by value counted only objects that belong together.
    """
    in_part = _Places(stops.lists_in_part)
    found: list[Difference] = []
    for each in differences:
        is_of_some = each.tells_presence and each.idiom is None
        if is_of_some and in_part.hold(each):
            found.append(_present_in_all(each, bodies))
        else:
            found.append(each)
    return found


def _present_in_all(difference: Difference, bodies: tuple[Json, Json]) -> Difference:
    places = zip(bodies, difference.paths or (), strict=True)
    columns, objects = zip(*(_members_at(body, path) for body, path in places), strict=True)
    sides = zip(difference.facts, columns, objects, strict=True)
    first, second = (_fact_of_all(*side) for side in sides)
    if first != second:
        return replace(difference, facts=(first, second))
    # which objects have it differs all the same
    where = how_often(columns, (len(objects[0]), len(objects[1])))
    return replace(difference, facet=Facet.VALUE, facts=VALUES_DIFFER, details=where)


def _members_at(body: Json, path: JsonPath) -> tuple[Column, Sequence[Json]]:
    """Return the values of a member, and all objects that may have it."""
    objects = objects_of(values_at([body], path[:-1]))
    return values_at([*objects], path[-1:]), objects


def _fact_of_all(fact: str, column: Column, objects: Sequence[Json]) -> str:
    # what an idiom made of other members stands at no place of the body
    found = presence_of(column, len(objects))
    return fact if found == ABSENT else found


def with_all_of_shape(
    by_value: Sequence[Difference], of_shape: Sequence[Difference], stops: Stops
) -> Sequence[Difference]:
    """Return the differences of a walk by value, and those of a walk by shape that they leave out.

    One that is in both, as a difference of names, is of shape.  One at or below a difference of
    shape that is known adds nothing to it.  Those that only extra elements show say so.
    """
    known = _Places(map(_PATHS, filter(_is_of_shape, by_value)))
    in_part = _Places(stops.lists_in_part)
    unsaid = list(filterfalse(_is_of_numbers, filterfalse(known.hold, of_shape)))
    in_both = set(map(_NAME, unsaid)) & set(map(_NAME, by_value))
    kept = [
        replace(each, facet=Facet.SHAPE) if _NAME(each) in in_both else each for each in by_value
    ]
    more = filterfalse(lambda each: _NAME(each) in in_both, unsaid)
    extra = _ExtraElements(by_value, stops)
    return [
        *kept,
        *(replace(each, of_extra=extra.show(each)) for each in filter(in_part.hold, more)),
    ]


class _ExtraElements:
    """The elements that only the longer one of two lists has, and what they alone show.

    Nothing is known where a part was compared for another reason, as members that the other side
    has in other elements, or where an idiom explained what belongs together.
    """

    def __init__(self, by_value: Sequence[Difference], stops: Stops) -> None:
        lengths = set(map(_PATHS, filter(_is_of_length, by_value)))
        self._longer = _Places(lengths)
        self._otherwise = _Places(filterfalse(lengths.__contains__, stops.lists_in_part))
        self._explained = set(map(_PATHS, filter(attrgetter("idiom"), by_value)))

    def show(self, difference: Difference) -> bool:
        """Return whether only these elements show a difference of shape."""
        if difference.paths in self._explained or self._otherwise.hold(difference):
            return False
        return self._longer.hold(difference)


def _is_of_length(difference: Difference) -> bool:
    return difference.kind is DifferenceKind.LENGTH


def _is_of_shape(difference: Difference) -> bool:
    return difference.facet is Facet.SHAPE


def _is_of_numbers(difference: Difference) -> bool:
    """Return whether types differ in whether a number is an integer, which by value is no type."""
    if difference.name != DifferenceKind.TYPE.value:
        return False
    first, second = (set(fact.replace(*_AS_A_NUMBER).split(" or ")) for fact in difference.facts)
    return first == second


class _Places:
    """Places within two bodies, as either side spells them."""

    def __init__(self, places: Iterable[Paths | None]) -> None:
        sides = zip(*filter(None, places), strict=True)
        self._of_sides = tuple(map(frozenset, sides))

    def hold(self, difference: Difference) -> bool:
        """Return whether a difference is at one of them, or within one; what is no path is none."""
        return any(map(_is_within, difference.paths or (), self._of_sides))


def _is_within(path: JsonPath, known: AbstractSet[JsonPath]) -> bool:
    """Return whether a path is one of those known, or leads on from one."""
    return any(path[:length] in known for length in range(len(path) + 1))
