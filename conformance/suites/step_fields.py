"""The grammar of steps: a request, its expectation, its captures, and the names that it may use.

The expectation is what the answer must be, and captures come from the answer.

A name is known in the steps after the one that captures it.  `${env:NAME}` reads a variable that
the suite declares; the harness makes `${fresh:name}` for cases that isolate themselves by names.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from conformance.errors import Problem
from conformance.model.case import BODY_KINDS, CompareLevel, Step
from conformance.model.expectation import Expectation
from conformance.suites.capture_fields import CAPTURES, capture_problems, captures_of
from conformance.suites.expect_fields import EXPECT, expectation_of, expectation_problems
from conformance.suites.fields import Choice, Field, FieldTable, ListOf, Text, Whole
from conformance.suites.matrix import NAME
from conformance.suites.nodes import Node, if_given, is_true, items, members, text, whole
from conformance.suites.paging_fields import PAGES, pages_of, paging_problems
from conformance.suites.reading import Reading
from conformance.suites.request_defaults import RequestDefaults, dropped_problems
from conformance.suites.request_fields import REQUEST, request_of, request_problems, slotted
from conformance.suites.rule_fields import RULES, rule_problems, rules_of
from conformance.suites.run_fields import RUN, run_of, run_problems
from conformance.suites.substitution import check_text, references_below
from conformance.suites.value_fields import vars_problems
from conformance.suites.waiting_fields import (
    NEEDS,
    WAITING,
    stop_after_of,
    until_of,
    waiting_problems,
)

BODY = Field(
    spec=Choice(options=BODY_KINDS),
    says="what the answer's body is read as, whatever its label; a step's word counts",
)
COMPARE = Field(
    spec=Choice(options=tuple(level.value for level in CompareLevel)),
    says="how much of two answers must agree",
)
TIMEOUT_MS = Field(
    spec=Whole(least=1, most=600_000),
    says="the budget of one whole exchange, of which half may pass without a byte, and of "
    "comparing a case",
)
SIGN = Field(
    spec=Text(pattern=NAME, meaning="a lower-case word"),
    says="the signer of the runtimes file that signs each request; none: no signer does",
)
STEP = FieldTable(
    fields={
        "request": Field(spec=REQUEST, says="what is sent to every runtime"),
        "run": Field(
            spec=RUN, says="what a batch runtime is given, to be judged by its exit code and files"
        ),
        "capture": CAPTURES,
        "expect": Field(
            spec=EXPECT, says="what every runtime must answer, whatever the others say"
        ),
        "body": BODY,
        **WAITING,
        "pages": PAGES,
        "compare": COMPARE,
        "rules": RULES,
        "timeout_ms": TIMEOUT_MS,
        "sign": SIGN,
    },
    one_of=("request", "run"),
    needs={"sign": "request", "capture": "request", "pages": "request", **NEEDS},
)
_REQUEST = replace(STEP.fields["request"], required=True)
CLEANUP_STEP = FieldTable(fields={"request": _REQUEST})
SETUP_STEP = FieldTable(
    needs={"within_ms": "until", "every_ms": "until"},
    fields={
        "request": _REQUEST,
        **{
            name: STEP.fields[name]
            for name in (
                "capture",
                "expect",
                "body",
                "until",
                "within_ms",
                "every_ms",
                "timeout_ms",
                "sign",
            )
        },
    },
)
SETUP = Field(
    spec=ListOf(item=SETUP_STEP),
    says="what is sent before the steps of a case: it must succeed, is kept, and is never compared",
)
STEP_FIELDS: Final = frozenset(
    {
        "request",
        "run",
        "capture",
        "expect",
        "body",
        *WAITING,
        "pages",
        "vars",
        "setup",
        "steps",
        "cleanup",
    }
)
_SUCCESS: Final = ("2xx", "3xx")
"""The statuses of success for a step of the setup that expects no others."""


def step_problems(case: Node, reading: Reading) -> Iterator[Problem]:
    """Yield the problems of a case's setup, steps and clean-up that tables cannot express."""
    captured: dict[str, int] = {}
    given = members(case)
    reading = reading.within(case)
    yield from vars_problems(given.get("vars"))
    for name, value in given.items():
        if name not in STEP_FIELDS:
            yield from check_text(value)
    steps = items(given["steps"]) if "steps" in given else (case,)
    cleanup = items(given.get("cleanup"))
    yield from setup_problems(reading, captured)
    for number, step in enumerate(steps):
        yield from _step_problems(step, reading, captured, number)
        # A case of one step has these fields in the case itself
        if step is not case:
            yield from _refinement_problems(step)
    yield from _mixture_problems(case, steps, reading.setup)
    for step in (*reading.setup, *steps, *cleanup):
        yield from dropped_problems(members(step).get("request"), reading.defaults)
    for step in cleanup:
        yield from _request_problems(members(step)["request"], reading, captured)


def _mixture_problems(
    case: Node, steps: Sequence[Node], setup: Sequence[Node]
) -> Iterator[Problem]:
    """Yield a problem if a case is for services and for commands at once."""
    is_run = ["run" in members(step) for step in steps]
    if len(set(is_run)) > 1:
        what = "a case is for services or for commands: requests and runs do not mix"
        yield Problem(members(case)["steps"].place, what)
    if setup and is_run[0]:
        what = "a setup is for services, and this case runs a command"
        yield Problem(setup[0].place, what)


def setup_problems(reading: Reading, captured: dict[str, int] | None = None) -> Iterator[Problem]:
    """Yield the problems of the steps of a setup that tables cannot express.

    The names that they capture are added to `captured`.
    """
    captured = {} if captured is None else captured
    for at, step in enumerate(reading.setup):
        defaults = _defaults_at(reading, reading.setup[at:])
        # Steps before those of the case have negative numbers
        yield from _step_problems(step, replace(reading, defaults=defaults), captured, -at - 1)


def _defaults_at(reading: Reading, not_yet: Sequence[Node]) -> RequestDefaults:
    """Return the suite defaults for a setup request.

    `not_yet` are this step and the later ones: defaults that use their captures are left out.
    """
    later: set[str] = set()
    for step in not_yet:
        later.update(members(members(step).get("capture")))
    return reading.defaults.before(later)


def _step_problems(
    step: Node, reading: Reading, captured: dict[str, int], number: int
) -> Iterator[Problem]:
    def compared(name: str) -> str | None:
        return reading.unknown(name, captured, secrets=False)

    given = members(step)
    yield from _asking_problems(given, reading, captured)
    yield from waiting_problems(given, compared)
    yield from capture_problems(given.get("capture"), captured, number, reading.vars)
    yield from paging_problems(given.get("pages"))
    yield from expectation_problems(given.get("expect"), compared)


def _refinement_problems(step: Node) -> Iterator[Problem]:
    """Yield the problems of fields by which one of several steps overrides its case."""
    given = members(step)
    yield from rule_problems(given.get("rules"))
    for name in ("compare", "rules"):
        if name in given:
            yield from check_text(given[name])


def _asking_problems(
    given: dict[str, Node], reading: Reading, captured: Collection[str]
) -> Iterator[Problem]:
    """Yield the problems of a step's request or run, and of an expectation of the wrong kind.

    `exit` is an expectation for a run, `status` for a request.
    """
    expected = members(given.get("expect"))
    if "run" in given:
        yield from check_text(given["run"])
        yield from run_problems(given["run"], reading.files)
    else:
        yield from _request_problems(given["request"], reading, captured)
    for name, kind in (("exit", "run"), ("status", "request")):
        if name in expected and kind not in given:
            yield Problem(expected[name].place, f"field {name!r} goes with {kind!r} only")


def _request_problems(node: Node, reading: Reading, captured: Collection[str]) -> Iterator[Problem]:
    yield from request_problems(node, reading.files, reading.defaults)
    of_suite = (*reading.defaults.headers, *reading.defaults.query)
    parts = [*slotted(node), *((value, True) for _, value in of_suite)]
    for part, is_filled_in in parts:
        if not is_filled_in:
            yield from check_text(part)
            continue
        for place, name in references_below(part):
            wrong = reading.unknown(name, captured)
            if wrong is not None:
                yield Problem(place, wrong)


def steps_of(case: Node, reading: Reading) -> tuple[Step, ...]:
    """Return the steps of a checked case."""
    given = members(case)
    if "steps" not in given:
        return (step_of(case, reading),)
    steps = items(given["steps"])
    return tuple(_refined(step_of(step, reading), step) for step in steps)


def setup_of(case: Node, reading: Reading) -> tuple[Step, ...]:
    """Return the steps of a checked case's setup; those of its suite come first."""
    setup = reading.setup_of(case)
    steps: list[Step] = []
    for at, node in enumerate(setup):
        defaults = _defaults_at(reading, setup[at:])
        step = step_of(node, replace(reading, defaults=defaults))
        expectation = _successful(step.expectation)
        steps.append(replace(_refined(step, node), expectation=expectation))
    return tuple(steps)


def _successful(expected: Expectation) -> Expectation:
    if expected.statuses:
        return expected
    return replace(expected, statuses=_SUCCESS)


def step_of(node: Node, reading: Reading) -> Step:
    """Return one checked step, without the fields that override those of a case."""
    given = members(node)
    if "run" in given:
        asked, run = run_of(given["run"], reading.files)
        return Step(request=asked, run=run, expectation=expectation_of(given.get("expect")))
    request, template = request_of(given["request"], reading.files, reading.defaults)
    return Step(
        body=text(given.get("body")),
        stop_after=stop_after_of(given),
        until=until_of(given),
        pages=pages_of(given.get("pages")),
        timing=is_true(given.get("timing")),
        request=request,
        template=template,
        captures=captures_of(given.get("capture")),
        expectation=expectation_of(given.get("expect")),
    )


def _refined(step: Step, node: Node) -> Step:
    """Return one of several steps with the fields that override those of its case."""
    given = members(node)
    compare = if_given(given, "compare", text)
    return replace(
        step,
        compare=CompareLevel(compare) if compare else None,
        rules=tuple(rules_of(given.get("rules"))),
        timeout_ms=if_given(given, "timeout_ms", whole),
        sign=if_given(given, "sign", text),
    )
