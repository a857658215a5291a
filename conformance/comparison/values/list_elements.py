"""Compares which elements two columns of lists have, and in which order."""

from operator import attrgetter
from typing import Final

from conformance.comparison.idioms.collections import ANOTHER_ORDER
from conformance.comparison.rules.list_partners import Pairings
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.difference_list import DifferenceList
from conformance.comparison.values.idiom_choice import IdiomChoice
from conformance.comparison.values.node import Node, Pairing
from conformance.comparison.values.objects import positions_of
from conformance.comparison.values.occurrences import at_positions, without_partners
from conformance.comparison.values.repeated_elements import without_repeated
from conformance.comparison.values.stops import Stops
from conformance.model.finding import DifferenceKind

_OTHER_ELEMENTS: Final = "other elements"
"""The detail of lists of one length with different elements."""


class ListElements:
    """Records differences of lists in `found`, and elements that are not compared in `stops`."""

    def __init__(
        self, found: DifferenceList, stops: Stops, loosening: Loosening, idioms: IdiomChoice
    ) -> None:
        self._found = found
        self._stops = stops
        self._loosening = loosening
        self._idioms = idioms

    def compare(self, node: Node) -> Node:
        """Record how two columns of lists differ; return the node of the elements to compare.

        These are the partners.  Elements without a partner are reported with the length.
        """
        if not node.pairing:
            return self._at_one_index(node)
        pairings = self._loosening.partners(*node.columns, node.paths)
        if pairings is None or not any(pairings.partners):
            return self._at_one_index(node)
        self._extra(node, pairings)
        if self._idioms.order_counts(node) and not pairings.by_rule:
            self._order(node, pairings)
        return self._together(node, pairings)

    def _extra(self, node: Node, pairings: Pairings) -> None:
        """Record the elements without a partner, and lists whose partners are not all known."""
        # different elements in lists of one length are a difference in value, not in length
        for kind, words in ((DifferenceKind.LENGTH, ""), (DifferenceKind.VALUE, _OTHER_ELEMENTS)):
            seen = without_partners(node, pairings, for_equal_lengths=kind is DifferenceKind.VALUE)
            self._found.add_unequal(node.paths, seen, kind=kind, words=words)
        # the search stopped at a bound, so an element without a partner may have one
        looked_for = filter(None, pairings.partners)
        if not all(map(attrgetter("complete"), looked_for)):
            self._stops.unpaired.append(node.paths)

    def _at_one_index(self, node: Node) -> Node:
        """Return the node of all elements, paired by index if the lists are paired."""
        below = node.elements(node.pairing)
        if not node.pairing:
            return below
        if node.orders is not None:
            self._stops.aligned.append(below.aligned)
        return without_repeated(below)

    def _together(self, node: Node, pairings: Pairings) -> Node:
        """Return the node of all partners; without partners, all elements unpaired."""
        partners = node.partners(pairings.partners, by_rule=pairings.by_rule)
        self._stops.aligned.append(partners.aligned)
        if not all(partners.columns):
            return node.elements(Pairing.NONE)
        self._stops.note_common_only(node.paths)
        return partners

    def _order(self, node: Node, pairings: Pairings) -> None:
        """Record lists whose common elements are in another order."""
        moved = positions_of(found is not None and found.moved for found in pairings.partners)
        self._found.add_unequal(node.paths, at_positions(node, moved), idiom=ANOTHER_ORDER.name)
