"""Add the differences of shape that a walk by value cannot show.

A walk by value pairs elements.  Elements that only one list has have no partner, and so nothing in
them is compared; the same is true of a member that the other side has in other elements.  But as
whole columns they may differ in shape.  So the body is walked by shape as well, and what that shows
is added: comparing by value never shows fewer differences of shape than comparing by shape.  A
member that stands in an extra element is not reported as absent on that side.
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
from conformance.comparison.idioms.members import KEY_CASE
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
"""Returns what identifies a difference in both walks: its name, paths and facts."""
_PATHS: Final = attrgetter("paths")


def may_hide_shape(
    differences: Sequence[Difference], body: Body, stops: Stops, at: JsonPath
) -> bool:
    """Return whether a walk by value may have missed differences of shape in a body at a path.

    It may if it compared only some elements of a list, or if names that are shape differ: the
    column names of a table, or the types of the elements.
    """
    if stops.lists_in_part:
        return True
    named_at = (HEADER,) if body.kind == TABLE else types_in(body)
    if named_at is None:
        return False
    return any(map(_Places([((*at, *named_at), (*at, *named_at))]).hold, differences))


def present_in_all(
    differences: Iterable[Difference], bodies: tuple[Json, Json], stops: Stops
) -> Sequence[Difference]:
    """Return the differences; those of member presence are counted again over all objects.

    The walk by value counts only in objects that have a partner.
    """
    in_part = _Places(stops.lists_in_part)
    found: list[Difference] = []
    for each in differences:
        is_of_some = each.is_of_presence and each.idiom is None
        if is_of_some and in_part.hold(each):
            found.append(_present_in_all(each, bodies))
        else:
            found.append(each)
    return found


def _present_in_all(difference: Difference, bodies: tuple[Json, Json]) -> Difference:
    """Return a difference of presence with facts about all objects.

    If both sides then have the member equally often, it is a difference of value: only which
    objects have it differs.
    """
    columns, objects = zip(*map(_members_at, bodies, difference.known_paths), strict=True)
    first, second = map(_fact_of_all, difference.facts, columns, objects)
    if first != second:
        return replace(difference, facts=(first, second))
    # Both have it equally often, but in different objects
    where = how_often(columns, (len(objects[0]), len(objects[1])))
    return replace(difference, facet=Facet.VALUE, facts=VALUES_DIFFER, details=where)


def _members_at(body: Json, path: JsonPath) -> tuple[Column, Sequence[Json]]:
    """Return the values of a member, and all objects in which it may stand."""
    objects = objects_of(values_at([body], path[:-1]))
    return values_at([*objects], path[-1:]), objects


def _fact_of_all(fact: str, column: Column, objects: Sequence[Json]) -> str:
    """Return how many of the objects have the member, or `fact` if none does."""
    # An idiom may have made the member of others: then the body has nothing at its path
    found = presence_of(column, len(objects))
    return fact if found == ABSENT else found


def with_all_of_shape(
    by_value: Sequence[Difference], of_shape: Sequence[Difference], stops: Stops
) -> Sequence[Difference]:
    """Return the differences by value, and the differences of shape that these do not show.

    `by_value` and `of_shape` are the differences of the two walks.  A difference that both walks
    `by_value` and `of_shape` are the differences of the two walks.  A difference that both walks
    show is marked as shape.  A difference of shape is not added if another one is already known at
    its path or above, unless that is only about the spelling of names.  Nor is it added if it is
    only seen below a member that one side has in more elements: then the difference of that member
    is marked as shape instead.  A difference that only extra elements show is marked `of_extra`.
    """
    known = _Places(map(_PATHS, filter(_explains_shape, by_value)))
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
    """What only one side has, such as extra elements, and the differences of shape seen only there.

    Nothing is concluded about places that were compared in part for another reason, or where an
    idiom explains the difference.
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
        # Lists of other lengths may be at a place where some elements have no list
        others = map(_PATHS, filterfalse(is_alone, filter(_leaves_out, by_value)))
        in_part = filterfalse(around.__contains__, stops.lists_in_part)
        self._otherwise = _Places([*in_part, *others])
        self._explained = set(map(_PATHS, filter(attrgetter("idiom"), by_value)))

    def show(self, difference: Difference) -> bool:
        """Return whether a difference of shape is seen only in what one side alone has."""
        if difference.paths in self._explained or self._otherwise.hold(difference):
            return False
        return self._around.hold(difference)

    def showing(self, differences: Iterable[Difference]) -> Iterator[Difference]:
        """Yield the differences by value that explain any of these differences of shape."""
        of_shape = list(differences)

        def shows_any(each: Difference) -> bool:
            return any(map(_Places([each.paths]).hold, of_shape))

        return filter(shows_any, self._alone)


def _is_on_one_side(difference: Difference) -> bool:
    """Return whether one side has a member wherever the other has it, and in more elements."""
    if not difference.is_of_element_presence:
        return False
    lacks_it = {seen.a is MISSING for seen in difference.occurrences}
    return len(lacks_it) == 1


def _leaves_out(difference: Difference) -> bool:
    """Return whether a difference leaves elements or members without a partner."""
    return difference.is_of_element_presence or _is_of_length(difference)


def _is_of_length(difference: Difference) -> bool:
    return difference.kind is DifferenceKind.LENGTH


def _explains_shape(difference: Difference) -> bool:
    """Return whether a difference is of shape, and of more than the spelling of names."""
    return difference.facet is Facet.SHAPE and difference.idiom != KEY_CASE.name


def _is_of_numbers(difference: Difference) -> bool:
    """Return whether two types differ only as integer and number, which by value are one type."""
    if difference.name != DifferenceKind.TYPE.value:
        return False
    first, second = (set(fact.replace(*_AS_A_NUMBER).split(" or ")) for fact in difference.facts)
    return first == second


class _Places:
    """Places within two bodies, each with its path on either side."""

    def __init__(self, places: Iterable[Paths | None]) -> None:
        sides = zip(*filter(None, places), strict=True)
        self._of_sides = tuple(map(frozenset, sides))

    def hold(self, difference: Difference) -> bool:
        """Return whether a difference is in a body, at or below one of the places."""
        return any(map(_is_within, difference.known_paths, self._of_sides))


def _is_within(path: JsonPath, known: AbstractSet[JsonPath]) -> bool:
    """Return whether a path or one of its beginnings is among the known paths."""
    return any(path[:length] in known for length in range(len(path) + 1))
