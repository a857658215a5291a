"""Envelopes around results; an error beside a result is not taken for an envelope."""

from typing import Final

from msgspec.structs import replace

from conformance.comparison.idioms.claim import IdiomClaim
from conformance.comparison.idioms.member_names import normalised_each
from conformance.comparison.idioms.outcomes import ERROR_NAMES, says_something
from conformance.comparison.idioms.wrapping import ENVELOPE, envelope
from conformance.comparison.values.columns import Column, elements_of, members_of
from conformance.comparison.values.json_encoding import canonical


def envelope_of_no_error(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise an envelope, unless it is an error beside a result.

    A value under an error's name is enveloped only if both sides hold an equal value.
    """
    claim = envelope(a, b)
    if claim is None:
        return None
    wrapped, *_ = claim.rest
    names_error = not ERROR_NAMES.isdisjoint(normalised_each(map(str, wrapped.a_at)))
    is_error = names_error and any(map(says_something, wrapped.a))
    if is_error and not _hold_one_value(wrapped.a, wrapped.b):
        return None
    return claim


def _hold_one_value(a: Column, b: Column) -> bool:
    """Return whether two columns, or their lists, have an equal value: whole, or in one member."""
    first, second = [*a, *elements_of(a)], [*b, *elements_of(b)]
    inside, other = members_of(first) | {"": first}, members_of(second) | {"": second}
    return any(_have_in_both(inside[name], other[name]) for name in inside.keys() & other.keys())


def _have_in_both(a: Column, b: Column) -> bool:
    """Return whether two columns have an equal value."""
    return not set(map(canonical, a)).isdisjoint(map(canonical, b))


ENVELOPE_OF_NO_ERROR: Final = replace(ENVELOPE, detect=envelope_of_no_error)
"""The idiom of an envelope, for bodies in which either side may hold a result."""
