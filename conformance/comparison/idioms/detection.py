"""Detect an idiom in two columns or two scalars, with the sides in both orders."""

from conformance.comparison.idioms.claim import IdiomClaim, Spellings
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json, kind_of
from conformance.comparison.values.objects import exchanged


def detect_claim(idiom: Idiom, a: Column, b: Column) -> IdiomClaim | None:
    """Return an idiom's claim about two columns, whichever side shows which form.

    The detector is also called with the columns exchanged, unless the idiom is `is_symmetric`.
    None where neither call gives a claim, or where the two claims contradict each other.
    """
    detect = idiom.detect
    if detect is None:
        return None
    claim = detect(a, b)
    if idiom.is_symmetric:
        return claim
    # the detector may recognise its idiom in both orders: then the two claims must agree
    reverse = detect(b, a)
    if reverse is None:
        return claim
    if claim is None:
        return reverse.swapped()
    if (claim.a_fact, claim.b_fact) != (reverse.b_fact, reverse.a_fact):
        return None
    return claim


def detect_spellings(idiom: Idiom, x: Json, y: Json) -> Spellings:
    """Return how each side spells one scalar, or None if the idiom does not explain the pair."""
    if idiom.detect_pair is None or kind_of(x) != kind_of(y):
        return None
    facts = idiom.detect_pair(x, y)
    if facts is not None:
        return facts
    return exchanged(idiom.detect_pair(y, x))
