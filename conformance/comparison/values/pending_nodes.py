"""The queue of places that a walk still has to compare, and the places where it stops."""

from collections.abc import Sequence

from conformance.comparison.idioms.claim import IdiomClaim, Rest
from conformance.comparison.values.node import Node, Pairing
from conformance.comparison.values.stops import Stops
from conformance.model.json_path import Segment


class PendingNodes:
    """Collects the nodes below a place, and notes places that are not compared in `stops`."""

    def __init__(self, stops: Stops) -> None:
        self._stops = stops
        self._waiting: list[Node] = []

    def taken(self) -> Sequence[Node]:
        """Return the collected nodes, the first one last, and empty the queue."""
        taken = self._waiting[::-1]
        self._waiting.clear()
        return taken

    def add(self, *nodes: Node) -> None:
        """Add nodes to the queue."""
        self._waiting.extend(nodes)

    def descend(self, node: Node, *, was_paired: bool = False) -> None:
        """Add a node to the queue, unless one side has no values.

        If the node is not paired, but the one above was (`was_paired`), note that no values are
        compared.
        """
        if not all(node.columns):
            # one side has no values: that difference is reported further up
            self._stops.stop_below(node.paths)
            return
        if was_paired and not node.pairing:
            self._stops.stop_values_below(node.paths)
        self._waiting.append(node)

    def stop(self, node: Node, segment: Segment) -> None:
        """Note that nothing is compared one segment below a place."""
        self._stops.stop_below(((*node.a.path, segment), (*node.b.path, segment)))

    def add_rest_of_claim(self, node: Node, claim: IdiomClaim) -> None:
        """Add what a claim leaves to compare, and note what the claim explains."""
        for name in claim.explained:
            self.stop(node, name)
        leaves_nothing = not claim.rest
        if leaves_nothing and not node.partial:
            self._stops.stop_below(node.paths)
        below = node.pairing
        if claim.respelled:
            # after an idiom has respelled numbers, their spelling is no longer the one sent
            below = min(below, Pairing.BY_VALUE)
        for rest in claim.rest:
            self.add_rest(node, rest, below)

    def add_rest(self, node: Node, rest: Rest, pairing: Pairing) -> None:
        """Add the columns that an idiom leaves to compare."""
        if rest.orders is not None:
            self.descend(node.in_order(rest.orders))
            return
        a = node.a.rest(rest.a, rest.a_at, rest.a_names, rest.a_order)
        b = node.b.rest(rest.b, rest.b_at, rest.b_names, rest.b_order)
        self._stops.link((a.path, b.path))
        for name in rest.a_names.keys() | rest.b_names.keys():
            self._stops.link((a.path_of(name), b.path_of(name)))
        # columns of different lengths cannot correspond by position
        ids, below_pairing = node.ids, pairing
        if len(rest.a) != len(rest.b):
            below_pairing = Pairing.NONE
        elif rest.elements is not None:
            ids = ids.below(rest.elements)
        below = Node(a, b, below_pairing, ids, partial=node.partial)
        self.descend(below, was_paired=bool(pairing))
