"""Ask an idiom about two columns or two scalars, with the sides in both orders."""

from conformance.comparison.idioms.claim import IdiomClaim, Spellings
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json, kind_of
from conformance.comparison.values.objects import exchanged


def ask(idiom: Idiom, a: Column, b: Column) -> IdiomClaim | None:
    """Return an idiom's claim about two columns, whichever side shows which form.

    The detector is also called with the columns exchanged, unless the idiom is marked `either_way`.
    None where neither call gives a claim, or where the two claims contradict each other.
    """
    detect = idiom.detect
    if detect is None:
        return None
    claim = detect(a, b)
    if idiom.either_way:
        return claim
    # the detector may recognise its idiom in both orders: then the two claims must agree
    turned = detect(b, a)
    if turned is None:
        return claim
    if claim is None:
        return turned.swapped()
    if (claim.a_fact, claim.b_fact) != (turned.b_fact, turned.a_fact):
        return None
    return claim


def respelled(idiom: Idiom, x: Json, y: Json) -> Spellings:
    """Return how each side spells one scalar, or None if the idiom does not explain the pair."""
    if idiom.respelled is None or kind_of(x) != kind_of(y):
        return None
    facts = idiom.respelled(x, y)
    if facts is not None:
        return facts
    return exchanged(idiom.respelled(y, x))
