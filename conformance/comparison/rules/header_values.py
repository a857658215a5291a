"""What a rule accepts in a header field, where every value is a text."""

from functools import partial
from typing import Final

from conformance.comparison.rules.kinds import accepts, forms_of
from conformance.comparison.values.lossless_json import Json, NoJsonError, parse
from conformance.model.rule import HeaderRule, RuleKind

_AS_JSON: Final = frozenset({RuleKind.NULL, RuleKind.BOOLEAN, RuleKind.INTEGER, RuleKind.NUMBER})


def fits(kind: RuleKind, values: tuple[str | None, str | None]) -> bool:
    """Return whether a rule accepts two values, None being none: `any` accepts it.

    Times must be written alike.
    """
    if kind is RuleKind.ANY:
        return True
    first, second = values
    # Only `any` accepts that one side has no such field
    if first is None or second is None:
        return False
    sent = [_read(kind, first), _read(kind, second)]
    if not all(map(partial(accepts, kind), sent)):
        return False
    if kind is RuleKind.TIMESTAMP:
        return len(forms_of(sent)) == 1
    return True


def _read(kind: RuleKind, text: str) -> Json:
    """Return a text as the value that a rule is about: a number or boolean if it asks for one."""
    if kind not in _AS_JSON:
        return text
    try:
        return parse(text.encode()).value
    except NoJsonError:
        return text


def header_place(rule: HeaderRule) -> str:
    """Return the place of the field or cookie that a rule is about, as findings write it."""
    field = f"header {rule.header}"
    return f"{field};{rule.cookie}" if rule.cookie else field
