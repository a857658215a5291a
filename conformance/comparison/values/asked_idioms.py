"""Which idioms are asked about two columns: fewer where these look alike but for their values."""

from collections.abc import Sequence
from typing import Final

from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.idioms.members import NULL_VS_ABSENT
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.layout import Layout
from conformance.comparison.values.node import Node

_CLAIMED_WITHIN_ONE_KIND: Final = frozenset({"string", "integer"})


class AskedIdioms:
    """Idioms by how they are asked.

    With `in_order` the order of lists counts, where no rule says otherwise.  `of_presence` tells
    that values for nothing beside absent members are asked for, too.
    """

    def __init__(self, idioms: Sequence[Idiom], loosening: Loosening, *, in_order: bool) -> None:
        detecting = [idiom for idiom in idioms if idiom.detect is not None]
        self.detecting = [idiom for idiom in detecting if not idiom.by_value]
        self.of_forms = [idiom for idiom in self.detecting if idiom.of_forms]
        self.respelling = [idiom for idiom in idioms if idiom.respelled is not None]
        self.of_presence = NULL_VS_ABSENT in idioms
        self._by_value = [idiom for idiom in detecting if idiom.by_value]
        self._loosening = loosening
        self.order_counts = in_order and bool(self._by_value)

    def askable(self, node: Node, layout: Layout) -> Sequence[Idiom]:
        """Return the idioms that may explain two columns."""
        if not layout.same_kinds or (layout.other_names and not layout.is_map):
            return self.detecting
        if layout.kinds == {"object"} and not layout.is_map:
            return self.of_forms
        if layout.kinds & _CLAIMED_WITHIN_ONE_KIND and node.a.column != node.b.column:
            return self.detecting if layout.other_names else self.of_forms
        return self._by_value if self._in_plain_order(node, layout) else ()

    def _in_plain_order(self, node: Node, layout: Layout) -> bool:
        """Return whether two columns are lists whose order counts.

        No rule is about them, and no identity stands there.

        Lists that have been put into one order already have none of their own.
        """
        if (
            not node.pairing
            or layout.kinds != {"array"}
            or not self.order_counts
            or node.orders is not None
        ):
            return False
        return not self._loosening.reaches_into(node.paths)
