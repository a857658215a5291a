"""What the values of two columns are made of, which tells how the walk goes on."""

from typing import NamedTuple

from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import Column, kinds_of, members_of, objects_of
from conformance.comparison.values.lossless_json import Kind
from conformance.comparison.values.maps import names_are_data
from conformance.comparison.values.node import Node


class Layout(NamedTuple):
    """The kinds of two columns' values, and the columns below their objects by member name.

    `is_map` tells that these names are data, and no fields.
    """

    kinds_a: frozenset[Kind]
    kinds_b: frozenset[Kind]
    below_a: dict[str, Column]
    below_b: dict[str, Column]
    is_map: bool

    @property
    def kinds(self) -> frozenset[Kind]:
        """Return the kinds that both columns have."""
        return self.kinds_a & self.kinds_b

    @property
    def same_kinds(self) -> bool:
        """Return whether both columns have the same kinds."""
        return self.kinds_a == self.kinds_b

    @property
    def alike(self) -> bool:
        """Return whether both columns have the same kinds, an integer being a number.

        By value 5 and 5.3 differ.
        """
        return self.same_kinds or _numbers_as_one(self.kinds_a) == _numbers_as_one(self.kinds_b)

    @property
    def other_names(self) -> bool:
        """Return whether the objects of the columns have other members."""
        return self.below_a.keys() != self.below_b.keys()


def layout_of(node: Node, loosening: Loosening, *, known_map: bool) -> Layout:
    """Return what two columns are made of.

    A rule, the look of the names, or a third answer (`known_map`) tells that names are data.
    """
    a, b = node.columns
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    without_members = Layout(kinds_a, kinds_b, {}, {}, is_map=False)
    if "object" not in without_members.kinds:
        return without_members
    below_a, below_b = members_of(a), members_of(b)
    if not any((below_a, below_b)):
        return without_members
    # a rule counts as used only where it makes a difference
    needed = below_a.keys() != below_b.keys()
    is_map = names_are_data(below_a, below_b) or loosening.is_map(node.paths, needed=needed)
    if known_map and not is_map:
        is_map = _same_names(a, b, paired=bool(node.pairing))
    return Layout(kinds_a, kinds_b, below_a, below_b, is_map)


def _same_names(a: Column, b: Column, *, paired: bool) -> bool:
    """Return whether two columns have the same names: object by object where they are paired."""
    first, second = list(map(set, objects_of(a))), list(map(set, objects_of(b)))
    if paired:
        return first == second
    return set().union(*first) == set().union(*second)


def _numbers_as_one(kinds: frozenset[Kind]) -> frozenset[Kind]:
    if "integer" not in kinds:
        return kinds
    return kinds - {"integer"} | {"number"}
