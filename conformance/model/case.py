"""Suites, cases and steps as they are written, already checked and expanded.

Invariants: a case id is `<suite>/<name>` and unique in a run; a case has at least one step; rules only ever loosen.
"""

import enum
from dataclasses import dataclass

from conformance.errors import Place
from conformance.model.json_path import JsonPath
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """At `path`, every value that `accepts` describes is as good as any other; `why` says so in words."""

    path: JsonPath
    accepts: RuleKind
    why: str
    place: Place


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
    rules: tuple[Rule, ...] = ()
    tags: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    timeout_ms: int

    @property
    def id(self) -> str:
        """Return the case id, `<suite>/<name>`."""
        return f"{self.suite}/{self.name}"
