"""Records the claim of an idiom about two columns as a difference."""

from collections.abc import Iterator
from functools import partial
from itertools import filterfalse

from conformance.comparison.difference import Occurrence
from conformance.comparison.idioms.claim import IdiomClaim, NamePair
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import members_of
from conformance.comparison.values.difference_list import DifferenceList
from conformance.comparison.values.node import Node
from conformance.comparison.values.occurrences import at_positions, showing_pairs, with_other_names
from conformance.model.finding import Facet


def add_claim(
    found: DifferenceList, node: Node, idiom: Idiom, claim: IdiomClaim, loosening: Loosening
) -> None:
    """Record a claim, except if it is only about names of members that rules ignore."""
    names = list(filterfalse(partial(_is_ignored, node, loosening), claim.names))
    # rules ignore all members of the claim
    if claim.names and not names:
        return
    counted = claim.about(names)
    seen = with_other_names(node, names) if names else _showing(claim, node)
    moves_values = any(rest.a_at or rest.b_at for rest in claim.rest)
    found.add(
        claim.kind,
        Facet.VALUE if idiom.by_value else Facet.SHAPE,
        node.paths,
        _facts(counted, node),
        seen,
        idiom=idiom.name,
        details=counted.details,
        moves_values=moves_values,
    )


def _showing(claim: IdiomClaim, node: Node) -> Iterator[Occurrence]:
    """Yield the pairs of values that show a claim."""
    if node.pairing and claim.positions is not None:
        return at_positions(node, claim.positions)
    return showing_pairs(node, claim.shown_by, claim.example)


def _facts(claim: IdiomClaim, node: Node) -> tuple[str, str]:
    """Return the facts of a claim; unpaired columns may have facts of their own."""
    if claim.of_columns is not None and not node.pairing:
        return claim.of_columns
    return claim.a_fact, claim.b_fact


def _is_ignored(node: Node, loosening: Loosening, pair: NamePair) -> bool:
    """Return whether a rule ignores a member that has a different name on each side."""
    first, second = pair
    paths = (node.a.path_of(first), node.b.path_of(second))
    values = members_of(node.a.column).get(first, []), members_of(node.b.column).get(second, [])
    return loosening.absence(paths, *values)
