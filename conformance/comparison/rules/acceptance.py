"""Decide whether a rule accepts the values on both sides."""

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
    """Return whether a rule accepts a whole body.

    Its path is the root, or it accepts `any` value at a path of nothing but wildcards.  A number
    rule never does.
    """
    if not rule.path:
        return isinstance(rule, ValueRule)
    types = set(map(type, rule.path))
    return accepts_anything(rule) and types == {Wildcard}


def accepts_anything(rule: ValueRule | NumberRule) -> bool:
    """Return whether a rule accepts every value, and also that there is none."""
    return _accepted(rule) is RuleKind.ANY


def _accepted(rule: ValueRule | NumberRule) -> RuleKind:
    """Return the kind of value that a rule accepts; a number rule accepts numbers."""
    return rule.accepts if isinstance(rule, ValueRule) else RuleKind.NUMBER


def any_text(rule: ValueRule | NumberRule) -> bool:
    """Return whether a rule accepts any text."""
    return _accepted(rule) in {RuleKind.ANY, RuleKind.STRING}


def accepts_columns(rule: ValueRule | NumberRule, a: Column, b: Column, *, paired: bool) -> bool:
    """Return whether a rule accepts all values of two columns.

    `paired` means that the values at one index belong together.  A number rule compares such pairs
    by its tolerance; without pairs it only requires that all values are numbers.
    """
    if isinstance(rule, ValueRule):
        return _accepts_values(rule, a, b)
    if paired:
        is_near = partial(within_tolerance, rule)
        return all(starmap(is_near, zip(a, b, strict=True)))
    # Without pairs there is no other number to compare with
    return all(map(is_numeric, chain(a, b)))


def _accepts_values(rule: ValueRule, a: Column, b: Column) -> bool:
    """Return whether a value rule accepts all values of two columns.

    A rule about timestamps may also require that both columns use the same forms.
    """
    is_accepted = partial(accepts, rule.accepts)
    if not all(map(is_accepted, chain(a, b))):
        return False
    if _wants_one_form(rule):
        return forms_of(a) == forms_of(b)
    return True


def _wants_one_form(rule: ValueRule) -> bool:
    """Return whether a rule requires that both sides write a time in the same form."""
    return rule.accepts is RuleKind.TIMESTAMP and not rule.any_form


def clock_forms(rule: ValueRule | NumberRule, x: Json, y: Json) -> tuple[str, str] | None:
    """Return the forms of two times if a rule refuses them only because these forms differ.

    Else return None.
    """
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
    """Return the form of a time as text."""
    return " or ".join(map(str, forms_of([time])))


def rejected(
    rule: ValueRule | NumberRule, a: Column, b: Column, positions: Iterable[int]
) -> list[int]:
    """Return those positions at which a rule does not accept the pair of values."""

    def is_accepted(at: int) -> bool:
        return accepts_columns(rule, [a[at]], [b[at]], paired=True)

    return list(filterfalse(is_accepted, positions))


def is_about_numbers(rule: ValueRule | NumberRule) -> bool:
    """Return whether a rule accepts numbers, so that integer beside fraction is no difference."""
    return _accepted(rule) is RuleKind.NUMBER


def within_tolerance(rule: NumberRule, a: Json, b: Json) -> bool:
    """Return whether two numbers are equal within a rule's tolerance; other values must be equal.

    The absolute and the relative tolerance are alternatives: the wider one counts.
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
        # Exact decimals as the rule writes them: the float nearest to 0.3 is a little less
        relative = Decimal(str(rule.relative)) * largest
        most = max(Decimal(str(rule.absolute)), relative)
        return abs(first - second) <= most
    except ArithmeticError:
        # The exponents are too far apart to calculate: the numbers are not near
        return False
