"""The elements of lists: which belong together, which are extra, and in which order they stand."""

from operator import attrgetter
from typing import Final

from conformance.comparison.idioms.collections import ANOTHER_ORDER
from conformance.comparison.rules.list_partners import Pairings
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.asked_idioms import AskedIdioms
from conformance.comparison.values.difference_list import DifferenceList
from conformance.comparison.values.node import Node, Pairing
from conformance.comparison.values.objects import positions_of
from conformance.comparison.values.occurrences import at_positions, extra
from conformance.comparison.values.repeated_elements import without_repeated
from conformance.comparison.values.stops import Stops
from conformance.model.finding import DifferenceKind

_OTHER_ELEMENTS: Final = "other elements"


class ListElements:
    """Records in `found` what lists differ in, and in `stops` what is not compared of them."""

    def __init__(
        self, found: DifferenceList, stops: Stops, loosening: Loosening, idioms: AskedIdioms
    ) -> None:
        self._found = found
        self._stops = stops
        self._loosening = loosening
        self._idioms = idioms

    def compare(self, node: Node) -> Node:
        """Compare which elements two columns of lists have; return those to compare below.

        These are the elements that belong together, those alone.  What is extra is named with the
        length.
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
        """Record the elements that one side has alone, and where not all partners are known."""
        # lists of one length may have other elements: those are a value, not a length
        for kind, words in ((DifferenceKind.LENGTH, ""), (DifferenceKind.VALUE, _OTHER_ELEMENTS)):
            seen = extra(node, pairings, of_one_length=kind is DifferenceKind.VALUE)
            self._found.add_unequal(node.paths, seen, kind=kind, words=words)
        # a bound ended the search: elements without a partner may have one
        looked_for = filter(None, pairings.partners)
        if not all(map(attrgetter("complete"), looked_for)):
            self._stops.unpaired.append(node.paths)

    def _at_one_index(self, node: Node) -> Node:
        """Return all elements; those at one index correspond where the lists do."""
        below = node.elements(node.pairing)
        if not node.pairing:
            return below
        if node.orders is not None:
            self._stops.aligned.append(below.aligned)
        return without_repeated(below)

    def _together(self, node: Node, pairings: Pairings) -> Node:
        """Return the elements that belong together; where none do, all, paired with none."""
        partners = node.partners(pairings.partners, by_rule=pairings.by_rule)
        self._stops.aligned.append(partners.aligned)
        if not all(partners.columns):
            return node.elements(Pairing.NONE)
        self._stops.partly(node.paths)
        return partners

    def _order(self, node: Node, pairings: Pairings) -> None:
        """Record that what lists of different length both have stands in another order."""
        moved = positions_of(found is not None and found.moved for found in pairings.partners)
        self._found.add_unequal(node.paths, at_positions(node, moved), idiom=ANOTHER_ORDER.name)
