"""Objects with so many members of their own that no cause is looked for in them.

To ask for causes takes several microseconds a member, and nobody decides so many members one by
one.  Those that are kept are compared as everywhere: each is a member that one side lacks.
"""

from collections.abc import Iterable, Iterator, KeysView
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Final

from msgspec.structs import replace

from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import Column, holds_only, members_of, objects_of
from conformance.comparison.values.maps import names_are_data
from conformance.comparison.values.node import Node
from conformance.comparison.values.objects import only
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
    alone_a, alone_b = first - second, second - first
    # names that both have cost nothing: their values are compared as everywhere
    too_many = len(alone_a) + len(alone_b) > MAX_ALONE
    if not too_many or _may_be_about_any(loosening) or names_are_data(first, second):
        return node, 0
    kept = {*_first_of(first, alone_a), *_first_of(second, alone_b)}
    # a rule about one of them counts whatever stands before it
    kept |= {end for end in loosening.ends if isinstance(end, str)} & (alone_a | alone_b)
    wanted = kept | (first & second)
    below = replace(node, a=_with(node.a, wanted), b=_with(node.b, wanted))
    return below, len(alone_a) + len(alone_b) - len(kept)


def _may_be_about_any(loosening: Loosening) -> bool:
    """Return whether a rule may be about any member of an object."""
    return not loosening.ends.isdisjoint({ANY_DEPTH, ANY_MEMBER})


def _first_of(names: Iterable[str], alone: AbstractSet[str]) -> Iterator[str]:
    """Return the first names, in their order, of those that one side has alone."""
    return islice(filter(alone.__contains__, names), MAX_SHOWN)


def _members(column: Column) -> int:
    """Return how many members the objects of a column have together."""
    if not holds_only(column[:1], dict):
        return 0
    return sum(map(len, objects_of(column)))


def _names(column: Column) -> KeysView[str]:
    """Return the names of the members of a column's objects."""
    if not holds_only(column[:1], dict):
        return {}.keys()
    # the members of a single object need not be gathered
    if len(column) == 1:
        names: KeysView[str] = column[0].keys()
        return names
    return members_of(column).keys()


def _with(side: SentSide, names: AbstractSet[str]) -> SentSide:
    """Return a side with some members alone of its objects, which are shown as they were sent."""
    column = [only(value, names) if isinstance(value, dict) else value for value in side.column]
    return replace(side, column=column, whole=side.shown)
