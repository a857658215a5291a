"""The kinds and members of two columns, which decide how the walk continues."""

from typing import NamedTuple

from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import Column, kinds_of, members_of, objects_of
from conformance.comparison.values.lossless_json import Kind
from conformance.comparison.values.maps import names_are_data
from conformance.comparison.values.node import Node


class Layout(NamedTuple):
    """The kinds of the values of two columns, and the columns of their members by name.

    `is_map` says that these names are data, not fields.
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
        """Return whether both columns have the same kinds, with integers counted as numbers.

        So 5 and 5.3 differ in value, not in kind.
        """
        return self.same_kinds or _numbers_as_one(self.kinds_a) == _numbers_as_one(self.kinds_b)

    @property
    def different_names(self) -> bool:
        """Return whether the objects of the two columns have different members."""
        return self.below_a.keys() != self.below_b.keys()


def layout_of(node: Node, loosening: Loosening, *, known_map: bool) -> Layout:
    """Return the layout of two columns.

    Names are data if they look so, if a rule says so, or if a third answer shows it (`known_map`).
    """
    a, b = node.columns
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    without_members = Layout(kinds_a, kinds_b, {}, {}, is_map=False)
    if "object" not in without_members.kinds:
        return without_members
    below_a, below_b = members_of(a), members_of(b)
    if not any((below_a, below_b)):
        return without_members
    # a rule counts as used only if names differ
    needed = below_a.keys() != below_b.keys()
    is_map = names_are_data(below_a, below_b) or loosening.is_map(node.paths, needed=needed)
    if known_map and not is_map:
        is_map = _same_names(a, b, paired=bool(node.pairing))
    return Layout(kinds_a, kinds_b, below_a, below_b, is_map)


def _same_names(a: Column, b: Column, *, paired: bool) -> bool:
    """Return whether two columns have the same names; if paired, object by object."""
    first, second = list(map(set, objects_of(a))), list(map(set, objects_of(b)))
    if paired:
        return first == second
    return set().union(*first) == set().union(*second)


def _numbers_as_one(kinds: frozenset[Kind]) -> frozenset[Kind]:
    """Return kinds with integers counted as numbers."""
    if "integer" not in kinds:
        return kinds
    return kinds - {"integer"} | {"number"}
