"""Which elements of two lists belong together, with and without a rule about their order."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from conformance.comparison.budget import check
from conformance.comparison.rules.alignment import Identity, by_key, partners_in_any_order
from conformance.comparison.rules.counting import Counting
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.moved_ids import partners_by_moved_ids
from conformance.comparison.values.partners import Partners, partners_in_order
from conformance.comparison.values.shifted_lists import partners_after_a_shift
from conformance.model.rule import AlignRule, OrderRule

_ENOUGH_TO_MOVE: Final = 2


class Pairings(NamedTuple):
    """The partners in each of several lists, None where all elements at one index are.

    `by_rule`: a rule says which they are.  `name` gives what an element without a partner is
    called: what counts in it, or its key.
    """

    partners: Sequence[Partners | None]
    by_rule: bool
    name: Identity


def has_key(rule: AlignRule | OrderRule) -> bool:
    """Return whether the elements of a list belong together by a key, and by nothing else."""
    return bool(key_of(rule))


def key_of(rule: AlignRule | OrderRule | None) -> tuple[str, ...]:
    """Return the members that are the key of a list's elements; none without such a rule."""
    return rule.key if isinstance(rule, AlignRule) else ()


def identity_of(rule: AlignRule | OrderRule | None, counts: Counting) -> Identity:
    """Return by what elements belong together.

    Of a set's elements only what no other rule loosens counts.
    """
    key = key_of(rule)
    return by_key(key) if key else counts


def partners_of(
    a: Json, b: Json, rule: AlignRule | OrderRule | None, identity: Identity, counts: Counting
) -> Partners | None:
    """Return which elements of two lists belong together, by the rule that frees their order.

    Without a rule they stand in one order.  None: all at one index belong together, or either value
    is no list.
    """
    check()
    if {type(a), type(b)} != {list}:
        return None
    if rule is not None:
        partners = partners_in_any_order(a, b, identity, counts, also_alike=not has_key(rule))
        indexes = range(len(a))
        is_in_place = partners.matches == tuple(zip(indexes, indexes, strict=True))
        if is_in_place and len(a) == len(b):
            return None
        return partners
    # What has one element or none stands at one index, and a body may hold many such lists
    if len(a) == len(b) < _ENOUGH_TO_MOVE:
        return None
    first, second = counts.of_each(a), counts.of_each(b)
    if len(a) == len(b):
        return partners_by_moved_ids(first, second) or partners_after_a_shift(first, second)
    return partners_in_order(first, second)
