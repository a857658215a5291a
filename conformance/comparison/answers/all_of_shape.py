"""What differs in shape where a walk by value compares a part alone, or names that are values.

Elements that only one list has are held against none, and neither are members that the other side
has in other elements.  As whole columns they may differ in shape all the same, so that a look at
the values shows no fewer differences of shape than one at the shape alone.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.cells import HEADER
from conformance.comparison.bodies.kind_names import TABLE
from conformance.comparison.bodies.reading import types_in
from conformance.comparison.difference import Difference
from conformance.comparison.values.stops import Paths, Stops, starts_with
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import JsonPath

_AS_A_NUMBER: Final = ("integer", "number")


def may_hide_shape(differences: Sequence[Difference], body: Body, stops: Stops) -> bool:
    """Return whether a walk by value compared a part alone, or names that are shape differ."""
    if stops.lists_in_part:
        return True
    named_at = (HEADER,) if body.kind == TABLE else types_in(body)
    if named_at is None:
        return False
    paths = (each.paths for each in differences if each.paths is not None)
    return any(starts_with(path, named_at) for path, _ in paths)


def with_all_of_shape(
    by_value: Sequence[Difference], of_shape: Sequence[Difference], stops: Stops
) -> Sequence[Difference]:
    """Return the differences of a walk by value, and those of a walk by shape that they leave out.

    One that is in both, as a difference of names, is of shape.  One at or below a difference of
    shape that is known adds nothing to it.
    """
    known = _Places(each.paths for each in by_value if each.facet is Facet.SHAPE)
    unsaid = [each for each in of_shape if not (known.hold(each.paths) or _is_of_numbers(each))]
    names, names_by_value = ({(each.name, each.paths) for each in of} for of in (unsaid, by_value))
    in_both = names & names_by_value
    kept = [
        replace(each, facet=Facet.SHAPE) if (each.name, each.paths) in in_both else each
        for each in by_value
    ]
    in_part = _Places(stops.lists_in_part)
    more = (each for each in unsaid if in_part.hold(each.paths))
    return [*kept, *(each for each in more if (each.name, each.paths) not in in_both)]


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
