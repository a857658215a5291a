"""The grammar of steps: a request, what its answer must be, what is captured from it, and which names are known.

A name is known from the step after the one that captures it.  `${env:NAME}` reads a variable that the suite declares;
`${fresh:name}` is made by the harness for cases that isolate themselves by names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from conformance.errors import Problem
from conformance.model.case import BODY_KINDS, FRESH, Capture, Step, Until
from conformance.model.json_path import Wildcard, parse_path
from conformance.suites.document import Mapping, Node, is_true, items, members, shown, text
from conformance.suites.expect_fields import EXPECT, expectation_of, expectation_problems, pattern_problems
from conformance.suites.fields import Choice, Either, Field, Flag, Table, Text, Whole, suggestion
from conformance.suites.matrix import NAME
from conformance.suites.request_fields import FIELD_NAME, REQUEST, Files, body_problems, request_of, slotted
from conformance.suites.run_fields import RUN, run_of, run_problems
from conformance.suites.substitution import check_text, literal, references_below

VARIABLE: Final = "env:"
ROW: Final = "row:"
PATH = Text(pattern=r"(?s)\$.*", meaning="a path from '$'")
BODY = Field(
    spec=Choice(options=BODY_KINDS), says="what the answer's body is read as, whatever its label; a step's word counts"
)
UNTIL = Field(
    spec=Table(
        fields={
            "events": Field(spec=Whole(least=1, most=1_000_000), says="so many events, or lines, are read"),
            "match": Field(spec=Text(), says="the last event that is read is one in which this pattern (RE2) is found"),
            "within_ms": Field(spec=Whole(least=1, most=600_000), says="what came whole in this time is read"),
        },
        one_of=("events", "match", "within_ms"),
    ),
    says="where an answer that need not end is cut, so that what came is compared",
)
TIMING = Field(spec=Flag(), says="true: keep when the parts of the answer came, and see whether all came at the end")
CAPTURE = Table(
    fields={
        "path": Field(spec=PATH, says="a JSON path of names and indexes into the body"),
        "header": Field(spec=Text(pattern=FIELD_NAME, meaning="a header name"), says="a header field"),
        "regex": Field(spec=Text(), says="a pattern (RE2) for the body as text: its first group, or all that it finds"),
        "identity": Field(
            spec=Text(pattern=NAME, meaning="a lower-case word"),
            says="the kind of thing it identifies: each runtime has its own, compared by what they stand for",
        ),
    },
    one_of=("path", "header", "regex"),
)
STEP = Table(
    fields={
        "request": Field(spec=REQUEST, says="what is sent to every runtime"),
        "run": Field(spec=RUN, says="what a batch runtime is given, to be judged by its exit code and files"),
        "capture": Field(
            spec=Table(keyed=(NAME, "names of captures", Either(options=(PATH, CAPTURE)))),
            says="names for values of the answer, each a path or an object; later steps write ${name}",
        ),
        "expect": Field(spec=EXPECT, says="what every runtime must answer, whatever the others say"),
        "body": BODY,
        "until": UNTIL,
        "timing": TIMING,
    },
    one_of=("request", "run"),
    needs={"capture": "request", "until": "request", "timing": "request"},
)
CLEANUP_STEP = Table(fields={"request": replace(STEP.fields["request"], required=True)})
STEP_FIELDS: Final = frozenset({"request", "run", "capture", "expect", "body", "until", "timing", "steps", "cleanup"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the steps of a case may draw on: files, declared variables, fresh names, and members of rows."""

    files: Files
    variables: frozenset[str]
    isolated: bool = False
    has_rows: bool = False

    def unknown(self, name: str, captured: dict[str, int], *, secrets: bool = True) -> str | None:
        """Return why nothing will stand for a name, or None."""
        if name.startswith(FRESH) and re.fullmatch(NAME, name.removeprefix(FRESH)):
            return None if self.isolated else f"a fresh name such as {shown(name)} needs `isolate: names`"
        if name.startswith(ROW) and self.has_rows:
            return None
        if name.startswith(VARIABLE) and name.removeprefix(VARIABLE) in self.variables:
            return None if secrets else "a secret is not compared with anything"
        if name in captured:
            return None
        if name.startswith(VARIABLE):
            return f"nothing is named {shown(name)} here; declare it: `env: [{name.removeprefix(VARIABLE)}]`"
        meant = suggestion(name, list(captured)) or "; write $${ if the text itself is meant"
        return f"nothing is named {shown(name)} here{meant}"


def step_problems(case: Node, reading: Reading) -> Iterator[Problem]:
    """Yield what is wrong with the steps of a checked case beyond its tables."""
    captured: dict[str, int] = {}
    given = members(case)
    for name, value in given.items():
        if name not in STEP_FIELDS:
            yield from check_text(value)
    for number, step in enumerate(items(given["steps"]) if "steps" in given else (case,), start=1):
        yield from _asking_problems(members(step), reading, captured)
        yield from pattern_problems(members(members(step).get("until")).get("match"))
        yield from _capture_problems(members(step).get("capture"), captured, number)
        yield from expectation_problems(
            members(step).get("expect"), lambda name: reading.unknown(name, captured, secrets=False)
        )
    if len({"run" in members(step) for step in items(given.get("steps"))}) > 1:
        yield Problem(given["steps"].place, "a case is for services or for commands: requests and runs do not mix")
    for step in items(given.get("cleanup")):
        yield from _request_problems(members(step)["request"], reading, captured)


def _asking_problems(given: dict[str, Node], reading: Reading, captured: dict[str, int]) -> Iterator[Problem]:
    """Yield what is wrong with what a step asks, and with an expectation of the other kind of answer."""
    expected = members(given.get("expect"))
    if "run" in given:
        yield from check_text(given["run"])
        yield from run_problems(given["run"], reading.files)
    else:
        yield from _request_problems(given["request"], reading, captured)
    for name, kind in (("exit", "run"), ("status", "request")):
        if name in expected and kind not in given:
            yield Problem(expected[name].place, f"field {name!r} goes with {kind!r} only")


def _request_problems(node: Node, reading: Reading, captured: dict[str, int]) -> Iterator[Problem]:
    yield from body_problems(node, reading.files)
    for part, filled_in in slotted(node):
        if not filled_in:
            yield from check_text(part)
            continue
        for place, name in references_below(part):
            if (wrong := reading.unknown(name, captured)) is not None:
                yield Problem(place, wrong)


def _capture_problems(node: Node | None, captured: dict[str, int], number: int) -> Iterator[Problem]:
    for name, member in (node.members if isinstance(node, Mapping) else {}).items():
        if name in captured:
            yield Problem(member.key_place, f"{name!r} is already captured by step {captured[name]}")
        captured.setdefault(name, number)
        path = members(member.node).get("path", member.node if text(member.node) else None)
        yield from _path_problems(path) if path is not None and "regex" not in members(member.node) else ()
        yield from pattern_problems(members(member.node).get("regex"))


def _path_problems(node: Node) -> Iterator[Problem]:
    try:
        path = parse_path(text(node))
    except ValueError as error:
        yield Problem(node.place, str(error))
    else:
        if any(isinstance(segment, Wildcard) for segment in path):
            yield Problem(node.place, f"{shown(text(node))} may mean several values; a capture takes one, as [0] does")


def steps_of(case: Node, files: Files) -> tuple[Step, ...]:
    """Return the steps of a checked case."""
    given = members(case)
    return tuple(step_of(step, files) for step in (items(given["steps"]) if "steps" in given else (case,)))


def step_of(node: Node, files: Files) -> Step:
    """Return one checked step."""
    given = members(node)
    if "run" in given:
        asked, run = run_of(given["run"], files)
        return Step(request=asked, run=run, expectation=expectation_of(given.get("expect")))
    request, template = request_of(given["request"], files)
    captures = (_capture(name, value) for name, value in members(given.get("capture")).items())
    return Step(
        body=text(given["body"]) if "body" in given else "",
        until=_until(given["until"]) if "until" in given else None,
        timing=is_true(given.get("timing")),
        request=request,
        template=template,
        captures=tuple(captures),
        expectation=expectation_of(given.get("expect")),
    )


def _until(node: Node) -> Until:
    given = members(node)
    return Until(
        events=int(text(given["events"])) if "events" in given else None,
        match=literal(text(given["match"])) if "match" in given else None,
        within_ms=int(text(given["within_ms"])) if "within_ms" in given else None,
    )


def _capture(name: str, node: Node) -> Capture:
    given = members(node)
    path = text(given["path"]) if "path" in given else text(node)
    return Capture(
        name=name,
        path=parse_path(path) if path else None,
        header=text(given["header"]) if "header" in given else None,
        regex=literal(text(given["regex"])) if "regex" in given else None,
        identity=text(given["identity"]) if "identity" in given else None,
    )
