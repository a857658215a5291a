"""What differs in shape where a walk by value compares a part alone, or names that are values.

Elements that only one list has are held against none, and neither are members that the other side
has in other elements.  As whole columns they may differ in shape all the same, so that a look at
the values shows no fewer differences of shape than one at the shape alone.  Nor does a side lack a
member that one of these elements has.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
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
from conformance.comparison.values.side import MISSING
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
    columns, objects = zip(*map(_members_at, bodies, difference.known_paths), strict=True)
    first, second = map(_fact_of_all, difference.facts, columns, objects)
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
    shape that is known adds nothing to it, and neither does one that only a member shows that is
    known to stand on one side alone: that is of shape then.  Those that only extra elements show
    say so.
    """
    known = _Places(map(_PATHS, filter(_is_of_shape, by_value)))
    in_part = _Places(stops.lists_in_part)
    unknown = list(filterfalse(_is_of_numbers, filterfalse(known.hold, of_shape)))
    members = _Alone(_is_on_one_side, by_value, stops)
    unsaid = list(filterfalse(members.show, unknown))
    in_both = set(map(_NAME, unsaid)) & set(map(_NAME, by_value))
    as_shape = in_both.union(map(_NAME, members.showing(filter(members.show, unknown))))
    kept = [
        replace(each, facet=Facet.SHAPE) if _NAME(each) in as_shape else each for each in by_value
    ]
    more = filterfalse(lambda each: _NAME(each) in in_both, unsaid)
    extra = _Alone(_is_of_length, by_value, stops)
    return [
        *kept,
        *(replace(each, of_extra=extra.show(each)) for each in filter(in_part.hold, more)),
    ]


class _Alone:
    """What only one side has, extra elements of longer lists or members, and what it alone shows.

    Nothing is known where a part was compared for another reason, as members that the other side
    has in other elements, or where an idiom explained what belongs together.
    """

    def __init__(
        self,
        is_alone: Callable[[Difference], bool],
        by_value: Sequence[Difference],
        stops: Stops,
    ) -> None:
        self._alone = list(filter(is_alone, by_value))
        around = set(map(_PATHS, self._alone))
        self._around = _Places(around)
        # a list of another length may stand at a place where not all elements have one
        others = map(_PATHS, filterfalse(is_alone, filter(_leaves_out, by_value)))
        in_part = filterfalse(around.__contains__, stops.lists_in_part)
        self._otherwise = _Places([*in_part, *others])
        self._explained = set(map(_PATHS, filter(attrgetter("idiom"), by_value)))

    def show(self, difference: Difference) -> bool:
        """Return whether only this shows a difference of shape."""
        if difference.paths in self._explained or self._otherwise.hold(difference):
            return False
        return self._around.hold(difference)

    def showing(self, differences: Iterable[Difference]) -> Iterator[Difference]:
        """Yield the differences by value that say what shows any of some differences of shape."""
        of_shape = list(differences)

        def shows_any(each: Difference) -> bool:
            return any(map(_Places([each.paths]).hold, of_shape))

        return filter(shows_any, self._alone)


def _is_on_one_side(difference: Difference) -> bool:
    """Return whether one side has a member in all elements in which the other has it, and more."""
    if not difference.tells_elements:
        return False
    lacks_it = {seen.a is MISSING for seen in difference.occurrences}
    return len(lacks_it) == 1


def _leaves_out(difference: Difference) -> bool:
    """Return whether what only one side has there was held against nothing."""
    return difference.tells_elements or _is_of_length(difference)


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
        return any(map(_is_within, difference.known_paths, self._of_sides))


def _is_within(path: JsonPath, known: AbstractSet[JsonPath]) -> bool:
    """Return whether a path is one of those known, or leads on from one."""
    return any(path[:length] in known for length in range(len(path) + 1))
