"""Pair the elements of two lists, with or without a rule that their order has no meaning."""

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
"""The least number of elements that can stand in another order."""


class Pairings(NamedTuple):
    """The partners in each pair of lists; None where every element belongs to the one at its index.

    `by_rule` says that a rule about the order decided them.  `name` returns how to show an element
    without a partner: by its key, or by what counts in it.
    """

    partners: Sequence[Partners | None]
    by_rule: bool
    name: Identity


def has_key(rule: AlignRule | OrderRule) -> bool:
    """Return whether a rule pairs the elements of a list by a key."""
    return bool(key_of(rule))


def key_of(rule: AlignRule | OrderRule | None) -> tuple[str, ...]:
    """Return the names of the key members of a rule; empty without a rule or a key."""
    return rule.key if isinstance(rule, AlignRule) else ()


def identity_of(rule: AlignRule | OrderRule | None, counts: Counting) -> Identity:
    """Return the function that makes elements partners: by the rule's key, else by what counts."""
    key = key_of(rule)
    return by_key(key) if key else counts


def partners_of(
    a: Json, b: Json, rule: AlignRule | OrderRule | None, identity: Identity, counts: Counting
) -> Partners | None:
    """Return the partners in two lists, as the rule about their order pairs them.

    Without a rule, elements are paired in their order.  Return None if each element belongs to the
    one at its index, or if either value is not a list.
    """
    check()
    if {type(a), type(b)} != {list}:
        return None
    if rule is not None:
        partners = partners_in_any_order(a, b, identity, counts, as_set=not has_key(rule))
        indexes = range(len(a))
        is_in_place = partners.matches == tuple(zip(indexes, indexes, strict=True))
        if is_in_place and len(a) == len(b):
            return None
        return partners
    # Lists of at most one element cannot be reordered, and a body may hold many of them
    if len(a) == len(b) < _ENOUGH_TO_MOVE:
        return None
    first, second = counts.of_each(a), counts.of_each(b)
    if len(a) == len(b):
        return partners_by_moved_ids(first, second) or partners_after_a_shift(first, second)
    return partners_in_order(first, second)
