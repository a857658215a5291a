"""Idioms asked about two columns or two scalars, with the sides either way round."""

from conformance.comparison.idioms.claim import IdiomClaim, Spellings
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json, kind_of
from conformance.comparison.values.objects import exchanged


def ask(idiom: Idiom, a: Column, b: Column) -> IdiomClaim | None:
    """Ask a detector with the sides either way round.

    A detector that sees the same either way round is asked once.  Two claims that contradict each
    other explain nothing.
    """
    detect = idiom.detect
    if detect is None:
        return None
    claim = detect(a, b)
    if idiom.either_way:
        return claim
    # a detector may see its idiom with either side first, and then they must agree
    turned = detect(b, a)
    if turned is None:
        return claim
    if claim is None:
        return turned.swapped()
    if (claim.a_fact, claim.b_fact) != (turned.b_fact, turned.a_fact):
        return None
    return claim


def respelled(idiom: Idiom, x: Json, y: Json) -> Spellings:
    """Return how either side spells one scalar, or None if the idiom does not explain the pair."""
    if idiom.respelled is None or kind_of(x) != kind_of(y):
        return None
    facts = idiom.respelled(x, y)
    if facts is not None:
        return facts
    return exchanged(idiom.respelled(y, x))
