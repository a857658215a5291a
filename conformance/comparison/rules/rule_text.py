"""A proposed rule as YAML on one line, as suites have it."""

from conformance.model.json_path import render_path
from conformance.model.rule import (
    AlignRule,
    HeaderRule,
    MapRule,
    NoteRule,
    NumberRule,
    OrderRule,
    Rule,
    ValueRule,
)
from conformance.model.yaml_text import yaml_text, yaml_value


def rule_line(rule: Rule, why: str = "") -> str:
    """Return a rule in braces, with its reason if there is one.

    Raises ValueError where YAML cannot write its path.
    """
    reason = f"why: {yaml_text(why)}" if why else ""
    return f"{{{', '.join(filter(None, (_about(rule), form_of(rule), reason)))}}}"


def place_of(rule: Rule) -> str:
    """Return what a rule is about: a note, a header field, a path."""
    if isinstance(rule, NoteRule):
        return rule.note
    return rule.header if isinstance(rule, HeaderRule) else render_path(rule.path)


def _about(rule: Rule) -> str:
    if isinstance(rule, NoteRule):
        return f"note: {rule.note}"
    if isinstance(rule, HeaderRule):
        return f"header: {rule.header}" + (
            f", cookie: {yaml_text(rule.cookie)}" if rule.cookie else ""
        )
    return f"path: {yaml_text(render_path(rule.path))}"


def _alignment_text(rule: AlignRule) -> str:
    if not rule.key:
        return "as: set"
    return f"key: {yaml_value(rule.key[0] if len(rule.key) == 1 else rule.key)}"


def form_of(rule: Rule) -> str:
    """Return what a rule says of its path, such as `is: uuid`; nothing for a rule about a note."""
    if isinstance(rule, HeaderRule):
        return f"{'value' if rule.cookie else 'is'}: {rule.accepts.value}"
    if isinstance(rule, ValueRule):
        return f"is: {rule.accepts.value}" + (", form: any" if rule.any_form else "")
    if isinstance(rule, AlignRule):
        return _alignment_text(rule)
    if isinstance(rule, MapRule):
        return "as: map"
    if isinstance(rule, OrderRule):
        return "order: any"
    return (
        f"approx: {{relative: {rule.relative}, absolute: {rule.absolute}}}"
        if isinstance(rule, NumberRule)
        else ""
    )
