"""A node of the walk: two columns at one place, and how their values correspond."""

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
from conformance.comparison.values.presence import CountsAsAbsent
from conformance.comparison.values.side import SentSide
from conformance.comparison.values.stops import Paths
from conformance.model.case import CompareLevel, NumberPolicy

_NUMERIC: Final = frozenset({"integer", "number"})
"""The kinds of numbers."""


class Pairing(enum.IntEnum):
    """Whether two columns correspond by position, and if so, when two numbers are equal."""

    NONE = 0
    BY_VALUE = 1
    BY_SIGNED_VALUE = 2
    """Zero and minus zero differ: used if both bodies have a minus zero, so no note differs."""
    BY_LEXEME = 3

    @classmethod
    def on_terms(
        cls, level: CompareLevel, numbers: NumberPolicy, *, signed_zeros: bool
    ) -> "Pairing":
        """Return the pairing of two bodies for a level and a number policy."""
        if level is not CompareLevel.VALUE:
            return cls.NONE
        if numbers is not NumberPolicy.VALUE:
            return cls.BY_LEXEME
        return cls.BY_SIGNED_VALUE if signed_zeros else cls.BY_VALUE

    def same(self, x: Json, y: Json) -> bool:
        """Return whether two scalars are equal in kind and value.

        BY_LEXEME also compares the spelling of numbers.
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
    """Two columns at one place of the walk.

    - `pairing`: whether they correspond by position.
    - `ids`: the elements that their values belong to.
    - `orders`: the order of each of the second side's lists, if it was changed to match the first.
    - `partial`: these are only some of the elements at the place, so that what is not compared here
      may be compared for others.
    """

    a: SentSide
    b: SentSide
    pairing: Pairing
    ids: ElementIds
    orders: Orders | None = None
    partial: bool = False

    @property
    def columns(self) -> tuple[Column, Column]:
        """Return the two columns."""
        return self.a.column, self.b.column

    @property
    def paths(self) -> Paths:
        """Return the place as each side spells it."""
        return self.a.path, self.b.path

    @property
    def aligned(self) -> AlignedLists:
        """Return the partners at this place; the columns are the elements of lists."""
        return AlignedLists(self.paths, lambda: self.ids.at(range(len(self.a.column))))

    def member(self, name: str, a: Column, b: Column) -> "Node":
        """Return the node of a member; `a` and `b` are its columns."""
        sides = self.a.member(name, a), self.b.member(name, b)
        return Node(
            *sides, self.pairing, self.ids.member(name, self.a.column), partial=self.partial
        )

    def elements(self, pairing: Pairing) -> "Node":
        """Return the node of the elements of all lists in this node."""
        ids = self.ids.elements(lambda: self._steps([None] * len(self.a.column)))
        a = self.a.elements(elements_of(self.a.column))
        b = self.b.elements(elements_of(self.b.column))
        return Node(a, b, pairing, ids, partial=self.partial)

    def partners(self, partners: Sequence[Partners | None], *, by_rule: bool) -> "Node":
        """Return the node of all elements that have a partner.

        `partners` has an entry for each list of this node; None if elements are paired by index.
        """
        a = self.a.in_order(_indexes(partners, 0))
        b = self.b.in_order(_indexes(partners, 1))
        ids = self.ids.elements(lambda: self._steps(partners, by_rule=by_rule))
        sides = a.elements(elements_of(a.column)), b.elements(elements_of(b.column))
        return Node(*sides, self.pairing, ids, partial=self.partial)

    def _steps(
        self, partners: Sequence[Partners | None], *, by_rule: bool = True
    ) -> list[tuple[int, ElementSteps]]:
        """Return the position of each list, with the last steps of the ids of its elements.

        `partners` has an entry for each value of the node; None if elements are paired by index.
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
        """Return the node of all members of this node's objects, whose names are data.

        `a` and `b` are its columns.  If paired, members are in the order of the first side.
        """
        order = self.a.column if pairing else None
        sides = self.a.any_member(a), self.b.any_member(b, order)
        ids = self.ids.any_member(self.a.column)
        return Node(*sides, pairing, ids, partial=self.partial)

    def in_order(self, orders: Orders) -> "Node":
        """Return the node with the second side's lists put into another order."""
        return replace(self, b=self.b.in_order(orders), orders=orders)

    def part(self, positions: Sequence[int]) -> "Node":
        """Return the node with some of its values, given by position."""
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

    def without(self, counts_as_absent: CountsAsAbsent) -> "Node":
        """Return the node without the values for which `counts_as_absent` is true."""
        ids = self.ids.kept(list(map(not_, map(counts_as_absent, self.a.column))))
        return replace(
            self, a=self.a.without(counts_as_absent), b=self.b.without(counts_as_absent), ids=ids
        )

    def holders(self, name: str) -> tuple[list[bool], list[bool]]:
        """Return for each side which objects have a member, by position."""
        return have_member(self.a.column, name), have_member(self.b.column, name)

    def in_both(self, held: tuple[Sequence[bool], Sequence[bool]]) -> "Node":
        """Return the node with only the values of objects that have the member on both sides.

        If there is no such object, all values stay, but unpaired.  `held` says for each side which
        objects have the member in this node.
        """
        in_a, in_b = held
        if not any(map(and_, in_a, in_b)):
            return replace(self, pairing=Pairing.NONE)
        keep_a, keep_b = list(compress(in_b, in_a)), list(compress(in_a, in_b))
        return replace(
            self, a=self.a.kept(keep_a), b=self.b.kept(keep_b), ids=self.ids.kept(keep_a)
        )


def _indexes(partners: Sequence[Partners | None], side: int) -> list[list[int] | None]:
    """Return for each list the indexes of partners on a side, 0 or 1; None: all elements."""
    return [None if found is None else found.on_side(side) for found in partners]


def _steps_of(
    x: Sequence[Json],
    y: Sequence[Json],
    partners: Partners | None,
    order: Sequence[int] | None,
    *,
    by_rule: bool,
) -> ElementSteps:
    """Return the last steps of the ids of partners; without partners, of elements by index."""
    if partners is None:
        return ElementSteps(x, y, None, order, by_rule)
    return ElementSteps(x, y, partners.matches, order, by_rule or partners.moved)


def _as_sent(side: SentSide) -> Iterator[Sequence[Json]]:
    """Yield the lists of a side as they were sent, in the order of its elements.

    A list with another length than the sent one was made by an idiom, and is yielded itself.
    """
    for value, sent in zip(side.column, side.shown, strict=True):
        are_lists = type(value) is type(sent) is list
        is_as_sent = are_lists and len(value) == len(sent)
        yield sent if is_as_sent else value
