"""Suites, cases and steps as they are written, already checked and expanded.

Invariants: a case id is `<suite>/<name>` and unique in a run; a case has at least one step; rules
only loosen a comparison.
"""

import enum
import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain, filterfalse
from operator import attrgetter, methodcaller
from typing import Final, Protocol

from msgspec import Struct, field

from conformance.distinct import distinct
from conformance.errors import Place
from conformance.model.api_document import ApiDocument
from conformance.model.batch import RUN_METHOD, BatchRun
from conformance.model.capture import Capture
from conformance.model.expectation import Expectation, JsonSchema
from conformance.model.made_value import is_made
from conformance.model.paging import Pages
from conformance.model.request import Request
from conformance.model.rule import Rule
from conformance.model.template import KnownName, Template
from conformance.model.waiting import StopAfter, Until

FRESH: Final = "fresh:"
"""The prefix of a name whose value the harness makes."""

LOGIN: Final = "login:"
"""The prefix of a name whose value the login of a runtime captured."""
UNSIGNED: Final = "none"
"""The signer name of requests that are not signed."""
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", RUN_METHOD})
"""Methods that change nothing (RFC 9110, 9.2.1); a command runs in its own folder."""


class CompareLevel(enum.Enum):
    """How much of two answers is compared; each level includes the levels before it."""

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


class NumberPolicy(enum.Enum):
    """When two numbers are equal: if their values are equal, or only if their spellings are."""

    LEXEME = "lexeme"
    VALUE = "value"


class Step(Struct, frozen=True, kw_only=True):
    """One exchange of a case: its request as written, and a template to fill in its names.

    The template is None if the request has no names.

    - `run`: the command of a step for batch runtimes; its request then stands for the run.
    - `body`: the kind, one of `BODY_KINDS`, as which the answer's body is read whatever its label;
      if empty, the label decides.
    - `stop_after`: where an answer that need not end is cut.
    - `timing`: the arrival times of the answer's parts are kept.
    - `until`: the answer for which the step is repeated, and for how long.
    - `pages`: how the step follows the pages of a list.
    - `compare`, `timeout_ms`: override those of the case.
    - `rules`: added to those of the case.
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
    sign: str | None = None

    def digest(self) -> str:
        """Return the digest of the request before names are filled in.

        A name and the same literal text have different digests.
        """
        written = self.request.digest()
        if self.template is None:
            return written
        return _digest_of_lines(written, self.template.names)


def step_name(number: int) -> str:
    """Return the name of a step for messages: `step 1`, or `setup 1`.

    `number` is the one that `Case.step` takes.
    """
    if number < 0:
        return f"setup {-number}"
    return f"step {number + 1}"


def suite_of(case_id: str) -> str:
    """Return the suite of a case id; the part that a matrix adds may contain a slash."""
    return case_id.partition("[")[0].rpartition("/")[0]


def _digest_of_lines(digest: str, lines: Iterable[str]) -> str:
    """Return a digest of another digest and further lines, in hexadecimal."""
    return hashlib.sha256("\n".join((digest, *lines)).encode()).hexdigest()


class Variable(Struct, frozen=True, kw_only=True):
    """An environment variable that a suite declares, and its place; its value is a secret."""

    name: str
    place: Place


class Case(Struct, frozen=True, kw_only=True):
    """One case, with the settings of its suite.

    - `isolated`: the case touches only things that it names itself, so that it may run at the same
      time as other isolated cases.
    - `parallel`: its suite, whose cases run in order, may run at the same time as other suites.
    - `setup`: sent first and never compared.
    - `cleanup`: sent last, whatever happened.
    - `lacking`: the statuses of the first step by which a runtime shows that it really lacks what
      the case requires; if empty, its declaration is trusted.
    - `schema`: the schema for the JSON of every answer.
    - `api`: the operations of the service, if the suite names a document.
    - `vars`: the case's own named values.
    - `cookies`: each runtime is sent the cookies that it has set.
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
    parallel: bool = False
    setup: tuple[Step, ...] = ()
    cleanup: tuple[Step, ...] = ()
    variables: tuple[Variable, ...] = ()
    vars: tuple[KnownName, ...] = ()
    cookies: bool = False
    sign: str | None = None
    schema: JsonSchema | None = None
    api: ApiDocument | None = None
    timeout_ms: int

    @property
    def fresh_names(self) -> tuple[str, ...]:
        """Return the names that the harness makes for each runtime, without repetition."""
        return tuple(filter(methodcaller("startswith", FRESH), self._names))

    @property
    def made_names(self) -> tuple[str, ...]:
        """Return the names of values that the harness makes, without repetition.

        The values are the same for every runtime.
        """
        return tuple(filter(is_made, self._names))

    @property
    def _names(self) -> tuple[str, ...]:
        templates = filter(None, map(attrgetter("template"), self.requests))
        return distinct(map(attrgetter("names"), templates))

    def digest(self, number: int) -> str:
        """Return the digest of a step's request before names are filled in, and of values in it.

        The values are those of the case's own `vars`.
        """
        step = self.step(number)
        digest = step.digest()
        if step.template is None:
            return digest
        used = step.template.names
        values = [f"{known.name}={known.json}" for known in self.vars if known.name in used]
        # Without values of the case it is the digest of the request alone
        if not values:
            return digest
        return _digest_of_lines(digest, values)

    @property
    def runs_commands(self) -> bool:
        """Return whether the case is for commands, and not for services.

        All steps of a case are of the same kind.
        """
        return self.steps[0].run is not None

    @property
    def changes_what_it_reads(self) -> bool:
        """Return whether the case may have another answer when it is sent again.

        Its own requests may change what it reads, unless it is isolated.
        """
        if self.isolated:
            return False
        return bool(self.unsafe_method)

    @property
    def unsafe_method(self) -> str:
        """Return the first method of the case that may change something.

        The result is an empty text if all its methods are safe.
        """
        return unsafe_method(map(attrgetter("request"), (*self.setup, *self.steps)))

    @property
    def requests(self) -> tuple[Step, ...]:
        """Return all steps in the order in which they are sent: setup, steps, clean-up."""
        return (*self.setup, *self.steps, *self.cleanup)

    def step(self, number: int) -> Step:
        """Return a step by its number.

        Compared steps count from 0 up, and setup steps from -1 down.
        """
        if number < 0:
            return self.setup[-number - 1]
        return self.steps[number]

    def level_of(self, number: int) -> CompareLevel:
        """Return the level at which two answers to a step are compared."""
        return self.step(number).compare or self.compare

    def rules_of(self, number: int) -> tuple[Rule, ...]:
        """Return the rules for the answers to a step."""
        return (*self.rules, *self.step(number).rules)

    def timeout_ms_of(self, number: int) -> int:
        """Return the budget of the exchange of a step, in milliseconds."""
        return self.step(number).timeout_ms or self.timeout_ms

    def signer_of(self, step: Step) -> str | None:
        """Return the name of the signer that signs a step, or None."""
        name = step.sign or self.sign
        if name == UNSIGNED:
            return None
        return name

    @property
    def signers(self) -> frozenset[str]:
        """Return the names of the signers that sign any request of the case."""
        return frozenset(filter(None, map(self.signer_of, self.requests)))

    @property
    def login_names(self) -> frozenset[str]:
        """Return the names in the case that the login of a runtime has to capture."""
        return frozenset(filter(methodcaller("startswith", LOGIN), self._names))

    @property
    def level(self) -> CompareLevel:
        """Return the lowest level at which a step of the case is compared."""
        levels = set(map(self.level_of, range(len(self.steps))))
        # The enum lists levels in order, the loosest first
        return next(filter(levels.__contains__, CompareLevel))

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """Return the rules of the case and of all its steps."""
        of_steps = chain.from_iterable(map(attrgetter("rules"), self.steps))
        return (*self.rules, *of_steps)

    @property
    def id(self) -> str:
        """Return the case id, `<suite>/<name>`."""
        return f"{self.suite}/{self.name}"


def unsafe_method(requests: Iterable[Request]) -> str:
    """Return the first method of some requests that may change something.

    The result is an empty text if all methods are safe.
    """
    methods = map(attrgetter("method"), requests)
    return next(filterfalse(SAFE_METHODS.__contains__, methods), "")


class Cases(Protocol):
    """Cases in order, which can be iterated several times."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Case]: ...
