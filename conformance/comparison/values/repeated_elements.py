"""Skips elements that are one shared object on both sides and are repeated in their lists.

In two long streams most elements are such (`bodies/long_streams`); one of each suffices.
"""

from collections.abc import Sequence
from itertools import compress
from operator import is_not
from typing import Final

from msgspec.structs import replace

from conformance.comparison.values.columns import holds_only
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.node import Node
from conformance.comparison.values.steps import below_both

_MANY: Final = 1_000
"""With fewer elements, to compare all is faster than to find repeated ones."""


def without_repeated(node: Node) -> Node:
    """Return a node of paired objects without repeated ones that both sides share.

    Nothing differs in them, and the first one shows the values of a column.  If the other objects
    differ in their members, all stay, because then the number of objects with a member counts.
    """
    a, b = node.columns
    if len(a) < _MANY or not holds_only(a, dict):
        return node
    two = list(map(is_not, a, b))
    if all(two) or not all(map(_are_of_one_form, compress(a, two), compress(b, two))):
        return node
    keep = _two_or_first(a, two)
    if all(keep):
        return node
    return replace(node, a=node.a.kept(keep), b=node.b.kept(keep), ids=node.ids.kept(keep))


def _two_or_first(elements: Sequence[Json], two: Sequence[bool]) -> list[bool]:
    """Return for each element whether it is unshared, or shared but here for the first time.

    An element is shared if both sides have the same object at its position.
    """
    first_at: dict[int, int] = {}
    keep: list[bool] = []
    for at, (element, are_two) in enumerate(zip(elements, two, strict=True)):
        is_to_keep = are_two or first_at.setdefault(id(element), at) == at
        keep.append(is_to_keep)
    return keep


def _are_of_one_form(x: Json, y: Json) -> bool:
    """Return whether two values have the same members, and lists of equal length, at any depth."""
    pending = [(x, y)]
    while pending:
        below = below_both(*pending.pop())
        if below is None:
            return False
        pending.extend(below)
    return True
