"""Elements that are one object on both sides and stand in their lists again and again.

Of two long streams most elements are such (`bodies/long_streams`): each shows once what they show.
"""

from operator import is_
from typing import Final

from msgspec.structs import replace

from conformance.comparison.values.columns import holds_only
from conformance.comparison.values.node import Node

_MANY: Final = 1_000
"""Of fewer elements all are compared sooner than those that come again are looked for."""


def without_repeated(node: Node) -> Node:
    """Return a node of paired objects without those that came before as one object of both sides.

    Nothing differs in them, and which values a column has is told by the first one.
    """
    a, b = node.columns
    if len(a) < _MANY or not any(map(is_, a, b)) or not holds_only(a, dict):
        return node
    known: set[int] = set()
    keep: list[bool] = []
    for x, y in zip(a, b, strict=True):
        keep.append(x is not y or id(x) not in known)
        if x is y:
            known.add(id(x))
    if all(keep):
        return node
    return replace(node, a=node.a.kept(keep), b=node.b.kept(keep), ids=node.ids.kept(keep))
