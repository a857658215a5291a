"""Rules: what a suite or a case loosens, where, and why.

A rule never makes a comparison stricter.
"""

import enum

from msgspec import Struct

from conformance.errors import Place
from conformance.model.json_path import JsonPath, render_path


class RuleKind(enum.Enum):
    """What a rule accepts at its path.

    When every side holds it, the values there are not compared further.
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
    """At `path`, every value that `accepts` describes is as good as any other.

    `why` says so in words.

    Timestamps must be written alike on all sides, unless `any_form`.
    """

    path: JsonPath
    accepts: RuleKind
    any_form: bool = False
    why: str
    place: Place


class NumberRule(Struct, frozen=True, kw_only=True):
    """At `path`, numbers are equal that lie within either tolerance, however spelled.

    Both zero: equal by value.

    `relative` is a share of the larger magnitude.
    """

    path: JsonPath
    relative: float
    absolute: float
    why: str
    place: Place


class AlignRule(Struct, frozen=True, kw_only=True):
    """A list at `path` has an order that says nothing.

    Its elements are paired by `key`, or without one as a set.

    A set counts how often an element is in it.
    """

    path: JsonPath
    key: tuple[str, ...]
    why: str
    place: Place


class MapRule(Struct, frozen=True, kw_only=True):
    """An object at `path` has data as its member names.

    Its members are one structural type, as a list's elements are.
    """

    path: JsonPath
    why: str
    place: Place


class OrderRule(Struct, frozen=True, kw_only=True):
    """The children of the XML or HTML element at `path` come in any order."""

    path: JsonPath
    why: str
    place: Place


class JoinRule(Struct, frozen=True, kw_only=True):
    """Adjacent list elements that differ only in the text at `path` count as one.

    Its text is theirs, joined: what the pieces of a stream add up to.
    """

    path: JsonPath
    why: str
    place: Place


class HeaderRule(Struct, frozen=True, kw_only=True):
    """In a header field every value that `accepts` describes is as good as another.

    `any` covers absence too.

    `header` is in lower case.  With `cookie`, the name of one that `set-cookie` sets, only its
    value is meant: that it is set, and how, is compared all the same.
    """

    header: str
    accepts: RuleKind
    cookie: str | None = None
    why: str
    place: Place


class NoteRule(Struct, frozen=True, kw_only=True):
    """A note that only one side has is no difference."""

    note: str
    why: str
    place: Place


Rule = ValueRule | NumberRule | AlignRule | MapRule | OrderRule | JoinRule | HeaderRule | NoteRule
"""What a suite or a case loosens."""


def rule_name(rule: Rule) -> str:
    """Name a rule by where it is written and what it is about."""
    if isinstance(rule, NoteRule):
        return f"{rule.place}: {rule.note}"
    if isinstance(rule, HeaderRule):
        cookie = f", cookie {rule.cookie}" if rule.cookie else ""
        return f"{rule.place}: header {rule.header}{cookie}"
    return f"{rule.place}: {render_path(rule.path)}"
