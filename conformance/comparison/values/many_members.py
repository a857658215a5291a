"""Objects with so many members of their own that no cause is looked for in them.

To ask for causes takes several microseconds a member, and nobody decides so many members one by
one.  Those that are kept are compared as everywhere: each is a member that one side lacks.
"""

from collections.abc import KeysView
from itertools import islice
from typing import Final

from msgspec.structs import replace

from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import Column, members_of, objects_of
from conformance.comparison.values.maps import names_are_data
from conformance.comparison.values.node import Node
from conformance.comparison.values.side import SentSide
from conformance.model.json_path import ANY_DEPTH, ANY_MEMBER

MAX_ALONE: Final = 100_000
"""Names that one of two columns has and the other lacks: with more, no cause is looked for."""
MAX_SHOWN: Final = 100
"""So many of the names that one side alone has are still compared; the others are counted."""


def without_too_many(node: Node, loosening: Loosening) -> tuple[Node, int]:
    """Return a node without the members past a bound that one side lacks, and how many these are.

    Each side keeps the first ones of its own.  Nothing is left out where names are
    data, or where a rule may be about any member.
    """
    # most objects are small: then no names need be gathered
    if _members(node.a.column) + _members(node.b.column) <= MAX_ALONE:
        return node, 0
    first, second = _names(node.a.column), _names(node.b.column)
    if len(first) + len(second) <= MAX_ALONE or first == second:
        return node, 0
    common, ends = first & second, loosening.ends
    alone = len(first) + len(second) - 2 * len(common)
    if (
        alone <= MAX_ALONE
        or not ends.isdisjoint({ANY_DEPTH, ANY_MEMBER})
        or names_are_data(first, second)
    ):
        return node, 0
    kept = {
        name
        for names in (first, second)
        for name in islice((name for name in names if name not in common), MAX_SHOWN)
    }
    named = {end for end in ends if isinstance(end, str)}
    kept.update(name for name in named if (name in first) is not (name in second))
    wanted = kept | common
    below = replace(node, a=_with(node.a, wanted), b=_with(node.b, wanted))
    return below, alone - len(kept)


def _members(column: Column) -> int:
    """Return how many members the objects of a column have together."""
    if not column or not isinstance(column[0], dict):
        return 0
    return sum(map(len, objects_of(column)))


def _names(column: Column) -> KeysView[str]:
    """Return the names of the members of a column's objects."""
    if len(column) == 1 and isinstance(column[0], dict):
        return column[0].keys()
    of_objects = bool(column) and isinstance(column[0], dict)
    return (members_of(column) if of_objects else {}).keys()


def _with(side: SentSide, names: set[str]) -> SentSide:
    """Return a side with some members alone of its objects, which are shown as they were sent."""
    column = [
        {name: value[name] for name in value if name in names} if isinstance(value, dict) else value
        for value in side.column
    ]
    return replace(side, column=column, whole=side.shown)
