"""A proposed rule as YAML on one line, as suites have it."""

from conformance.model.case import AlignRule, MapRule, NoteRule, NumberRule, Rule, ValueRule
from conformance.model.json_path import render_path
from conformance.model.yaml_text import yaml_text, yaml_value


def rule_line(rule: Rule, why: str) -> str:
    """Return a rule with its reason, in braces; raises ValueError where YAML cannot write its path."""
    about = f"note: {rule.note}" if isinstance(rule, NoteRule) else f"path: {yaml_text(render_path(rule.path))}"
    return f"{{{', '.join(filter(None, (about, form_of(rule), f'why: {yaml_text(why)}')))}}}"


def form_of(rule: Rule) -> str:
    """Return what a rule says of its path, such as `is: uuid`; nothing for a rule about a note."""
    if isinstance(rule, ValueRule):
        return f"is: {rule.accepts.value}" + (", form: any" if rule.any_form else "")
    if isinstance(rule, AlignRule):
        return f"key: {yaml_value(rule.key[0] if len(rule.key) == 1 else rule.key)}" if rule.key else "as: set"
    if isinstance(rule, MapRule):
        return "as: map"
    return f"approx: {{relative: {rule.relative}, absolute: {rule.absolute}}}" if isinstance(rule, NumberRule) else ""
