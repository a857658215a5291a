"""Lists whose order says nothing: each element is put where its partner stands.

The element is of one side, its partner is on the other.

Elements are partners where they have the same mark: first those that are spelled alike, then those
that are only equal, as 1.5 and 1.50 are; of a set last those that have most members in common.
Those that have no partner are extra.
"""

from collections.abc import Callable, Sequence
from typing import Final

from conformance.comparison.rules.kinds import accepts
from conformance.comparison.values.columns import is_numeric
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json, Lexeme, finite
from conformance.comparison.values.mapping import mapped
from conformance.comparison.values.partners import Partners
from conformance.comparison.values.partners_in_any_order import PartnersInAnyOrder
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath
from conformance.model.rule import AlignRule, NumberRule, RuleKind, ValueRule

Identity = Callable[[Json], Json]
"""Gives what makes an element of one list the partner of one of another; `ALONE`: it has no
partner.
"""
ALONE: Final = object()
Loosened = tuple[JsonPath, ValueRule | NumberRule | AlignRule]


def order_beside(
    first: Json, second: Json, identity: Identity, counts: Identity, *, also_alike: bool = False
) -> list[int] | None:
    """Return the order that puts a second list beside the first.

    None where it stands so, or they are not alike.
    """
    if not isinstance(first, list) or not isinstance(second, list) or len(first) != len(second):
        return None
    found = partners_in_any_order(first, second, identity, counts, also_alike=also_alike)
    partners = dict(found.matches)
    left = iter(found.alone(1, len(second)))
    order = [partners[index] if index in partners else next(left) for index in range(len(first))]
    return None if order == list(range(len(second))) else order


def partners_in_any_order(
    first: Sequence[Json],
    second: Sequence[Json],
    identity: Identity,
    counts: Identity,
    *,
    also_alike: bool = False,
) -> Partners:
    """Return the partners of two lists by what makes them partners; the rest is extra.

    Elements without a key belong together where they are equal, and of several with one key first
    those whose `counts` are equal.  With `also_alike` objects belong together, too, that have most
    members in common.
    """
    known = [list(map(identity, side)) for side in (first, second)]
    found = PartnersInAnyOrder(*known)
    if not also_alike:
        keys = [[None if key is ALONE else canonical(key) for key in side] for side in known]
        values = [list(map(counts, side)) for side in (first, second)]
        found.by_repeated_marks(keys, values)
    for mark in (canonical, _by_number):
        found.by_marks(
            *([None if told is ALONE else mark(told) for told in side] for side in known)
        )
    both = zip((first, second), known, strict=True)
    found.by_marks(
        *(
            [canonical(v) if told is ALONE else None for v, told in zip(*side, strict=True)]
            for side in both
        )
    )
    if also_alike:
        found.most_alike()
    return Partners(found.matches, found.complete)


def by_key(names: Sequence[str]) -> Identity:
    """Return what tells the objects with some members as their key apart."""

    def identity(element: Json) -> Json:
        if not isinstance(element, dict) or any(name not in element for name in names):
            return ALONE
        return [element[name] for name in names]

    return identity


def by_key_shown(names: Sequence[str], otherwise: Identity) -> Identity:
    """Return what objects with some members as their key are called: their key.

    Any other element as without a key.
    """

    def shown(element: Json) -> Json:
        if not isinstance(element, dict) or any(name not in element for name in names):
            return otherwise(element)
        return {name: element[name] for name in names}

    return shown


def _by_number(value: Json) -> bytes:
    """Return the mark that all spellings of a value have."""
    return canonical(
        mapped(
            value,
            lambda name: name,
            lambda scalar, _: plain(scalar) if is_numeric(scalar) else scalar,
        )
    )


def plain(number: Json) -> Json:
    """Return a number in the one spelling of its value.

    One with too long an exponent has no value but its spelling.
    """
    if (value := finite(number)) is None:
        return number
    sign, digits, exponent = value.as_tuple()
    shortest = "".join(map(str, digits)).rstrip("0")
    point = int(exponent) + len(digits)
    if not shortest:
        return 0
    minus = "-" if sign else ""
    return Lexeme(f"{minus}0.{shortest}E{point}".encode("ascii"))


def by_value(loosened: Sequence[Loosened], *, everywhere: bool = False) -> Identity:
    """Return what tells whole values apart, but for what rules loosen beneath them.

    With `everywhere` the paths of rules go through lists without saying so.
    """
    if not loosened:
        return lambda element: element
    return lambda element: masked(element, loosened, everywhere=everywhere)


def masked(value: Json, loosened: Sequence[Loosened], *, everywhere: bool = False) -> Json:
    """Return a value without what rules loosen.

    It is followed only as deep as their paths reach.  Numbers that are equal by value have one
    spelling, and a list whose order says nothing has its elements sorted.
    """
    here = [rule for path, rule in loosened if not path]
    if any(_loose(rule, value) for rule in here):
        return None
    if is_numeric(value) and any(isinstance(rule, NumberRule) for rule in here):
        return plain(value)
    inside = _masked_inside(value, loosened, everywhere=everywhere)
    if isinstance(inside, list) and any(isinstance(rule, AlignRule) for rule in here):
        return sorted(inside, key=canonical)
    return inside


def _masked_inside(value: Json, loosened: Sequence[Loosened], *, everywhere: bool) -> Json:
    deeper = [(path, rule) for path, rule in loosened if path]
    if isinstance(value, dict) and deeper:
        below = {
            name: [(p[1:], rule) for p, rule in deeper if p[0] in (name, ANY_MEMBER)]
            for name in value
        }
        held = {name: rules for name, rules in below.items() if not any(map(_absent, rules))}
        return {
            name: masked(value[name], rules, everywhere=everywhere) for name, rules in held.items()
        }
    if isinstance(value, list) and deeper:
        rules = (
            deeper
            if everywhere
            else [(path[1:], rule) for path, rule in deeper if path[0] is ANY_ELEMENT]
        )
        return [masked(element, rules, everywhere=everywhere) for element in value]
    return value


def _absent(loosened: Loosened) -> bool:
    """Return whether a rule covers a member's absence: then its presence says nothing either."""
    path, rule = loosened
    return not path and isinstance(rule, ValueRule) and rule.accepts is RuleKind.ANY


def _loose(rule: ValueRule | NumberRule | AlignRule, value: Json) -> bool:
    if isinstance(rule, AlignRule):
        return False
    if isinstance(rule, NumberRule):
        return is_numeric(value) and bool(rule.relative or rule.absolute)
    return accepts(rule.accepts, value)
