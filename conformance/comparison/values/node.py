"""A place of the walk: the two columns that stand there, and how they belong together."""

import enum
from collections.abc import Iterator, Sequence
from itertools import compress
from operator import and_, not_
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.values.aligned_lists import AlignedLists
from conformance.comparison.values.columns import Column, elements_of
from conformance.comparison.values.element_ids import ElementIds, ElementSteps, Orders
from conformance.comparison.values.lossless_json import (
    Json,
    is_minus_zero,
    kind_of,
    same_scalar,
    spelling,
)
from conformance.comparison.values.objects import compressed, have_member
from conformance.comparison.values.partners import Partners
from conformance.comparison.values.presence import Gone
from conformance.comparison.values.side import SentSide
from conformance.comparison.values.stops import Paths
from conformance.model.case import CompareLevel, NumberPolicy

_NUMERIC: Final = frozenset({"integer", "number"})


class Pairing(enum.IntEnum):
    """Whether two columns correspond by position, and then when two numbers in them are equal."""

    NONE = 0
    BY_VALUE = 1
    BY_SIGNED_VALUE = 2
    """A zero with a minus sign is another value: where both bodies have one, no note says that
    either has.
    """
    BY_LEXEME = 3

    @classmethod
    def on_terms(
        cls, level: CompareLevel, numbers: NumberPolicy, *, signed_zeros: bool
    ) -> "Pairing":
        """Return how two bodies correspond on the terms of a comparison."""
        if level is not CompareLevel.VALUE:
            return cls.NONE
        if numbers is not NumberPolicy.VALUE:
            return cls.BY_LEXEME
        return cls.BY_SIGNED_VALUE if signed_zeros else cls.BY_VALUE

    def same(self, x: Json, y: Json) -> bool:
        """Return whether two scalars are of one kind and equal.

        By lexeme, numbers only where they are spelled alike.
        """
        kind = kind_of(x)
        if kind != kind_of(y):
            return False
        if self is Pairing.BY_LEXEME and kind in _NUMERIC:
            return spelling(x) == spelling(y)
        if self is Pairing.BY_SIGNED_VALUE and is_minus_zero(x) != is_minus_zero(y):
            return False
        return same_scalar(x, y)


class Node(Struct, frozen=True):
    """Two columns at one place, whether they correspond by position, and to which elements.

    `orders` tells in which order the second side sent the lists that were put into the order of the
    first side's. `partial` tells that these are some of the elements of a place: what is not
    compared of them says nothing of others.
    """

    a: SentSide
    b: SentSide
    pairing: Pairing
    ids: ElementIds
    orders: Orders | None = None
    partial: bool = False

    @property
    def columns(self) -> tuple[Column, Column]:
        """Return the values that are compared."""
        return self.a.column, self.b.column

    @property
    def paths(self) -> Paths:
        """Return the place as either side spells it."""
        return self.a.path, self.b.path

    @property
    def aligned(self) -> AlignedLists:
        """Return which elements belong together here, the columns being the elements of lists."""
        return AlignedLists(self.paths, lambda: self.ids.at(range(len(self.a.column))))

    def member(self, name: str, a: Column, b: Column) -> "Node":
        """Return the node one member below, its columns being known."""
        sides = self.a.member(name, a), self.b.member(name, b)
        return Node(
            *sides, self.pairing, self.ids.member(name, self.a.column), partial=self.partial
        )

    def elements(self, pairing: Pairing) -> "Node":
        """Return the node below the arrays of this one."""
        ids = self.ids.elements(lambda: self._steps([None] * len(self.a.column)))
        a = self.a.elements(elements_of(self.a.column))
        b = self.b.elements(elements_of(self.b.column))
        return Node(a, b, pairing, ids, partial=self.partial)

    def partners(self, partners: Sequence[Partners | None], *, by_rule: bool) -> "Node":
        """Return the node below the arrays of this one, of the elements alone that have a partner.

        There are partners for each array of this node, None where both sides have as many elements.
        """
        a = self.a.in_order(_indexes(partners, 0))
        b = self.b.in_order(_indexes(partners, 1))
        ids = self.ids.elements(lambda: self._steps(partners, by_rule=by_rule))
        sides = a.elements(elements_of(a.column)), b.elements(elements_of(b.column))
        return Node(*sides, self.pairing, ids, partial=self.partial)

    def _steps(
        self, partners: Sequence[Partners | None], *, by_rule: bool = True
    ) -> list[tuple[int, ElementSteps]]:
        """Return the position of each array, with the last steps of the ids of partners in it.

        None stands for elements at one index.
        """
        orders = self.orders or [None] * len(self.a.column)
        sides = zip(
            self.a.column, _as_sent(self.a), _as_sent(self.b), partners, orders, strict=True
        )
        return [
            (at, _steps_of(x, y, found, order, by_rule=by_rule))
            for at, (value, x, y, found, order) in enumerate(sides)
            if type(value) is list
        ]

    def any_member(self, a: Column, b: Column, pairing: Pairing) -> "Node":
        """Return the node below the objects of this one, whose names are data.

        Where paired, in the first's order.
        """
        order = self.a.column if pairing else None
        sides = self.a.any_member(a), self.b.any_member(b, order)
        ids = self.ids.any_member(self.a.column)
        return Node(*sides, pairing, ids, partial=self.partial)

    def in_order(self, orders: Orders) -> "Node":
        """Return the node with the second side's lists put into another order."""
        return replace(self, b=self.b.in_order(orders), orders=orders)

    def part(self, positions: Sequence[int]) -> "Node":
        """Return the node with some of its elements, told by position."""
        wanted = set(positions)
        keep = list(map(wanted.__contains__, range(len(self.a.column))))
        orders = compressed(self.orders, keep)
        return Node(
            self.a.kept(keep),
            self.b.kept(keep),
            self.pairing,
            self.ids.kept(keep),
            orders,
            partial=True,
        )

    def without(self, gone: Gone) -> "Node":
        """Return the node without the values that say that there is none."""
        ids = self.ids.kept(list(map(not_, map(gone, self.a.column))))
        return replace(self, a=self.a.without(gone), b=self.b.without(gone), ids=ids)

    def holders(self, name: str, gone: Gone | None = None) -> tuple[list[bool], list[bool]]:
        """Tell for either side and position whether a member stands there.

        With `gone`, one that says something.
        """
        return _holders(self.a.column, name, gone), _holders(self.b.column, name, gone)

    def in_both(self, held: tuple[Sequence[bool], Sequence[bool]]) -> "Node":
        """Return the node with only the members of objects that have one on both sides, if any.

        Otherwise it has all members, and they do not correspond by position.

        `held` tells for the objects of either side, by position, which have a member in the columns
        of this node.
        """
        in_a, in_b = held
        if not any(map(and_, in_a, in_b)):
            return replace(self, pairing=Pairing.NONE)
        keep_a, keep_b = list(compress(in_b, in_a)), list(compress(in_a, in_b))
        return replace(
            self, a=self.a.kept(keep_a), b=self.b.kept(keep_b), ids=self.ids.kept(keep_a)
        )


def _holders(column: Column, name: str, gone: Gone | None) -> list[bool]:
    have_it = have_member(column, name)
    if gone is None:
        return have_it
    both = zip(column, have_it, strict=True)
    return [has_it and not gone(value[name]) for value, has_it in both]


def _indexes(partners: Sequence[Partners | None], side: int) -> list[list[int] | None]:
    """Return for each array which elements of a side, 0 or 1, have partners; None: all have."""
    return [None if found is None else found.on_side(side) for found in partners]


def _steps_of(
    x: Sequence[Json],
    y: Sequence[Json],
    partners: Partners | None,
    order: Sequence[int] | None,
    *,
    by_rule: bool,
) -> ElementSteps:
    """Return the last steps of partners: of elements at one index if none were searched."""
    if partners is None:
        return ElementSteps(x, y, None, order, by_rule)
    return ElementSteps(x, y, partners.matches, order, by_rule or partners.moved)


def _as_sent(side: SentSide) -> Iterator[Sequence[Json]]:
    """Yield the lists of a side as they were sent, in the order of its elements.

    An idiom may have made one of more.
    """
    for value, sent in zip(side.column, side.shown, strict=True):
        are_lists = type(value) is type(sent) is list
        is_as_sent = are_lists and len(value) == len(sent)
        yield sent if is_as_sent else value
