"""Reduce the elements of a list to what counts when they are paired: all that no rule loosens.

Numbers within a tolerance of each other are reduced to one number.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain, filterfalse
from operator import itemgetter
from typing import Final, NamedTuple

from conformance.comparison.budget import check
from conformance.comparison.rules.acceptance import within_tolerance
from conformance.comparison.rules.kinds import accepts
from conformance.comparison.values.columns import Column, elements_of, is_numeric
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json, Lexeme, finite
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath, Segment
from conformance.model.rule import AlignRule, NumberRule, RuleKind, ValueRule

AnyLoosening = ValueRule | NumberRule | AlignRule
Loosened = tuple[JsonPath, AnyLoosening]
"""The path of a rule from the element on, and the rule."""
_path: Final = itemgetter(0)
_rule: Final = itemgetter(1)


def number_in_one_spelling(number: Json) -> Json:
    """Return a number in one spelling per value.

    A number whose exponent is too large to calculate with is returned as it is.
    """
    value = finite(number)
    if value is None:
        return number
    sign, digits, exponent = value.as_tuple()
    shortest = "".join(map(str, digits)).rstrip("0")
    point = int(exponent) + len(digits)
    if not shortest:
        # All zeros are equal, whatever their sign and exponent
        return 0
    minus = "-" if sign else ""
    return Lexeme(f"{minus}0.{shortest}E{point}".encode("ascii"))


Spell = Callable[[NumberRule, Json], Json]
"""Returns what replaces a number that a rule with a tolerance covers."""


class Tolerated(NamedTuple):
    """A number that a rule with a tolerance covers, and its value, or None if it has none."""

    rule: NumberRule
    number: Json
    value: Decimal | None


class Counting:
    """Callable that reduces an element to what counts in it, for the lists of two columns.

    A number within a tolerance becomes the least number that is linked to it by steps within the
    tolerance, among all numbers of these lists.  With `everywhere`, as in markup, the paths of
    rules have no `[*]` for a list.
    """

    def __init__(
        self, loosened: Sequence[Loosened], columns: tuple[Column, Column], *, everywhere: bool
    ) -> None:
        self.loosened = loosened
        self._everywhere = everywhere
        rules = map(_rule, loosened)
        self.has_tolerance = any(map(_has_tolerance, rules))
        self._least: dict[tuple[NumberRule, Decimal], Json] = {}
        if self.has_tolerance:
            elements = chain.from_iterable(map(elements_of, columns))
            self._least = dict(_least_near(map(self.tolerated, elements)))

    def __call__(self, element: Json) -> Json:
        """Return what counts in an element."""
        check()
        return self._masked(element, self._spelled)

    def of_each(self, elements: list[Json]) -> list[Json]:
        """Return what counts in each element; the same list if no rule loosens anything in it."""
        return list(map(self, elements)) if self.loosened else elements

    def shown(self, element: Json) -> Json:
        """Return what counts in an element, with all numbers as they were sent."""
        return self._masked(element, lambda _, number: number)

    def tolerated(self, element: Json) -> Sequence[Tolerated]:
        """Return the numbers of an element that rules with a tolerance cover, in their order."""
        numbers: list[Tolerated] = []

        def take(rule: NumberRule, number: Json) -> None:
            numbers.append(Tolerated(rule, number, finite(number)))

        if self.has_tolerance:
            self._masked(element, take)
        return numbers

    def _masked(self, element: Json, spell: Spell) -> Json:
        if not self.loosened:
            return element
        return without_loosened(element, self.loosened, everywhere=self._everywhere, spell=spell)

    def _spelled(self, rule: NumberRule, number: Json) -> Json:
        value = finite(number)
        if value is None:
            return number
        return self._least.get((rule, value), number)


def are_near(x: Sequence[Tolerated], y: Sequence[Tolerated]) -> bool:
    """Return whether two elements have equally many numbers, each near its counterpart."""
    return len(x) == len(y) and all(map(_is_near, x, y))


def _is_near(first: Tolerated, second: Tolerated) -> bool:
    return within_tolerance(first.rule, first.number, second.number)


def _least_near(
    elements: Iterable[Sequence[Tolerated]],
) -> Iterator[tuple[tuple[NumberRule, Decimal], Json]]:
    """Yield each rule and value with the least number that steps within the tolerance reach."""
    values: dict[NumberRule, dict[Decimal, Json]] = {}
    for rule, number, value in chain.from_iterable(elements):
        # A number without a value is near only to itself
        if value is not None:
            values.setdefault(rule, {}).setdefault(value, number)
    for rule, numbers in values.items():
        for value, least in _least_of_chains(rule, numbers):
            yield (rule, value), least


def _least_of_chains(
    rule: NumberRule, numbers: Mapping[Decimal, Json]
) -> Iterator[tuple[Decimal, Json]]:
    """Yield each value with the least number of its chain.

    A chain is a run of ascending numbers in which each is within the tolerance of the one before.
    """
    ascending = sorted(numbers.items(), key=itemgetter(0))
    _, before = ascending[0]
    least = number_in_one_spelling(before)
    for value, number in ascending:
        # Steps add up: a number is compared with the one before it, not with the least
        if not within_tolerance(rule, before, number):
            least = number_in_one_spelling(number)
        yield value, least
        before = number


def _as_nothing(_rule: NumberRule, _number: Json) -> Json:
    """Return None in place of every number with a tolerance."""
    return None


def without_loosened(
    value: Json,
    loosened: Sequence[Loosened],
    *,
    everywhere: bool = False,
    spell: Spell = _as_nothing,
) -> Json:
    """Return a value without the parts that rules loosen; those become None or are left out.

    Only the parts that the rules' paths reach are copied.  Numbers that are equal by value get one
    spelling, and a list whose order has no meaning is sorted.
    """
    here = list(map(_rule, filterfalse(_path, loosened)))
    if any(map(partial(_accepts, value), here)):
        return None
    number_rule = _rule_about(value, here)
    if number_rule is not None:
        return _masked_number(value, number_rule, spell)
    deeper = list(filter(_path, loosened))
    if deeper:
        value = _masked_below(value, deeper, everywhere=everywhere, spell=spell)
    is_free_list = type(value) is list and AlignRule in map(type, here)
    if not is_free_list:
        return value
    return sorted(value, key=canonical)


def _masked_number(number: Json, rule: NumberRule, spell: Spell) -> Json:
    """Return a number in one spelling, or what `spell` returns if its rule has a tolerance."""
    # Without a tolerance only equal numbers count as equal
    if not _has_tolerance(rule):
        return number_in_one_spelling(number)
    return spell(rule, number)


def _accepts(value: Json, rule: AnyLoosening) -> bool:
    return isinstance(rule, ValueRule) and accepts(rule.accepts, value)


def _rule_about(value: Json, rules: Iterable[AnyLoosening]) -> NumberRule | None:
    """Return the rule for a number, preferably one with a tolerance; None for other values."""
    about_numbers = [rule for rule in rules if isinstance(rule, NumberRule)]
    if not about_numbers or not is_numeric(value):
        return None
    with_tolerance = filter(_has_tolerance, about_numbers)
    return next(with_tolerance, about_numbers[0])


def _masked_below(
    value: Json, deeper: Sequence[Loosened], *, everywhere: bool, spell: Spell
) -> Json:
    """Return a container with the parts masked that the rules' paths reach."""
    if isinstance(value, dict):
        return _masked_members(value, deeper, everywhere=everywhere, spell=spell)
    if isinstance(value, list):
        return _masked_elements(value, deeper, everywhere=everywhere, spell=spell)
    return value


def _masked_members(
    members: dict[str, Json], deeper: Sequence[Loosened], *, everywhere: bool, spell: Spell
) -> dict[str, Json]:
    """Return an object with its members masked, without those that may be absent."""
    kept: dict[str, Json] = {}
    for name, member in members.items():
        rules = _one_step_down(deeper, (name, ANY_MEMBER))
        # A member that may be absent does not count when it is present either
        if not any(map(_frees_absence, rules)):
            kept[name] = without_loosened(member, rules, everywhere=everywhere, spell=spell)
    return kept


def _masked_elements(
    elements: list[Json], deeper: Sequence[Loosened], *, everywhere: bool, spell: Spell
) -> list[Json]:
    """Return a list with its elements masked."""
    # In markup, paths have no step for a list
    if not everywhere:
        deeper = _one_step_down(deeper, (ANY_ELEMENT,))
    mask = partial(without_loosened, loosened=deeper, everywhere=everywhere, spell=spell)
    return list(map(mask, elements))


def _one_step_down(deeper: Sequence[Loosened], steps: Container[Segment]) -> list[Loosened]:
    """Return the rules whose paths begin with one of these steps, with the rest of the path."""
    return [(path[1:], rule) for path, rule in deeper if path[0] in steps]


def _frees_absence(loosened: Loosened) -> bool:
    """Return whether a rule allows the member to be absent, so that its presence does not count."""
    path, rule = loosened
    accepts_anything = isinstance(rule, ValueRule) and rule.accepts is RuleKind.ANY
    return accepts_anything and not path


def _has_tolerance(rule: AnyLoosening) -> bool:
    if not isinstance(rule, NumberRule):
        return False
    return any((rule.relative, rule.absolute))
