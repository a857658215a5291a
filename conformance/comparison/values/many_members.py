"""Limits the members of very large objects, because to find causes takes microseconds a member.

The members that are kept are compared as usual; the others are counted.
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
"""If more names are on one side only, no cause is searched for."""
MAX_SHOWN: Final = 100
"""The number of names on one side only that are then still compared, for each side."""


def without_too_many(node: Node, loosening: Loosening) -> tuple[Node, int]:
    """Return a node without the members past a bound that only one side has, and their number.

    Each side keeps its first ones.  Nothing is left out if the names are data, or if a rule may be
    about any member.
    """
    # a shortcut, because most objects are small
    if _members(node.a.column) + _members(node.b.column) <= MAX_ALONE:
        return node, 0
    first, second = _names(node.a.column), _names(node.b.column)
    alone_a, alone_b = first - second, second - first
    # names on both sides are no problem: their values are compared as usual
    too_many = len(alone_a) + len(alone_b) > MAX_ALONE
    if not too_many or _may_be_about_any(loosening) or names_are_data(first, second):
        return node, 0
    kept = {*_first_of(first, alone_a), *_first_of(second, alone_b)}
    # keep every name at which the path of a rule ends
    kept |= {end for end in loosening.ends if isinstance(end, str)} & (alone_a | alone_b)
    wanted = kept | (first & second)
    below = replace(node, a=_with(node.a, wanted), b=_with(node.b, wanted))
    return below, len(alone_a) + len(alone_b) - len(kept)


def _may_be_about_any(loosening: Loosening) -> bool:
    """Return whether a rule may be about any member of an object."""
    return not loosening.ends.isdisjoint({ANY_DEPTH, ANY_MEMBER})


def _first_of(names: Iterable[str], alone: AbstractSet[str]) -> Iterator[str]:
    """Return the first of `names` that are in `alone`, up to the limit."""
    return islice(filter(alone.__contains__, names), MAX_SHOWN)


def _members(column: Column) -> int:
    """Return the number of members in all objects of a column."""
    if not holds_only(column[:1], dict):
        return 0
    return sum(map(len, objects_of(column)))


def _names(column: Column) -> KeysView[str]:
    """Return the names of the members of a column's objects."""
    if not holds_only(column[:1], dict):
        return {}.keys()
    # a shortcut for a single object
    if len(column) == 1:
        names: KeysView[str] = column[0].keys()
        return names
    return members_of(column).keys()


def _with(side: SentSide, names: AbstractSet[str]) -> SentSide:
    """Return a side with only some members of its objects; reports show the objects as sent."""
    column = [only(value, names) if isinstance(value, dict) else value for value in side.column]
    return replace(side, column=column, sent_objects=side.shown)
