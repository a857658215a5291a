"""Which idioms are asked about two columns: fewer where these look alike but for their values."""

from collections.abc import Sequence
from itertools import compress, filterfalse
from operator import attrgetter
from typing import Final

from msgspec import Struct

from conformance.comparison.identities.paths import IdentityPaths
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.idioms.members import ZERO_VALUE_VS_ABSENT
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import Column
from conformance.comparison.values.layout import Layout
from conformance.comparison.values.lossless_json import Kind
from conformance.comparison.values.node import Node

_CLAIMED_WITHIN_ONE_KIND: Final = frozenset({"string", "integer"})
_OBJECTS: Final[frozenset[Kind]] = frozenset({"object"})
_LISTS: Final[frozenset[Kind]] = frozenset({"array"})


class _HowAsked(Struct, frozen=True, eq=False):
    """Idioms by how they are asked; those of forms also by the kinds of value that are there."""

    detecting: tuple[Idiom, ...]
    at_root: tuple[Idiom, ...]
    of_forms: tuple[Idiom, ...]
    respelling: tuple[Idiom, ...]
    by_value: tuple[Idiom, ...]
    of_presence: bool
    of_kinds: dict[frozenset[Kind], tuple[Idiom, ...]]

    def of_forms_in(self, kinds: frozenset[Kind]) -> tuple[Idiom, ...]:
        """Return the idioms of forms that may be seen in values of some kinds."""
        if kinds not in self.of_kinds:
            forms_of_each = map(attrgetter("of_forms"), self.of_forms)
            are_there = map(kinds.intersection, forms_of_each)
            self.of_kinds[kinds] = tuple(compress(self.of_forms, are_there))
        return self.of_kinds[kinds]


_KNOWN: Final[dict[int, tuple[Sequence[Idiom], _HowAsked]]] = {}
"""A run asks the same few tables of idioms again and again: they are known by their identity."""
_MOST_KNOWN: Final = 8
"""More tables than one run asks for: with more, all are let go, so that they do not pile up."""


def _how_asked(idioms: Sequence[Idiom]) -> _HowAsked:
    known, known_how = _KNOWN.get(id(idioms), (None, None))
    if known_how is not None and known is idioms:
        return known_how
    how = _sorted_by_asking(idioms)
    if len(_KNOWN) == _MOST_KNOWN:
        _KNOWN.clear()
    _KNOWN[id(idioms)] = idioms, how
    return how


def _sorted_by_asking(idioms: Sequence[Idiom]) -> _HowAsked:
    detecting = list(filter(attrgetter("detect"), idioms))
    by_value = tuple(filter(attrgetter("by_value"), detecting))
    at_root = tuple(filterfalse(attrgetter("by_value"), detecting))
    return _HowAsked(
        detecting=tuple(filterfalse(attrgetter("at_root"), at_root)),
        at_root=at_root,
        of_forms=tuple(filter(attrgetter("of_forms"), at_root)),
        respelling=tuple(filter(attrgetter("respelled"), idioms)),
        by_value=by_value,
        of_presence=ZERO_VALUE_VS_ABSENT in idioms,
        of_kinds={},
    )


class AskedIdioms:
    """Idioms by how they are asked.

    The order of a list counts, where no rule says otherwise and no identity is in its elements.
    `of_presence` tells that values for nothing beside absent members are asked for, too.
    """

    def __init__(
        self, idioms: Sequence[Idiom], loosening: Loosening, identities: IdentityPaths
    ) -> None:
        self._how = _how_asked(idioms)
        self._loosening = loosening
        self._identities = identities

    @property
    def of_forms(self) -> Sequence[Idiom]:
        """Return the idioms that see two forms of one value."""
        return self._how.of_forms

    @property
    def respelling(self) -> Sequence[Idiom]:
        """Return the idioms that see two spellings of one value."""
        return self._how.respelling

    @property
    def of_presence(self) -> bool:
        """Return whether values for nothing beside absent members are asked for."""
        return self._how.of_presence

    def askable(self, node: Node, layout: Layout) -> Sequence[Idiom]:
        """Return the idioms that may explain two columns."""
        if _differs_in_shape(layout):
            # any idiom may explain it
            return self._how.detecting if node.a.path else self._how.at_root
        have_fields = layout.kinds == _OBJECTS and not layout.is_map
        if have_fields:
            return self._how.of_forms_in(layout.kinds)
        if _may_be_two_forms(node, layout):
            return self._of_two_forms(layout)
        if self._in_plain_order(node, layout):
            return self._how.by_value
        return ()

    def _of_two_forms(self, layout: Layout) -> Sequence[Idiom]:
        if layout.other_names:
            return self._how.detecting
        return self._how.of_forms_in(layout.kinds)

    def columns_for(self, idiom: Idiom, node: Node) -> tuple[Column, Column]:
        """Return what an idiom sees: of lists whose order counts what no rule loosens."""
        if not idiom.by_value:
            return node.columns
        return self._loosening.counting(*node.columns, node.paths)

    def order_counts(self, node: Node) -> bool:
        """Return whether the order of lists counts, as far as rules say nothing of it."""
        if not self._how.by_value:
            return False
        return not self._identities.are_in_list(node.paths[0])

    def _in_plain_order(self, node: Node, layout: Layout) -> bool:
        """Return whether two columns are lists whose order counts.

        No rule frees it, and no identity stands there.

        Lists that have been put into one order already have none of their own.
        """
        are_lists_as_sent = layout.kinds == _LISTS and node.orders is None
        if not node.pairing or not are_lists_as_sent:
            return False
        # an identity that stands in the list may be what moved
        if not self.order_counts(node):
            return False
        return not self._loosening.frees_order(node.paths)


def _differs_in_shape(layout: Layout) -> bool:
    has_other_fields = layout.other_names and not layout.is_map
    return has_other_fields or not layout.same_kinds


def _may_be_two_forms(node: Node, layout: Layout) -> bool:
    """Return whether two columns have unequal scalars, of which two may be forms of one value."""
    if layout.kinds.isdisjoint(_CLAIMED_WITHIN_ONE_KIND):
        return False
    return bool(node.a.column != node.b.column)
