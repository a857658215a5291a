"""Members that only one side has, and whose absence a rule accepts: they belong to no format."""

from collections.abc import Iterator

from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import Column, members_of
from conformance.comparison.values.node import Node
from conformance.comparison.values.objects import each_without

_Member = tuple[str, Column, Column]
"""The name of a member, and its values on each side."""


def ignored_members(node: Node, loosening: Loosening) -> Iterator[_Member]:
    """Yield the members that only one side has, and whose absence a rule accepts."""
    of_a, of_b = map(members_of, node.columns)
    if not loosening.is_about_bodies:
        return
    # the rules are counted where the members are left out, not where they are looked for
    rules = loosening.uncounted()
    for name in of_a.keys() ^ of_b.keys():
        values = of_a.get(name, []), of_b.get(name, [])
        if rules.absence((node.a.path_of(name), node.b.path_of(name)), *values):
            yield name, *values


def without_ignored(node: Node, loosening: Loosening) -> tuple[Column, Column]:
    """Return the columns of a node without the members that `ignored_members` yields."""
    names = {name for name, _, _ in ignored_members(node, loosening)}
    a, b = node.columns
    return (each_without(a, names), each_without(b, names)) if names else (a, b)


def count_ignored(node: Node, loosening: Loosening) -> None:
    """Count the rules that accept the absence of members that are compared no further."""
    for name, *values in ignored_members(node, loosening):
        loosening.absence((node.a.path_of(name), node.b.path_of(name)), *values)
