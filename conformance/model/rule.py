"""Rules: what a suite or a case allows to differ, where, and why.

A rule never makes a comparison stricter.
"""

import enum

from msgspec import Struct

from conformance.errors import Place
from conformance.model.json_path import JsonPath, render_path


class RuleKind(enum.Enum):
    """The kinds of values that a rule accepts at its path.

    If the values of all sides are of this kind, they are not compared further.
    """

    ANY = "any"
    NULL = "null"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    ARRAY = "array"
    OBJECT = "object"
    UUID = "uuid"
    TIMESTAMP = "timestamp"


class ValueRule(Struct, frozen=True, kw_only=True):
    """A rule for the values at `path`: any two that `accepts` describes count as equal.

    `why` is the reason in words.

    Timestamps must have the same form on all sides, unless `any_form` is set.
    """

    path: JsonPath
    accepts: RuleKind
    any_form: bool = False
    why: str
    place: Place


class NumberRule(Struct, frozen=True, kw_only=True):
    """A rule for the numbers at `path`: they count as equal within either tolerance.

    If both are zero, numbers must be equal by value.
    `relative` is a share of the larger magnitude.
    """

    path: JsonPath
    relative: float
    absolute: float
    why: str
    place: Place


class AlignRule(Struct, frozen=True, kw_only=True):
    """A rule for a list at `path` whose order has no meaning.

    Its elements are paired by `key`, or without a key compared as a set.

    In a set, the number of equal elements counts.
    """

    path: JsonPath
    key: tuple[str, ...]
    why: str
    place: Place


class MapRule(Struct, frozen=True, kw_only=True):
    """A rule for an object at `path` whose member names are data.

    Its members have one structural type, as a list's elements have.
    """

    path: JsonPath
    why: str
    place: Place


class OrderRule(Struct, frozen=True, kw_only=True):
    """A rule for the children of the XML or HTML element at `path`: their order has no meaning."""

    path: JsonPath
    why: str
    place: Place


class JoinRule(Struct, frozen=True, kw_only=True):
    """A rule for adjacent list elements that differ only in the text at `path`: they count as one.

    The texts are joined, as for the pieces of a stream.
    """

    path: JsonPath
    why: str
    place: Place


class HeaderRule(Struct, frozen=True, kw_only=True):
    """A rule for a header field: any two values that `accepts` describes count as equal.

    `any` also accepts an absent field.
    `header` is in lower case.  With `cookie`, the rule is about the value of this cookie in
    `set-cookie`; whether and how the cookie is set is still compared.
    """

    header: str
    accepts: RuleKind
    cookie: str | None = None
    why: str
    place: Place


class NoteRule(Struct, frozen=True, kw_only=True):
    """A rule for a note: it may be on one side only."""

    note: str
    why: str
    place: Place


Rule = ValueRule | NumberRule | AlignRule | MapRule | OrderRule | JoinRule | HeaderRule | NoteRule
"""A rule of any kind."""


def rule_name(rule: Rule) -> str:
    """Return a name for a rule: its place, and what it is about."""
    if isinstance(rule, NoteRule):
        return f"{rule.place}: {rule.note}"
    if isinstance(rule, HeaderRule):
        cookie = f", cookie {rule.cookie}" if rule.cookie else ""
        return f"{rule.place}: header {rule.header}{cookie}"
    return f"{rule.place}: {render_path(rule.path)}"
