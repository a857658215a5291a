"""Suites, cases and steps as they are written, already checked and expanded.

Invariants: a case id is `<suite>/<name>` and unique in a run; a case has at least one step; rules only ever loosen.
"""

import enum
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from conformance.errors import Place
from conformance.model.batch import RUN_METHOD, BatchRun
from conformance.model.capture import Capture
from conformance.model.expectation import Expectation, JsonSchema
from conformance.model.json_path import JsonPath, render_path
from conformance.model.paging import Pages
from conformance.model.request import Request
from conformance.model.template import Template
from conformance.model.waiting import StopAfter, Until

FRESH: Final = "fresh:"
"""What starts the name of a value that the harness makes."""

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", RUN_METHOD})
"""Methods that change nothing (RFC 9110, 9.2.1); a command is run in a folder of its own."""


class CompareLevel(enum.Enum):
    """How much of two answers is held against each other; each level includes those before it."""

    STATUS = "status"
    SHAPE = "shape"
    VALUE = "value"


BODY_KINDS: Final = (
    "json",
    "json-lines",
    "events",
    "table",
    "xml",
    "html",
    "form",
    "multipart",
    "text",
    "binary",
)
"""The words by which a suite says what the bodies of answers are."""


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
    """At `path`, every value that `accepts` describes is as good as any other; `why` says so in words.

    Timestamps must be written alike on all sides, unless `any_form`.
    """

    path: JsonPath
    accepts: RuleKind
    any_form: bool = False
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
class OrderRule:
    """The children of the XML or HTML element at `path` come in any order."""

    path: JsonPath
    why: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRule:
    """Of a list, elements that follow each other and differ in nothing but the text at `path` count as one.

    Its text is theirs, joined: what the pieces of a stream add up to.
    """

    path: JsonPath
    why: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderRule:
    """In a header field every value that `accepts` describes is as good as another; `any` covers absence too.

    `header` is in lower case.  With `cookie`, the name of one that `set-cookie` sets, only its value is meant:
    that it is set, and how, is compared all the same.
    """

    header: str
    accepts: RuleKind
    cookie: str | None = None
    why: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRule:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One exchange of a case: its request as it is written, and how names are filled in where it holds any.

    A step with a `run` is a command to be judged by what it leaves; its request then stands for the run.  `body` is the
    kind that the answer's body is read as, one of `BODY_KINDS`, whatever its label; nothing: the label decides.
    `stop_after` says where an answer that need not end is cut; with `timing` it is kept when its parts came.  `until`
    says what is asked again, and for how long; `pages` how a list is followed from page to page.  `compare` and
    `timeout_ms` go before those of the case where they are given; `rules` are added to those of the case.
    """

    request: Request
    template: Template | None = None
    run: BatchRun | None = None
    captures: tuple[Capture, ...] = ()
    expectation: Expectation = field(default_factory=Expectation)
    body: str = ""
    stop_after: StopAfter | None = None
    until: Until | None = None
    pages: Pages | None = None
    timing: bool = False
    compare: CompareLevel | None = None
    rules: tuple[Rule, ...] = ()
    timeout_ms: int | None = None

    def digest(self) -> str:
        """Return the digest of the unsubstituted request, in which a name and the same literal text differ."""
        written = self.request.digest()
        if self.template is None:
            return written
        return hashlib.sha256("\n".join((written, *self.template.names)).encode()).hexdigest()


def step_name(number: int) -> str:
    """Return what people call a step: `step 1`, or `setup 1`, by the number that `Case.step` takes."""
    return f"step {number + 1}" if number >= 0 else f"setup {-number}"


def suite_of(case_id: str) -> str:
    """Return the suite of a case id; what a matrix adds to a name may hold a slash."""
    return case_id.partition("[")[0].rpartition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """An environment variable that a suite declares, and where; its value is a secret."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case, with all that its suite says about it.

    `isolated` says that it touches nothing but what it names itself, so that other such cases may run beside it.
    `setup` is sent first and never compared, `cleanup` last, whatever happened.  `lacking` are the statuses of the
    first step by which a runtime shows that it indeed lacks what the case requires; none: its word is taken.
    `schema` is what the JSON of every answer is held to.
    """

    suite: str
    name: str
    place: Place
    steps: tuple[Step, ...]
    against: str | None
    compare: CompareLevel
    numbers: NumberPolicy = NumberPolicy.VALUE
    headers: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    tags: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    lacking: tuple[int, ...] = ()
    isolated: bool = False
    setup: tuple[Step, ...] = ()
    cleanup: tuple[Step, ...] = ()
    variables: tuple[Variable, ...] = ()
    schema: JsonSchema | None = None
    timeout_ms: int

    @property
    def fresh_names(self) -> tuple[str, ...]:
        """Return the names that the harness makes anew for each runtime, each once."""
        templates = (step.template for step in self.requests if step.template is not None)
        names = (name for template in templates for name in template.names)
        return tuple(dict.fromkeys(name for name in names if name.startswith(FRESH)))

    @property
    def runs_commands(self) -> bool:
        """Tell whether the case is for commands, and not for services; it is for one kind only."""
        return self.steps[0].run is not None

    @property
    def changes_what_it_reads(self) -> bool:
        """Tell whether asking the case again may be answered otherwise because it was asked before."""
        asked = (*self.setup, *self.steps)
        return not self.isolated and any(step.request.method not in SAFE_METHODS for step in asked)

    @property
    def requests(self) -> tuple[Step, ...]:
        """Return all that is sent, in order: the setup, the steps, the clean-up."""
        return (*self.setup, *self.steps, *self.cleanup)

    def step(self, number: int) -> Step:
        """Return a step by its number: those that are compared from 0 on, those of the setup from -1 down."""
        return self.steps[number] if number >= 0 else self.setup[-number - 1]

    def level_of(self, number: int) -> CompareLevel:
        """Return how much of two answers to a step must agree."""
        return self.step(number).compare or self.compare

    def rules_of(self, number: int) -> tuple[Rule, ...]:
        """Return what is loosened for the answers to a step."""
        return (*self.rules, *self.step(number).rules)

    def timeout_ms_of(self, number: int) -> int:
        """Return the budget of the exchange of a step."""
        return self.step(number).timeout_ms or self.timeout_ms

    @property
    def level(self) -> CompareLevel:
        """Return the level that every step is compared at, or above it."""
        levels = list(CompareLevel)
        return min((self.level_of(number) for number in range(len(self.steps))), key=levels.index)

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """Return what is loosened for any of the steps."""
        return (*self.rules, *(rule for step in self.steps for rule in step.rules))

    @property
    def id(self) -> str:
        """Return the case id, `<suite>/<name>`."""
        return f"{self.suite}/{self.name}"


class Cases(Protocol):
    """Cases in order, which can be gone through several times."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Case]: ...
