"""Conditions on two columns or two scalars that must hold before a detector is called."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import wraps

from msgspec.structs import replace

from conformance.comparison.idioms.claim import (
    Detector,
    IdiomClaim,
    PairDetector,
    Rest,
    Spellings,
    values_at,
)
from conformance.comparison.values.columns import Column, kinds_of, members_of
from conformance.comparison.values.lossless_json import Json, Kind, kind_of
from conformance.comparison.values.objects import indexes_without, picked, positions_of, sole


def between(first: Kind, second: Kind) -> Callable[[Detector], Detector]:
    """Return a decorator: a detector is only called if `a` is all `first` and `b` all `second`."""

    def on_these_kinds(detect: Detector) -> Detector:
        @wraps(detect)
        def detect_between(a: Column, b: Column) -> IdiomClaim | None:
            if kinds_of(a) != {first} or kinds_of(b) != {second}:
                return None
            return detect(a, b)

        return detect_between

    return on_these_kinds


def is_only_against(kind: Kind, others: AbstractSet[Kind], a: Column, b: Column) -> bool:
    """Return whether only `a` has values of `kind`, where `b` has only values of `others` instead.

    Kinds of value that both columns have do not count.
    """
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    return kinds_a - kinds_b == {kind} and kinds_b - kinds_a <= others


def for_equal_lengths(detect: Detector) -> Detector:
    """Return a detector that is only called for columns with the same number of values."""

    @wraps(detect)
    def detect_in_pairs(a: Column, b: Column) -> IdiomClaim | None:
        if len(a) != len(b):
            return None
        return detect(a, b)

    return detect_in_pairs


def between_texts(detect: Callable[[str, str], Spellings]) -> PairDetector:
    """Return a detector of spellings that is only called for two texts."""

    @wraps(detect)
    def detect_in_texts(a: Json, b: Json) -> Spellings:
        if not type(a) is type(b) is str:
            return None
        return detect(a, b)

    return detect_in_texts


def two_roots(a: Column, b: Column) -> tuple[str, str] | None:
    """Return the names of two documents' roots; None unless both have one, and these differ."""
    first, second = sole(members_of(a)), sole(members_of(b))
    if first is None or second is None or first == second:
        return None
    return first, second


def for_differing_elements(detect: Detector) -> Detector:
    """Return a detector that is first called for the elements whose member names differ.

    Elements with the same names at one index, such as the first event of a stream, prove nothing.
    Without a claim about the others, the detector is called for all elements.
    """

    @wraps(detect)
    def detect_apart(a: Column, b: Column) -> IdiomClaim | None:
        # without objects there are no names of members, and columns of texts are long
        if len(a) != len(b) or dict not in map(type, a):
            return detect(a, b)
        at = positions_of(map(_have_other_names, a, b))
        others = indexes_without(set(at), len(a))
        claim = detect(picked(a, at), picked(b, at)) if at else None
        if claim is None or not others:
            return detect(a, b)
        apart = (replace(rest, elements=values_at(at)) for rest in claim.rest)
        unchanged = Rest(a=picked(a, others), b=picked(b, others), elements=values_at(others))
        return replace(
            claim,
            rest=(*apart, unchanged),
            shown_by=_have_other_names,
            example=(at[0], at[0]),
        )

    return detect_apart


def _have_other_names(x: Json, y: Json) -> bool:
    """Return whether two objects have different member names, or two values different kinds."""
    if type(x) is not type(y):
        return _names(x) != _names(y)
    # called for all pairs of elements of a list, so it makes no sets of their names
    return type(x) is dict and x.keys() != y.keys()


def _names(value: Json) -> frozenset[str]:
    """Return the names of an object's members; for any other value, its kind alone."""
    return frozenset(value if isinstance(value, dict) else {kind_of(value)})
