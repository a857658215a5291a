"""Members that not every object has: which objects have them, and what is compared below them."""

from collections.abc import Iterable
from itertools import compress
from operator import not_
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
        presence = (presence_of(columns[0], objects[0]), presence_of(columns[1], objects[1]))
        holders = node.holders(name)
        in_other_objects = _are_other_objects(node, holders)
        counts_as_absent: CountsAsAbsent | None = None
        if presence[0] != presence[1] or in_other_objects:
            counts_as_absent = self._record(node, below, name, presence, objects)
        if in_other_objects:
            return self._in_both(node, below, name, holders, counts_as_absent)
        return below if counts_as_absent is None else below.without(counts_as_absent)

    def _in_both(
        self,
        node: Node,
        below: Node,
        name: str,
        holders: tuple[list[bool], list[bool]],
        counts_as_absent: CountsAsAbsent | None,
    ) -> Node:
        """Return the node of values in objects that have a member on both sides.

        Record what `counts_as_absent` does not explain of the objects of which only one has it.
        """
        both = below.in_both(holders)
        if counts_as_absent is None:
            self._stops.note_common_only(below.paths)
            return both
        unexplained = list(held_by_one_side(node, below, name, not_absent(counts_as_absent)))
        if unexplained:
            self._add_elsewhere(below.paths, unexplained)
            self._stops.note_common_only(below.paths)
        return both if both.pairing else both.without(counts_as_absent)

    def _record(
        self,
        node: Node,
        below: Node,
        name: str,
        presence: tuple[str, str],
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
        are_alike = presence[0] == presence[1]
        if are_alike and not _explains_all(node, below, name, explanation):
            explanation = None
        if explanation is not None and self._add_explained(node, below, name, explanation):
            return explanation.counts_as_absent
        if are_alike:
            where = _ELSEWHERE if len(a) == len(b) else how_often((a, b), objects)
            self._add_elsewhere(below.paths, held_by_one_side(node, below, name), where)
            return None
        # without occurrences, the objects have no counterparts
        if seen := list(held_by_one_side(node, below, name)):
            self._found.add(DifferenceKind.MEMBER, Facet.SHAPE, below.paths, presence, seen)
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
    return explanation_of(only_a, only_b, (either, either))


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
