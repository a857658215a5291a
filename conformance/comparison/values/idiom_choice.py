"""Selects the idioms that may explain two columns; fewer if only the values differ."""

from collections.abc import Sequence
from itertools import compress, filterfalse
from operator import attrgetter
from typing import Final

from msgspec import Struct

from conformance.comparison.identities.paths import IdentityPaths
from conformance.comparison.idioms.errors import ERROR_SHAPE
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.idioms.members import ZERO_VALUE_VS_ABSENT
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import Column
from conformance.comparison.values.ignored_members import without_ignored
from conformance.comparison.values.layout import Layout
from conformance.comparison.values.lossless_json import Kind
from conformance.comparison.values.node import Node
from conformance.model.json_path import JsonPath

_CLAIMED_WITHIN_ONE_KIND: Final = frozenset({"string", "integer"})
"""Kinds of scalars that an idiom may find in two forms."""
_OBJECTS: Final[frozenset[Kind]] = frozenset({"object"})
"""The kinds of a column of objects."""
_LISTS: Final[frozenset[Kind]] = frozenset({"array"})
"""The kinds of a column of lists."""


class _IdiomGroups(Struct, frozen=True, eq=False):
    """The idioms of one table, grouped by where they apply.

    - `below_root`: compare two columns below the root.
    - `at_root`: compare two columns at the root.
    - `of_forms`: those of them that may apply to columns of the same kinds.
    - `respelling`: compare two scalars.
    - `by_value`: compare columns that correspond by position.
    - `of_presence`: whether empty values beside absent members have an idiom.
    - `of_kinds`: a cache of `of_forms` by kinds of value.
    """

    below_root: tuple[Idiom, ...]
    at_root: tuple[Idiom, ...]
    of_forms: tuple[Idiom, ...]
    respelling: tuple[Idiom, ...]
    by_value: tuple[Idiom, ...]
    of_presence: bool
    of_kinds: dict[frozenset[Kind], tuple[Idiom, ...]]

    def of_forms_in(self, kinds: frozenset[Kind]) -> tuple[Idiom, ...]:
        """Return the idioms of `of_forms` that may apply to values of some kinds."""
        if kinds not in self.of_kinds:
            forms_of_each = map(attrgetter("of_forms"), self.of_forms)
            are_there = map(kinds.intersection, forms_of_each)
            self.of_kinds[kinds] = tuple(compress(self.of_forms, are_there))
        return self.of_kinds[kinds]


_KNOWN: Final[dict[int, tuple[Sequence[Idiom], _IdiomGroups]]] = {}
"""A cache of grouped tables by the `id` of the table, because a run uses few tables."""
_MOST_KNOWN: Final = 8
"""The size of that cache, more than one run needs; a full cache is cleared."""


def _idiom_groups(idioms: Sequence[Idiom]) -> _IdiomGroups:
    """Return the idioms of a table grouped by where they apply, from the cache if possible."""
    known, known_groups = _KNOWN.get(id(idioms), (None, None))
    if known_groups is not None and known is idioms:
        return known_groups
    groups = _grouped(idioms)
    if len(_KNOWN) == _MOST_KNOWN:
        _KNOWN.clear()
    _KNOWN[id(idioms)] = idioms, groups
    return groups


def _grouped(idioms: Sequence[Idiom]) -> _IdiomGroups:
    """Return the idioms of a table grouped by where they apply."""
    detecting = list(filter(attrgetter("detect"), idioms))
    by_value = tuple(filter(attrgetter("by_value"), detecting))
    at_root = tuple(filterfalse(attrgetter("by_value"), detecting))
    return _IdiomGroups(
        below_root=tuple(filterfalse(attrgetter("at_root"), at_root)),
        at_root=at_root,
        of_forms=tuple(filter(attrgetter("of_forms"), at_root)),
        respelling=tuple(filter(attrgetter("detect_pair"), idioms)),
        by_value=by_value,
        of_presence=ZERO_VALUE_VS_ABSENT in idioms,
        of_kinds={},
    )


class IdiomChoice:
    """Selects the idioms of one table for each place of a walk.

    The order of a list counts unless a rule ignores it or its elements contain an identity.
    """

    def __init__(
        self,
        idioms: Sequence[Idiom],
        loosening: Loosening,
        identities: IdentityPaths,
        root: JsonPath = (),
    ) -> None:
        self._root = root
        self._groups = _idiom_groups(idioms)
        self._loosening = loosening
        self._identities = identities

    @property
    def of_forms(self) -> Sequence[Idiom]:
        """Return the idioms that recognise two forms of one value."""
        return self._groups.of_forms

    @property
    def respelling(self) -> Sequence[Idiom]:
        """Return the idioms that recognise two spellings of one scalar."""
        return self._groups.respelling

    @property
    def of_presence(self) -> bool:
        """Return whether empty values beside absent members have an idiom."""
        return self._groups.of_presence

    def candidates(self, node: Node, layout: Layout) -> Sequence[Idiom]:
        """Return the idioms that may explain two columns of a given layout."""
        if _differs_in_shape(layout):
            # any idiom may explain it
            is_root = node.a.path == self._root
            return self._groups.at_root if is_root else self._groups.below_root
        have_fields = layout.kinds == _OBJECTS and not layout.is_map
        if have_fields:
            return self._groups.of_forms_in(layout.kinds)
        if _may_be_two_forms(node, layout):
            return self._of_two_forms(layout)
        if self._in_plain_order(node, layout):
            return self._groups.by_value
        return ()

    def _of_two_forms(self, layout: Layout) -> Sequence[Idiom]:
        """Return the idioms that may explain unequal scalars."""
        if layout.different_names:
            return self._groups.below_root
        return self._groups.of_forms_in(layout.kinds)

    def columns_for(self, idiom: Idiom, node: Node) -> tuple[Column, Column]:
        """Return two columns as an idiom compares them.

        For an idiom about the order of lists, that is without the members that a rule ignores; for
        one about the members of errors, without those that only one side has.
        """
        if idiom.name == ERROR_SHAPE.name:
            return without_ignored(node, self._loosening)
        if not idiom.by_value:
            return node.columns
        return self._loosening.counting(*node.columns, node.paths)

    def order_counts(self, node: Node) -> bool:
        """Return whether the order of lists counts at a place, apart from rules."""
        if not self._groups.by_value:
            return False
        return not self._identities.are_in_list(node.paths[0])

    def _in_plain_order(self, node: Node, layout: Layout) -> bool:
        """Return whether two columns are lists whose order counts, in the order they were sent.

        It does not count if a rule ignores it, or if the elements contain identities.
        """
        are_lists_as_sent = layout.kinds == _LISTS and node.orders is None
        if not node.pairing or not are_lists_as_sent:
            return False
        # an identity in the list may be the cause of another order
        if not self.order_counts(node):
            return False
        return not self._loosening.frees_order(node.paths)


def _differs_in_shape(layout: Layout) -> bool:
    """Return whether two columns differ in kinds or in the members of their objects."""
    has_other_fields = layout.different_names and not layout.is_map
    return has_other_fields or not layout.same_kinds


def _may_be_two_forms(node: Node, layout: Layout) -> bool:
    """Return whether two columns have unequal scalars that may be two forms of one value."""
    if layout.kinds.isdisjoint(_CLAIMED_WITHIN_ONE_KIND):
        return False
    return bool(node.a.column != node.b.column)
