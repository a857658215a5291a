"""Suites, cases and steps as they are written, already checked and expanded.

Invariants: a case id is `<suite>/<name>` and unique in a run; a case has at least one step; rules
only ever loosen.
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
"""What starts the name of a value that the harness makes."""

LOGIN: Final = "login:"
"""What starts the name of a value that the login of a runtime captured."""
UNSIGNED: Final = "none"
"""The word for a request that no signer signs."""
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


class NumberPolicy(enum.Enum):
    """When two numbers are equal: by their value, or only if they are spelled alike."""

    LEXEME = "lexeme"
    VALUE = "value"


class Step(Struct, frozen=True, kw_only=True):
    """One exchange of a case: its request as written, and how names are filled in.

    The second part is there where the request holds any names.

    A step with a `run` is a command to be judged by what it leaves; its request then stands for the
    run.  `body` is the kind that the answer's body is read as, one of `BODY_KINDS`, whatever its
    label; nothing: the label decides. `stop_after` says where an answer that need not end is cut;
    with `timing` it is kept when its parts came.  `until` says what is asked again, and for how
    long; `pages` how a list is followed from page to page.  `compare` and `timeout_ms` go before
    those of the case where they are given; `rules` are added to those of the case.
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
        """Return the digest of the unsubstituted request.

        A name and the same literal text have different digests.
        """
        written = self.request.digest()
        if self.template is None:
            return written
        return _digest_of_lines(written, self.template.names)


def step_name(number: int) -> str:
    """Return the name of a step for people: `step 1`, or `setup 1`.

    The number is the one that `Case.step` takes.
    """
    if number < 0:
        return f"setup {-number}"
    return f"step {number + 1}"


def suite_of(case_id: str) -> str:
    """Return the suite of a case id; what a matrix adds to a name may hold a slash."""
    return case_id.partition("[")[0].rpartition("/")[0]


def _digest_of_lines(digest: str, lines: Iterable[str]) -> str:
    """Return a digest of a request's digest and of what else belongs to it, in hexadecimal."""
    return hashlib.sha256("\n".join((digest, *lines)).encode()).hexdigest()


class Variable(Struct, frozen=True, kw_only=True):
    """An environment variable that a suite declares, and where; its value is a secret."""

    name: str
    place: Place


class Case(Struct, frozen=True, kw_only=True):
    """One case, with all that its suite says about it.

    `isolated` says that it touches nothing but what it names itself, so that other such cases may
    run beside it. `parallel` says that its suite, whose cases run in order, may run beside other
    suites. `setup` is sent first and never compared, `cleanup` last, whatever happened.
    `lacking` are the statuses of the first step by which a runtime shows that it indeed lacks what
    the case requires; none: its word is taken. `schema` is what the JSON of every answer is held
    to, `api` what the service can be asked, if its suite says so. `vars` are values by name that it
    writes once; with `cookies` each runtime is sent back what it has set.
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
        """Return the names that the harness makes for each runtime, each once."""
        return tuple(filter(methodcaller("startswith", FRESH), self._names))

    @property
    def made_names(self) -> tuple[str, ...]:
        """Return the names of values that the harness makes, each once.

        The values are the same for every runtime.
        """
        return tuple(filter(is_made, self._names))

    @property
    def _names(self) -> tuple[str, ...]:
        templates = filter(None, map(attrgetter("template"), self.requests))
        return distinct(map(attrgetter("names"), templates))

    def digest(self, number: int) -> str:
        """Return the digest of a step's unsubstituted request and the case values in it.

        The values are the case's own.
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

        It is for one kind only.
        """
        return self.steps[0].run is not None

    @property
    def changes_what_it_reads(self) -> bool:
        """Return whether an earlier request for the case may change its answer.

        That is, whether the case may be answered otherwise when it is asked again.
        """
        if self.isolated:
            return False
        return bool(self.unsafe_method)

    @property
    def unsafe_method(self) -> str:
        """Return the first method of the case that may change something.

        Nothing where there is none.
        """
        return unsafe_method(map(attrgetter("request"), (*self.setup, *self.steps)))

    @property
    def requests(self) -> tuple[Step, ...]:
        """Return all that is sent, in order: the setup, the steps, the clean-up."""
        return (*self.setup, *self.steps, *self.cleanup)

    def step(self, number: int) -> Step:
        """Return a step by its number.

        Compared steps count from 0 up, and setup steps from -1 down.
        """
        if number < 0:
            return self.setup[-number - 1]
        return self.steps[number]

    def level_of(self, number: int) -> CompareLevel:
        """Return how much of two answers to a step must agree."""
        return self.step(number).compare or self.compare

    def rules_of(self, number: int) -> tuple[Rule, ...]:
        """Return what is loosened for the answers to a step."""
        return (*self.rules, *self.step(number).rules)

    def timeout_ms_of(self, number: int) -> int:
        """Return the budget of the exchange of a step."""
        return self.step(number).timeout_ms or self.timeout_ms

    def signer_of(self, step: Step) -> str | None:
        """Return the name of the signer that signs a step, if one does."""
        name = step.sign or self.sign
        if name == UNSIGNED:
            return None
        return name

    @property
    def signers(self) -> frozenset[str]:
        """Return the names of the signers that sign any of its requests."""
        return frozenset(filter(None, map(self.signer_of, self.requests)))

    @property
    def login_names(self) -> frozenset[str]:
        """Return the names of what the logins of runtimes have to capture."""
        return frozenset(filter(methodcaller("startswith", LOGIN), self._names))

    @property
    def level(self) -> CompareLevel:
        """Return the level that every step is compared at, or above it."""
        levels = set(map(self.level_of, range(len(self.steps))))
        # Levels stand in order, the loosest first
        return next(filter(levels.__contains__, CompareLevel))

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """Return what is loosened for any of the steps."""
        of_steps = chain.from_iterable(map(attrgetter("rules"), self.steps))
        return (*self.rules, *of_steps)

    @property
    def id(self) -> str:
        """Return the case id, `<suite>/<name>`."""
        return f"{self.suite}/{self.name}"


def unsafe_method(requests: Iterable[Request]) -> str:
    """Return the first method of some requests that may change something.

    Nothing where there is none.
    """
    methods = map(attrgetter("method"), requests)
    return next(filterfalse(SAFE_METHODS.__contains__, methods), "")


class Cases(Protocol):
    """Cases in order, which can be gone through several times."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Case]: ...
