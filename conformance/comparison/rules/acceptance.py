"""Whether the rule of a case accepts two values."""

from collections.abc import Iterable
from decimal import Decimal

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
    return accepts_anything(rule) and all(isinstance(segment, Wildcard) for segment in rule.path)


def accepts_anything(rule: ValueRule | NumberRule) -> bool:
    """Return whether a rule accepts anything, and that nothing is there."""
    return isinstance(rule, ValueRule) and rule.accepts is RuleKind.ANY


def any_text(rule: ValueRule | NumberRule) -> bool:
    """Return whether a rule accepts any text."""
    return isinstance(rule, ValueRule) and rule.accepts in {RuleKind.ANY, RuleKind.STRING}


def accepts_columns(rule: ValueRule | NumberRule, a: Column, b: Column, *, paired: bool) -> bool:
    """Return whether a rule accepts every value of two columns."""
    if isinstance(rule, ValueRule):
        held = all(accepts(rule.accepts, value) for column in (a, b) for value in column)
        return held and (
            rule.accepts is not RuleKind.TIMESTAMP or rule.any_form or forms_of(a) == forms_of(b)
        )
    if not paired:
        return all(map(is_numeric, a)) and all(map(is_numeric, b))
    return all(within_tolerance(rule, x, y) for x, y in zip(a, b, strict=True))


def clock_forms(rule: ValueRule | NumberRule, x: Json, y: Json) -> tuple[str, str] | None:
    """Return how two times are written that a rule accepts but for how they are written."""
    if not isinstance(rule, ValueRule) or rule.accepts is not RuleKind.TIMESTAMP or rule.any_form:
        return None
    if not (accepts(rule.accepts, x) and accepts(rule.accepts, y)):
        return None
    first, second = (" or ".join(map(str, forms_of([value]))) for value in (x, y))
    return None if first == second else (first, second)


def rejected(
    rule: ValueRule | NumberRule, a: Column, b: Column, positions: Iterable[int]
) -> list[int]:
    """Return at which of some positions of two paired columns a rule does not accept both."""
    return [at for at in positions if not accepts_columns(rule, [a[at]], [b[at]], paired=True)]


def is_about_numbers(rule: ValueRule | NumberRule) -> bool:
    """Return whether a rule says of numbers that their kind is no difference."""
    return isinstance(rule, NumberRule) or rule.accepts is RuleKind.NUMBER


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
        most = max(Decimal(rule.absolute), Decimal(rule.relative) * max(abs(first), abs(second)))
        return abs(first - second) <= most
    except ArithmeticError:
        return False
