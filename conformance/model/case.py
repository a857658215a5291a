"""Suites, cases and steps as they are written, already checked and expanded.

Invariants: a case id is `<suite>/<name>` and unique in a run; a case has at least one step; rules only ever loosen.
"""

import enum
from dataclasses import dataclass

from conformance.errors import Place
from conformance.model.json_path import JsonPath, render_path
from conformance.model.request import Request


class CompareLevel(enum.Enum):
    """How much of two answers is held against each other; each level includes those before it."""

    STATUS = "status"
    SHAPE = "shape"
    VALUE = "value"


class RuleKind(enum.Enum):
    """What a rule accepts at its path: when every side holds it, the values there are not compared further."""

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


class NumberPolicy(enum.Enum):
    """When two numbers are equal: by their value, or only if they are spelled alike."""

    LEXEME = "lexeme"
    VALUE = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRule:
    """At `path`, every value that `accepts` describes is as good as any other; `why` says so in words."""

    path: JsonPath
    accepts: RuleKind
    why: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRule:
    """At `path`, numbers are equal that lie within either tolerance, however spelled; both zero: equal by value.

    `relative` is a share of the larger magnitude.
    """

    path: JsonPath
    relative: float
    absolute: float
    why: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignRule:
    """At `path` stands a list whose order says nothing: elements belong together by `key`, or without one as a set.

    A set counts how often an element is in it.
    """

    path: JsonPath
    key: tuple[str, ...]
    why: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRule:
    """At `path` stands an object whose member names are data: its members are one structural type, like a list's."""

    path: JsonPath
    why: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRule:
    """A note that only one side has is no difference."""

    note: str
    why: str
    place: Place


Rule = ValueRule | NumberRule | AlignRule | MapRule | NoteRule
"""What a suite or a case loosens."""


def rule_name(rule: Rule) -> str:
    """Name a rule by where it is written and what it is about."""
    return f"{rule.place}: {rule.note if isinstance(rule, NoteRule) else render_path(rule.path)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What the case itself demands of each answer, whatever the other runtimes say; no statuses: nothing."""

    statuses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One exchange of a case."""

    request: Request
    expectation: Expectation = Expectation()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case, with all that its suite says about it."""

    suite: str
    name: str
    place: Place
    steps: tuple[Step, ...]
    against: str | None
    compare: CompareLevel
    numbers: NumberPolicy = NumberPolicy.VALUE
    rules: tuple[Rule, ...] = ()
    tags: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    timeout_ms: int

    @property
    def id(self) -> str:
        """Return the case id, `<suite>/<name>`."""
        return f"{self.suite}/{self.name}"
