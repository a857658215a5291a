"""Suite files: the grammar of `suite:` documents and the cases that one file holds.

The source of the grammar is the table below; `docs/suites.md` explains it to authors.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from conformance.errors import BadFileError, Place, Problem
from conformance.model.case import Case, CompareLevel, Expectation, NumberPolicy, Rule, Step
from conformance.model.request import Request
from conformance.suites.document import Node, items, members, read_document, text
from conformance.suites.fields import AnyValue, Choice, Field, ListOf, OneOrMany, Table, Text, Whole, check
from conformance.suites.json_text import json_bytes
from conformance.suites.rule_fields import RULES, rule_problems, rules_of
from conformance.suites.substitution import check_text, literal, literal_tree

DEFAULT_TIMEOUT_MS: Final = 10_000

TAG = Text(pattern=r"[a-z0-9][a-z0-9._-]{0,62}", meaning="a short lower-case word")
TARGET = Text(pattern=r"(?:/[!-~]*|\*)", meaning="a path from '/', percent-encoded, without spaces")
STATUS = Whole(least=100, most=999)
HEADER_VALUE = Text(pattern=r"[\t -~\x80-\xff]*", meaning="header text of one line")

REQUEST = Table(
    fields={
        "json": Field(spec=AnyValue(), says="the body as JSON; sets content-type: application/json unless headers do"),
        "raw": Field(spec=Text(), says="the body as text, sent as UTF-8 exactly as written"),
        "headers": Field(
            spec=Table(keyed=(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", "header names", OneOrMany(item=HEADER_VALUE))),
            says="header fields in this order and spelling; a list sends a field several times",
        ),
    },
    keyed=(r"[A-Z][A-Z0-9_-]*", "a method such as GET or POST", TARGET),
    one_of=("keyed",),
    at_most_one_of=("json", "raw"),
)
EXPECT = Table(fields={"status": Field(spec=OneOrMany(item=STATUS), says="the status, or a list of those allowed")})
STEP = Table(
    fields={
        "request": Field(spec=REQUEST, required=True, says="what is sent to every runtime"),
        "expect": Field(spec=EXPECT, says="what every runtime must answer, whatever the others say"),
    }
)
_SHARED = {
    "compare": Field(
        spec=Choice(options=tuple(level.value for level in CompareLevel)), says="how much of two answers must agree"
    ),
    "numbers": Field(
        spec=Choice(options=tuple(policy.value for policy in NumberPolicy)),
        says="whether numbers are equal by value, the default, or only as spelled",
    ),
    "rules": RULES,
    "tags": Field(spec=ListOf(item=TAG), says="words to select by"),
    "requires": Field(spec=ListOf(item=TAG), says="what a runtime must support to be asked"),
    "timeout_ms": Field(
        spec=Whole(least=1, most=600_000),
        says="the budget of one whole exchange, of which half may pass without a byte",
    ),
}
CASE = Table(
    fields={
        "name": Field(
            spec=Text(pattern=r"[a-z0-9]+(?:-[a-z0-9]+)*", meaning="lower-case words joined by '-'"),
            required=True,
            says="the name, unique in the suite and never reused",
        ),
        "request": Field(spec=REQUEST, says="what is sent to every runtime"),
        "expect": STEP.fields["expect"],
        "steps": Field(spec=ListOf(item=STEP, least=1), says="several exchanges in order, instead of one request"),
        **_SHARED,
    },
    one_of=("request", "steps"),
    at_most_one_of=("expect", "steps"),
)
SUITE = Table(
    fields={
        "suite": Field(
            spec=Text(pattern=r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*", meaning="an id such as area/topic"),
            required=True,
            says="the id that starts every case id",
        ),
        "against": Field(spec=TAG, says="the label of the runtimes to ask; without it all are asked"),
        "cases": Field(spec=ListOf(item=CASE, least=1), required=True, says="the cases"),
        **_SHARED,
    }
)


def read_suite(file: Path, shown_as: str | None = None) -> tuple[Case, ...]:
    """Read the cases of one suite file; raises BadFileError with all that is wrong in it."""
    root = read_document(file, shown_as)
    return cases_of(root)


def cases_of(root: Node) -> tuple[Case, ...]:
    """Turn a checked document into cases."""
    problems = list(check(SUITE, root)) or list(_meaning_problems(root))
    if problems:
        raise BadFileError(problems)
    suite = members(root)
    shared = _Settings().refined_by(root)
    return tuple(_case(text(suite["suite"]), suite.get("against"), shared, item) for item in items(suite["cases"]))


def _meaning_problems(root: Node) -> Iterator[Problem]:
    """Yield what a field table cannot say: repeated names, unreadable paths, unknown substitutions."""
    seen: dict[str, Place] = {}
    suite = members(root)
    for item in items(suite["cases"]):
        name = members(item)["name"]
        first = seen.setdefault(text(name), name.place)
        if first is not name.place:
            yield Problem(name.place, f"case {text(name)!r} is already at line {first.line}")
    for holder in (root, *items(suite["cases"])):
        yield from rule_problems(members(holder).get("rules"))
    yield from check_text(suite["cases"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """What a suite and a case may both say: the case's word counts, its rules and tags are added to the suite's."""

    compare: CompareLevel = CompareLevel.SHAPE
    numbers: NumberPolicy = NumberPolicy.VALUE
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    rules: tuple[Rule, ...] = ()
    tags: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()

    def refined_by(self, node: Node) -> "_Settings":
        """Return these settings with what a suite or a case says added."""
        given = members(node)
        return _Settings(
            compare=CompareLevel(text(given["compare"])) if "compare" in given else self.compare,
            numbers=NumberPolicy(text(given["numbers"])) if "numbers" in given else self.numbers,
            timeout_ms=int(text(given["timeout_ms"])) if "timeout_ms" in given else self.timeout_ms,
            rules=(*self.rules, *rules_of(given.get("rules"))),
            tags=self.tags | _words(given.get("tags")),
            requires=self.requires | _words(given.get("requires")),
        )


def _case(suite: str, against: Node | None, inherited: _Settings, node: Node) -> Case:
    given = members(node)
    settings = inherited.refined_by(node)
    steps = tuple(map(_step, items(given["steps"]))) if "steps" in given else (_step(node),)
    return Case(
        suite=suite,
        name=text(given["name"]),
        place=node.place,
        steps=steps,
        against=text(against) if against else None,
        compare=settings.compare,
        numbers=settings.numbers,
        rules=settings.rules,
        tags=settings.tags,
        requires=settings.requires,
        timeout_ms=settings.timeout_ms,
    )


def _step(node: Node) -> Step:
    given = members(node)
    step = Step(request=_request(given["request"]))
    if "expect" not in given:
        return step
    status = members(given["expect"]).get("status")
    statuses = tuple(int(text(item)) for item in (items(status) or ((status,) if status else ())))
    return replace(step, expectation=Expectation(statuses=statuses))


def _request(node: Node) -> Request:
    given = members(node)
    method = next(name for name in given if name not in REQUEST.fields)
    headers = tuple(_headers(given.get("headers")))
    body: bytes | None = None
    if "raw" in given:
        body = literal(text(given["raw"])).encode("utf-8")
    elif "json" in given:
        body = json_bytes(literal_tree(given["json"]))
        if not any(name.lower() == "content-type" for name, _ in headers):
            headers = (*headers, ("content-type", "application/json"))
    return Request(method=method, target=literal(text(given[method])), headers=headers, body=body)


def _headers(node: Node | None) -> Iterator[tuple[str, str]]:
    for name, value in (members(node) if node else {}).items():
        for item in items(value) or (value,):
            yield name, literal(text(item))


def _words(node: Node | None) -> frozenset[str]:
    return frozenset(text(item) for item in items(node))
