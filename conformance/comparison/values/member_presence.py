"""Members that not every object has: which objects have them, and what is compared below them."""

from collections.abc import Iterable, Sequence
from itertools import compress
from operator import gt, not_
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.difference import ABSENT, DIFFERS, Occurrence
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import Column
from conformance.comparison.values.difference_list import DifferenceList
from conformance.comparison.values.node import Node
from conformance.comparison.values.occurrences import held_by_one_side, only_beside_absent
from conformance.comparison.values.presence import (
    CountsAsAbsent,
    Explanation,
    explanation_of,
    not_absent,
    nulls_of,
    presence_of,
    without_common,
)
from conformance.comparison.values.stops import Paths, Stops
from conformance.model.finding import DifferenceKind, Facet
from conformance.wording import plural

_VALUES: Final = (DIFFERS, DIFFERS)
"""The facts of a member that both sides have equally often."""
_ELSEWHERE: Final = ("in other elements", "in other elements")
"""The details of a member that the sides have in different elements."""


class MemberPresence:
    """Records in `found` the members that one side has and the other lacks.

    `explained` says whether the idioms about empty values beside absent members apply.
    """

    def __init__(
        self, found: DifferenceList, stops: Stops, loosening: Loosening, *, explained: bool
    ) -> None:
        self._found = found
        self._stops = stops
        self._loosening = loosening
        self._explained = explained

    def compare(
        self, node: Node, name: str, columns: tuple[Column, Column], objects: tuple[int, int]
    ) -> Node | None:
        """Record how two sides differ in having a member; return the node of its values to compare.

        `columns` are the values of the member, `objects` the number of objects on each side.
        Return None once the list of differences is full.
        """
        # once the list is full, the details would cost time without any use
        if self._found.is_full:
            self._found.more += 1
            return None
        check()
        below = node.member(name, *columns)
        presence = _presence_of_each(columns, objects)
        holders = node.holders(name)
        in_other_objects = _are_other_objects(node, holders)
        counts_as_absent: CountsAsAbsent | None = None
        if presence[0] != presence[1] or in_other_objects:
            counts_as_absent = self._record(node, below, name, objects)
        if in_other_objects:
            both = below.in_both(holders)
            if counts_as_absent is None:
                self._stops.note_common_only(below.paths)
                return both
            self._add_unexplained(node, below, name, counts_as_absent, objects)
            return both if both.pairing else both.without(counts_as_absent)
        return below if counts_as_absent is None else below.without(counts_as_absent)

    def _add_unexplained(
        self,
        node: Node,
        below: Node,
        name: str,
        counts_as_absent: CountsAsAbsent,
        objects: tuple[int, int],
    ) -> None:
        """Record what `counts_as_absent` does not explain of objects of which one has a member."""
        unexplained = list(held_by_one_side(node, below, name, not_absent(counts_as_absent)))
        if not unexplained:
            return
        if _is_on_one_side(node, name):
            self._add_presence(below, objects, unexplained)
        else:
            self._add_elsewhere(below.paths, unexplained)
        self._stops.note_common_only(below.paths)

    def _add_presence(
        self, below: Node, objects: tuple[int, int], seen: Sequence[Occurrence]
    ) -> None:
        """Record a member that some objects of one side have, though the others lack it."""
        presence = _presence_of_each(below.columns, objects)
        if presence[0] == presence[1]:
            a, b = below.columns
            where = _ELSEWHERE if len(a) == len(b) else how_often((a, b), objects)
            self._add_elsewhere(below.paths, seen, where)
        else:
            self._found.add(DifferenceKind.MEMBER, Facet.SHAPE, below.paths, presence, seen)

    def _record(
        self,
        node: Node,
        below: Node,
        name: str,
        objects: tuple[int, int],
    ) -> CountsAsAbsent | None:
        """Record a member that the sides do not have alike; return a test for values to leave out.

        These are empty values that an idiom explains; or, by shape, values whose shape occurs only
        beside an absent member, which the absence covers.  None: there are no such values.
        """
        a, b = below.columns
        if self._loosening.absence(below.paths, a, b):
            return None
        explanation = _explanation_of(node, below, name, objects) if self._explained else None
        presence = _presence_of_each(below.columns, objects)
        are_alike = presence[0] == presence[1]
        may_be_in_part = not are_alike or _is_on_one_side(node, name)
        if not may_be_in_part and not _explains_all(node, below, name, explanation):
            explanation = None
        if explanation is not None and self._add_explained(node, below, name, explanation):
            return explanation.counts_as_absent
        # without occurrences, the objects have no counterparts
        if seen := list(held_by_one_side(node, below, name)):
            self._add_presence(below, objects, seen)
            return None if node.pairing else only_beside_absent(node, below, name)
        return None

    def _add_explained(self, node: Node, below: Node, name: str, explanation: Explanation) -> bool:
        """Record a member with empty values beside absent ones; return whether there are any."""
        unwritten = list(held_by_one_side(node, below, name, explanation.counts_as_absent))
        if not unwritten:
            return False
        fact = explanation.fact
        facts = (fact, ABSENT) if explanation.first_side else (ABSENT, fact)
        self._found.add(
            DifferenceKind.MEMBER,
            Facet.SHAPE,
            below.paths,
            facts,
            unwritten,
            idiom=explanation.idiom,
        )
        return True

    def _add_elsewhere(
        self, paths: Paths, seen: Iterable[Occurrence], where: tuple[str, str] = _ELSEWHERE
    ) -> None:
        """Record a member that both sides have about equally often, but in different objects."""
        self._found.add(DifferenceKind.MEMBER, Facet.VALUE, paths, _VALUES, seen, details=where)


def _presence_of_each(columns: tuple[Column, Column], objects: tuple[int, int]) -> tuple[str, str]:
    """Return for each side as a fact whether all, some or none of its objects have a member."""
    return presence_of(columns[0], objects[0]), presence_of(columns[1], objects[1])


def _are_other_objects(node: Node, holders: tuple[list[bool], list[bool]]) -> bool:
    """Return whether some paired objects have a member on one side only."""
    return bool(node.pairing) and holders[0] != holders[1]


def _explanation_of(
    node: Node, below: Node, name: str, objects: tuple[int, int]
) -> Explanation | None:
    """Return an explanation of a member that two sides do not have alike, or None.

    What both sides have explains nothing: in paired columns, only objects count of which one has
    the member.
    """
    a, b = below.columns
    if not node.pairing:
        return explanation_of(*without_common(a, b, objects))
    in_a, in_b = node.holders(name)
    only_a = list(compress(a, map(not_, compress(in_b, in_a))))
    only_b = list(compress(b, map(not_, compress(in_a, in_b))))
    either = len(only_a) + len(only_b)
    whole = explanation_of(only_a, only_b, (either, either))
    # a side without the member anywhere lacks it, whatever the other one writes
    is_in_part = whole is None and a and b and _is_on_one_side(node, name)
    return nulls_of(only_a or only_b, first_side=bool(only_a)) if is_in_part else whole


def _is_on_one_side(node: Node, name: str) -> bool:
    """Return whether only one of two paired sides has a member that the other lacks."""
    in_a, in_b = node.holders(name)
    return bool(node.pairing) and not (any(map(gt, in_a, in_b)) and any(map(gt, in_b, in_a)))


def _explains_all(node: Node, below: Node, name: str, explanation: Explanation | None) -> bool:
    """Return whether the same objects have a member once its empty values are ignored."""
    if explanation is None:
        return False
    return not list(held_by_one_side(node, below, name, not_absent(explanation.counts_as_absent)))


def how_often(columns: tuple[Column, Column], objects: tuple[int, int]) -> tuple[str, str]:
    """Return for each side in how many of its objects it has a member."""
    first, second = map(_how_often, columns, objects)
    return first, second


def _how_often(column: Column, objects: int) -> str:
    """Return in how many of its objects a side has a member, as text."""
    return f"in {len(column)} of {plural(objects, 'element')}"
