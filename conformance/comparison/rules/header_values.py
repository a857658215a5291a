"""Decide whether a rule accepts the values of a header field, which are always texts."""

from functools import partial
from typing import Final

from conformance.comparison.rules.kinds import accepts, forms_of
from conformance.comparison.values.lossless_json import Json, NoJsonError, parse
from conformance.model.rule import HeaderRule, RuleKind

_AS_JSON: Final = frozenset({RuleKind.NULL, RuleKind.BOOLEAN, RuleKind.INTEGER, RuleKind.NUMBER})
"""Kinds for which the text of a field is parsed as JSON first."""


def accepts_field_values(kind: RuleKind, values: tuple[str | None, str | None]) -> bool:
    """Return whether a kind accepts the values on both sides, None being an absent field.

    Only `any` accepts an absent field.  Two timestamps must also have the same form.
    """
    if kind is RuleKind.ANY:
        return True
    first, second = values
    # Only `any` accepts an absent field
    if first is None or second is None:
        return False
    sent = [_read(kind, first), _read(kind, second)]
    if not all(map(partial(accepts, kind), sent)):
        return False
    if kind is RuleKind.TIMESTAMP:
        return len(forms_of(sent)) == 1
    return True


def _read(kind: RuleKind, text: str) -> Json:
    """Return a field's text as JSON if the kind is a number, boolean or null; else the text."""
    if kind not in _AS_JSON:
        return text
    try:
        return parse(text.encode()).value
    except NoJsonError:
        return text


def header_place(rule: HeaderRule) -> str:
    """Return the place of a rule's field or cookie as findings write it, `header NAME;COOKIE`."""
    field = f"header {rule.header}"
    return f"{field};{rule.cookie}" if rule.cookie else field
