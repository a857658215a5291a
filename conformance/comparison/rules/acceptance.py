"""Whether the rule of a case accepts two values."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from itertools import chain, filterfalse, starmap

from conformance.comparison.rules.kinds import accepts, forms_of
from conformance.comparison.values.columns import Column, is_numeric
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json, finite, same_number
from conformance.model.json_path import Wildcard
from conformance.model.rule import (
    NumberRule,
    RuleKind,
    ValueRule,
)


def accepts_everything_below(rule: ValueRule | NumberRule) -> bool:
    """Return whether a rule is about a body's root, or accepts anything everywhere below it."""
    if not rule.path:
        return isinstance(rule, ValueRule)
    types = set(map(type, rule.path))
    return accepts_anything(rule) and types == {Wildcard}


def accepts_anything(rule: ValueRule | NumberRule) -> bool:
    """Return whether a rule accepts anything, and that nothing is there."""
    return _accepted(rule) is RuleKind.ANY


def _accepted(rule: ValueRule | NumberRule) -> RuleKind:
    """Return what a rule accepts; of a rule about numbers these."""
    return rule.accepts if isinstance(rule, ValueRule) else RuleKind.NUMBER


def any_text(rule: ValueRule | NumberRule) -> bool:
    """Return whether a rule accepts any text."""
    return _accepted(rule) in {RuleKind.ANY, RuleKind.STRING}


def accepts_columns(rule: ValueRule | NumberRule, a: Column, b: Column, *, paired: bool) -> bool:
    """Return whether a rule accepts every value of two columns."""
    if isinstance(rule, ValueRule):
        return _accepts_values(rule, a, b)
    if paired:
        is_near = partial(within_tolerance, rule)
        return all(starmap(is_near, zip(a, b, strict=True)))
    # Without partners no number has another one to be near to
    return all(map(is_numeric, chain(a, b)))


def _accepts_values(rule: ValueRule, a: Column, b: Column) -> bool:
    is_accepted = partial(accepts, rule.accepts)
    if not all(map(is_accepted, chain(a, b))):
        return False
    if _wants_one_form(rule):
        return forms_of(a) == forms_of(b)
    return True


def _wants_one_form(rule: ValueRule) -> bool:
    """Return whether all sides must write a time in one form."""
    return rule.accepts is RuleKind.TIMESTAMP and not rule.any_form


def clock_forms(rule: ValueRule | NumberRule, x: Json, y: Json) -> tuple[str, str] | None:
    """Return how two times are written that a rule accepts but for how they are written."""
    if isinstance(rule, NumberRule) or not _wants_one_form(rule):
        return None
    times = (x, y)
    if not all(map(partial(accepts, rule.accepts), times)):
        return None
    first, second = map(_form_of, times)
    if first == second:
        return None
    return first, second


def _form_of(time: Json) -> str:
    return " or ".join(map(str, forms_of([time])))


def rejected(
    rule: ValueRule | NumberRule, a: Column, b: Column, positions: Iterable[int]
) -> list[int]:
    """Return at which of some positions of two paired columns a rule does not accept both."""

    def is_accepted(at: int) -> bool:
        return accepts_columns(rule, [a[at]], [b[at]], paired=True)

    return list(filterfalse(is_accepted, positions))


def is_about_numbers(rule: ValueRule | NumberRule) -> bool:
    """Return whether a rule says of numbers that their kind is no difference."""
    return _accepted(rule) is RuleKind.NUMBER


def within_tolerance(rule: NumberRule, a: Json, b: Json) -> bool:
    """Return whether two numbers are equal within a rule's tolerance.

    Anything else must be the same.
    """
    if not is_numeric(a) or not is_numeric(b):
        return canonical(a) == canonical(b)
    if same_number(a, b):
        return True
    first, second = finite(a), finite(b)
    if first is None or second is None:
        return False
    try:
        largest = max(abs(first), abs(second))
        # As they are written in the rule: the float nearest to 0.3 is a little less
        relative = Decimal(str(rule.relative)) * largest
        most = max(Decimal(str(rule.absolute)), relative)
        return abs(first - second) <= most
    except ArithmeticError:
        # The exponents are too far apart to be calculated with: the numbers are not near
        return False
