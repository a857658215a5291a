"""Elements that are one object on both sides and stand in their lists again and again.

Of two long streams most elements are such (`bodies/long_streams`): each shows once what they show.
"""

from itertools import compress
from operator import is_not
from typing import Final

from msgspec.structs import replace

from conformance.comparison.values.columns import holds_only
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.node import Node

_MANY: Final = 1_000
"""Of fewer elements all are compared sooner than those that come again are looked for."""


def without_repeated(node: Node) -> Node:
    """Return a node of paired objects without those that came before as one object of both sides.

    Nothing differs in them, and the first one shows which values a column has.  How many
    elements have a member counts only where one side lacks it: then all are left.
    """
    a, b = node.columns
    if len(a) < _MANY or not holds_only(a, dict):
        return node
    two = list(map(is_not, a, b))
    if all(two) or not all(map(_are_of_one_form, compress(a, two), compress(b, two))):
        return node
    known: set[int] = set()
    keep: list[bool] = []
    for element, are_two in zip(a, two, strict=True):
        keep.append(are_two or id(element) not in known)
        if not are_two:
            known.add(id(element))
    if all(keep):
        return node
    return replace(node, a=node.a.kept(keep), b=node.b.kept(keep), ids=node.ids.kept(keep))


def _are_of_one_form(x: Json, y: Json) -> bool:
    """Return whether two values have the same members, and lists of one length, at any depth."""
    pending = [(x, y)]
    while pending:
        first, second = pending.pop()
        if type(first) is dict and type(second) is dict:
            if first.keys() != second.keys():
                return False
            pending.extend((first[name], second[name]) for name in first)
        elif type(first) is list and type(second) is list:
            if len(first) != len(second):
                return False
            pending.extend(zip(first, second, strict=True))
        elif isinstance(first, dict | list) or isinstance(second, dict | list):
            return False
    return True
