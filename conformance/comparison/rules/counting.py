"""What counts in the elements of a list: all that no rule loosens.

A number within a tolerance counts as every number near it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from conformance.comparison.budget import check
from conformance.comparison.rules.acceptance import within_tolerance
from conformance.comparison.rules.kinds import accepts
from conformance.comparison.values.columns import Column, elements_of, is_numeric
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json, Lexeme, finite
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath
from conformance.model.rule import AlignRule, NumberRule, RuleKind, ValueRule

Loosened = tuple[JsonPath, ValueRule | NumberRule | AlignRule]
"""A rule, and its path from the element on."""


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


Spell = Callable[[NumberRule, Json], Json]
"""How a number is given that a rule with a tolerance is about."""


class Tolerated(NamedTuple):
    """A number that a rule with a tolerance is about, and its value, None for one without."""

    rule: NumberRule
    number: Json
    value: Decimal | None


class Counting:
    """What counts in the elements of two columns of lists; called with an element it gives that.

    A number within a tolerance is given as the least of those that are near it in these lists, step
    by step.  With `everywhere` the paths of rules go through lists without saying so.
    """

    def __init__(
        self, loosened: Sequence[Loosened], columns: tuple[Column, Column], *, everywhere: bool
    ) -> None:
        self.loosened = loosened
        self._everywhere = everywhere
        self.has_tolerance = any(_has_tolerance(rule) for _, rule in loosened)
        self._least: dict[tuple[NumberRule, Decimal], Json] = {}
        if self.has_tolerance:
            elements = chain.from_iterable(map(elements_of, columns))
            self._least = dict(_least_near(map(self.tolerated, elements)))

    def __call__(self, element: Json) -> Json:
        """Return what counts in an element."""
        check()
        return self._masked(element, self._spelled)

    def of_each(self, elements: list[Json]) -> list[Json]:
        """Return what counts in each of some elements: themselves where no rule loosens any."""
        return list(map(self, elements)) if self.loosened else elements

    def shown(self, element: Json) -> Json:
        """Return what counts in an element, numbers within a tolerance as they are."""
        return self._masked(element, lambda _, number: number)

    def tolerated(self, element: Json) -> Sequence[Tolerated]:
        """Return the numbers of an element that rules with a tolerance are about."""
        found: list[Tolerated] = []

        def take(rule: NumberRule, number: Json) -> None:
            found.append(Tolerated(rule, number, finite(number)))

        if self.has_tolerance:
            self._masked(element, take)
        return found

    def _masked(self, element: Json, spell: Spell) -> Json:
        if not self.loosened:
            return element
        return masked(element, self.loosened, everywhere=self._everywhere, spell=spell)

    def _spelled(self, rule: NumberRule, number: Json) -> Json:
        value = finite(number)
        return number if value is None else self._least.get((rule, value), number)


def are_near(x: Sequence[Tolerated], y: Sequence[Tolerated]) -> bool:
    """Return whether the numbers of two elements are near each other, one by one."""
    return len(x) == len(y) and all(
        within_tolerance(first.rule, first.number, second.number)
        for first, second in zip(x, y, strict=True)
    )


def _least_near(
    elements: Iterable[Sequence[Tolerated]],
) -> Iterator[tuple[tuple[NumberRule, Decimal], Json]]:
    """Yield each value with the least one from which steps within the tolerance lead to it."""
    values: dict[NumberRule, dict[Decimal, Json]] = {}
    for rule, number, value in chain.from_iterable(elements):
        if value is not None:
            values.setdefault(rule, {}).setdefault(value, number)
    for rule, numbers in values.items():
        before: Json = None
        least: Json = None
        for value, number in sorted(numbers.items(), key=itemgetter(0)):
            if before is None or not within_tolerance(rule, before, number):
                least = plain(number)
            yield (rule, value), least
            before = number


def _left_out(_rule: NumberRule, _number: Json) -> Json:
    return None


def masked(
    value: Json,
    loosened: Sequence[Loosened],
    *,
    everywhere: bool = False,
    spell: Spell = _left_out,
) -> Json:
    """Return a value without what rules loosen.

    It is followed only as deep as their paths reach.  Numbers that are equal by value have one
    spelling, and a list whose order says nothing has its elements sorted.
    """
    here = [rule for path, rule in loosened if not path]
    if any(isinstance(rule, ValueRule) and accepts(rule.accepts, value) for rule in here):
        return None
    about_numbers = [rule for rule in here if isinstance(rule, NumberRule)]
    if about_numbers and is_numeric(value):
        near = next(filter(_has_tolerance, about_numbers), None)
        return plain(value) if near is None else spell(near, value)
    inside = _masked_inside(value, loosened, everywhere=everywhere, spell=spell)
    if isinstance(inside, list) and any(isinstance(rule, AlignRule) for rule in here):
        return sorted(inside, key=canonical)
    return inside


def _masked_inside(
    value: Json, loosened: Sequence[Loosened], *, everywhere: bool, spell: Spell
) -> Json:
    deeper = [(path, rule) for path, rule in loosened if path]
    if isinstance(value, dict) and deeper:
        below = {
            name: [(p[1:], rule) for p, rule in deeper if p[0] in (name, ANY_MEMBER)]
            for name in value
        }
        held = {name: rules for name, rules in below.items() if not any(map(_absent, rules))}
        return {
            name: masked(value[name], rules, everywhere=everywhere, spell=spell)
            for name, rules in held.items()
        }
    if isinstance(value, list) and deeper:
        rules = (
            deeper
            if everywhere
            else [(path[1:], rule) for path, rule in deeper if path[0] is ANY_ELEMENT]
        )
        return [masked(element, rules, everywhere=everywhere, spell=spell) for element in value]
    return value


def _absent(loosened: Loosened) -> bool:
    """Return whether a rule covers a member's absence: then its presence says nothing either."""
    path, rule = loosened
    return not path and isinstance(rule, ValueRule) and rule.accepts is RuleKind.ANY


def _has_tolerance(rule: ValueRule | NumberRule | AlignRule) -> bool:
    return isinstance(rule, NumberRule) and bool(rule.relative or rule.absolute)
