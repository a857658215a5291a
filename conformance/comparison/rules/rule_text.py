"""Write a proposed rule as one line of YAML, as suites contain it."""

from functools import singledispatch

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
    """Return a rule as a YAML mapping in braces, with its reason if there is one.

    Raise ValueError if YAML cannot write its path.
    """
    reason = f"why: {yaml_text(why)}" if why else ""
    fields = filter(None, (_about(rule), form_of(rule), reason))
    return "{" + ", ".join(fields) + "}"


def place_of(rule: Rule) -> str:
    """Return the note, header field or path that a rule is about."""
    if isinstance(rule, NoteRule):
        return rule.note
    if isinstance(rule, HeaderRule):
        return rule.header
    return render_path(rule.path)


def _about(rule: Rule) -> str:
    """Return the YAML fields that name the note, header field or path of a rule."""
    if isinstance(rule, NoteRule):
        return f"note: {rule.note}"
    if isinstance(rule, HeaderRule):
        field = f"header: {rule.header}"
        if not rule.cookie:
            return field
        return f"{field}, cookie: {yaml_text(rule.cookie)}"
    return f"path: {yaml_text(render_path(rule.path))}"


@singledispatch
def form_of(_rule: Rule) -> str:
    """Return the YAML fields that say what a rule accepts, such as `is: uuid`; empty for a note."""
    return ""


@form_of.register
def _(rule: HeaderRule) -> str:
    field = "value" if rule.cookie else "is"
    return f"{field}: {rule.accepts.value}"


@form_of.register
def _(rule: ValueRule) -> str:
    accepted = f"is: {rule.accepts.value}"
    return f"{accepted}, form: any" if rule.any_form else accepted


@form_of.register
def _(rule: AlignRule) -> str:
    if not rule.key:
        return "as: set"
    key = rule.key[0] if len(rule.key) == 1 else rule.key
    return f"key: {yaml_value(key)}"


@form_of.register
def _(_rule: MapRule) -> str:
    return "as: map"


@form_of.register
def _(_rule: OrderRule) -> str:
    return "order: any"


@form_of.register
def _(rule: NumberRule) -> str:
    return f"approx: {{relative: {rule.relative}, absolute: {rule.absolute}}}"
