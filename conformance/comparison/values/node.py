"""A place of the walk: the two columns that stand there, and how they belong together."""

import enum
from dataclasses import dataclass, replace

from conformance.comparison.values.columns import Column
from conformance.comparison.values.element_ids import ElementIds, Orders
from conformance.comparison.values.presence import Gone
from conformance.comparison.values.side import Side
from conformance.comparison.values.stops import Paths


class Pairing(enum.IntEnum):
    """Whether two columns correspond by position, and then when two numbers in them are equal."""

    NONE = 0
    BY_VALUE = 1
    BY_LEXEME = 2


@dataclass(frozen=True, slots=True)
class Node:
    """Two columns that stand at one place, whether they correspond by position, and then to which elements.

    `orders` tells in which order the second side sent the lists that were put into the order of the first side's.
    """

    a: Side
    b: Side
    pairing: Pairing
    ids: ElementIds
    orders: Orders | None = None

    @property
    def columns(self) -> tuple[Column, Column]:
        """Return the values that are compared."""
        return self.a.column, self.b.column

    @property
    def paths(self) -> Paths:
        """Return the place as either side spells it."""
        return self.a.path, self.b.path

    def member(self, name: str, a: Column, b: Column) -> "Node":
        """Return the node one member below, its columns being known."""
        sides = self.a.member(name, a), self.b.member(name, b)
        return Node(*sides, self.pairing, self.ids.member(name, self.a.column))

    def elements(self, a: Column, b: Column, pairing: Pairing) -> "Node":
        """Return the node below the arrays of this one, its columns being known."""
        return Node(self.a.elements(a), self.b.elements(b), pairing, self.ids.elements(self.a.column, self.orders))

    def any_member(self, a: Column, b: Column, pairing: Pairing) -> "Node":
        """Return the node below the objects of this one, whose names are data; where paired, in the first's order."""
        order = self.a.column if pairing else None
        return Node(self.a.any_member(a), self.b.any_member(b, order), pairing, self.ids.any_member(self.a.column))

    def in_order(self, orders: Orders) -> "Node":
        """Return the node with the second side's lists put into another order."""
        return replace(self, b=self.b.in_order(orders), orders=orders)

    def without(self, gone: Gone) -> "Node":
        """Return the node without the values that say that there is none."""
        return replace(self, a=self.a.without(gone), b=self.b.without(gone), ids=self.ids.without(gone, self.a.column))
