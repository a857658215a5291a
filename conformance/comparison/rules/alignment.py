"""Lists whose order says nothing: each element of one side is put where its partner stands on the other.

Elements are partners where they have the same mark: first those that are spelled alike, then those that are only equal,
as 1.5 and 1.50 are.  Those that have no partner fill the places left, in their order, so that they are compared with
each other and nothing is lost.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.rules.kinds import accepts
from conformance.comparison.values.columns import is_numeric
from conformance.comparison.values.lossless_json import Json, Lexeme, canonical, finite
from conformance.comparison.values.mapping import mapped
from conformance.comparison.values.partners import Partners
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath
from conformance.model.rule import NumberRule, RuleKind, ValueRule

Identity = Callable[[Json], Json]
"""Gives what makes an element of one list the partner of one of another; `ALONE`: it has no partner."""
ALONE: Final = object()
Loosened = tuple[JsonPath, ValueRule | NumberRule]


def order_beside(first: Json, second: Json, identity: Identity) -> list[int] | None:
    """Return the order that puts a second list beside the first; None where it stands so, or they are not alike."""
    if not isinstance(first, list) or not isinstance(second, list) or len(first) != len(second):
        return None
    partners: dict[int, int] = {}
    known = [list(map(identity, side)) for side in (first, second)]
    for mark in (canonical, _by_number):
        if len(partners) < len(first):
            _find_partners(known[0], known[1], mark, partners)
    taken = set(partners.values())
    left = (index for index in range(len(second)) if index not in taken)
    order = [partners[index] if index in partners else next(left) for index in range(len(first))]
    return None if order == list(range(len(second))) else order


def partners_in_any_order(first: Sequence[Json], second: Sequence[Json], identity: Identity) -> Partners:
    """Return the partners of two lists of different length by what makes them partners alone; the rest is extra."""
    partners: dict[int, int] = {}
    known = [list(map(identity, side)) for side in (first, second)]
    for mark in (canonical, _by_number):
        _find_partners(known[0], known[1], mark, partners)
    return Partners(tuple(sorted(partners.items())))


def _find_partners(
    first: Sequence[Json], second: Sequence[Json], mark: Callable[[Json], bytes], partners: dict[int, int]
) -> None:
    """Add the partners that have one mark, in their order, where neither has a partner yet."""
    taken = set(partners.values())
    waiting: dict[bytes, deque[int]] = {}
    for index, told in enumerate(second):
        check()
        if told is not ALONE and index not in taken:
            waiting.setdefault(mark(told), deque()).append(index)
    for index, told in enumerate(first):
        check()
        if told is not ALONE and index not in partners and (queue := waiting.get(mark(told))):
            partners[index] = queue.popleft()


def by_key(names: Sequence[str]) -> Identity:
    """Return what tells the objects with some members as their key apart."""

    def identity(element: Json) -> Json:
        if not isinstance(element, dict) or any(name not in element for name in names):
            return ALONE
        return [element[name] for name in names]

    return identity


def by_key_shown(names: Sequence[str], otherwise: Identity) -> Identity:
    """Return what objects with some members as their key are called: their key; any other element as without a key."""

    def shown(element: Json) -> Json:
        if not isinstance(element, dict) or any(name not in element for name in names):
            return otherwise(element)
        return {name: element[name] for name in names}

    return shown


def _by_number(value: Json) -> bytes:
    """Return the mark that all spellings of a value have."""
    return canonical(
        mapped(value, lambda name: name, lambda scalar, _: _plain(scalar) if is_numeric(scalar) else scalar)
    )


def _plain(number: Json) -> Json:
    """Return a number in the one spelling of its value; one with too long an exponent has no value but its spelling."""
    if (value := finite(number)) is None:
        return number
    sign, digits, exponent = value.as_tuple()
    shortest = "".join(map(str, digits)).rstrip("0")
    point = int(exponent) + len(digits)
    return Lexeme(f"{'-' if sign else ''}0.{shortest}E{point}".encode("ascii")) if shortest else 0


def by_value(loosened: Sequence[Loosened], *, everywhere: bool = False) -> Identity:
    """Return what tells whole values apart, but for what rules loosen beneath them.

    With `everywhere` the paths of rules go through lists without saying so.
    """
    return lambda element: masked(element, loosened, everywhere=everywhere)


def masked(value: Json, loosened: Sequence[Loosened], *, everywhere: bool = False) -> Json:
    """Return a value without what rules loosen; it is followed only as deep as their paths reach."""
    if any(not path and _loose(rule, value) for path, rule in loosened):
        return None
    deeper = [(path, rule) for path, rule in loosened if path]
    if isinstance(value, dict) and deeper:
        below = {name: [(p[1:], rule) for p, rule in deeper if p[0] in (name, ANY_MEMBER)] for name in value}
        held = {name: rules for name, rules in below.items() if not any(map(_absent, rules))}
        return {name: masked(value[name], rules, everywhere=everywhere) for name, rules in held.items()}
    if isinstance(value, list) and deeper:
        rules = deeper if everywhere else [(path[1:], rule) for path, rule in deeper if path[0] is ANY_ELEMENT]
        return [masked(element, rules, everywhere=everywhere) for element in value]
    return value


def _absent(loosened: Loosened) -> bool:
    """Tell whether a rule covers a member's absence: then its presence says nothing either."""
    path, rule = loosened
    return not path and isinstance(rule, ValueRule) and rule.accepts is RuleKind.ANY


def _loose(rule: ValueRule | NumberRule, value: Json) -> bool:
    return is_numeric(value) if isinstance(rule, NumberRule) else accepts(rule.accepts, value)
