"""Suite files: the grammar of `suite:` documents, and the cases of a file.

The table below is the source of the grammar; `docs/suites.md` explains it to authors.
"""

from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

from msgspec.structs import replace

from conformance.errors import BadFileError, Place, Problem
from conformance.model.api_document import ApiDocument
from conformance.model.case import Case, NumberPolicy, Step, Variable
from conformance.suites.document import parse_document, source_bytes
from conformance.suites.expect_fields import STATUS_CODE
from conformance.suites.field_check import check
from conformance.suites.fields import Choice, Field, FieldTable, Flag, ListOf, OneOrMany, Text
from conformance.suites.matrix import MATRIX, Expanded, expand
from conformance.suites.nodes import (
    Mapping,
    Member,
    Node,
    Scalar,
    Sequence,
    is_true,
    items,
    members,
    text,
)
from conformance.suites.openapi_document import OPENAPI_FILE, api_document_of, openapi_problems
from conformance.suites.reading import Reading
from conformance.suites.request_defaults import FIELD_NAME, default_problems, defaults_of
from conformance.suites.request_fields import REQUEST
from conformance.suites.rule_fields import RULES, rule_problems
from conformance.suites.schema_fields import SCHEMA_FILE, schema_problems
from conformance.suites.sent_files import Files
from conformance.suites.sharing import INCLUDE, SHARED_FIELDS, NamedParts, with_included
from conformance.suites.step_fields import (
    BODY,
    CLEANUP_STEP,
    COMPARE,
    SETUP,
    SIGN,
    STEP,
    TIMEOUT_MS,
    setup_of,
    step_of,
    step_problems,
    steps_of,
)
from conformance.suites.suite_cache import SuiteEntry
from conformance.suites.suite_settings import SuiteSettings
from conformance.suites.value_fields import VARS, vars_problems
from conformance.suites.waiting_fields import NEEDS, WAITING

TAG = Text(pattern=r"[a-z0-9][a-z0-9._-]{0,62}", meaning="a short lower-case word")
SUITE_ID = Text(
    pattern=r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*", meaning="an id such as area/topic"
)

_SHARED = {
    "compare": COMPARE,
    "numbers": Field(
        spec=Choice(options=tuple(policy.value for policy in NumberPolicy)),
        says="whether numbers are equal by value, the default, or only as spelled",
    ),
    "headers": Field(
        spec=ListOf(item=Text(pattern=FIELD_NAME, meaning="the name of a header field")),
        says="header fields to compare in addition to the usual ones: presence at shape, values "
        "at value; * means every field except a documented list",
    ),
    "body": BODY,
    "rules": RULES,
    "schema": Field(
        spec=SCHEMA_FILE, says="the JSON Schema (2020-12) for the JSON of every answer"
    ),
    "tags": Field(spec=ListOf(item=TAG), says="words to select by"),
    "requires": Field(spec=ListOf(item=TAG), says="what a runtime must support to get the case"),
    "lacking": Field(
        spec=FieldTable(
            fields={
                "status": Field(
                    spec=OneOrMany(item=STATUS_CODE),
                    required=True,
                    says="the status, or a list of them",
                )
            }
        ),
        says="how a runtime that lacks what is required answers the first step: what it says is "
        "tested",
    ),
    "isolate": Field(
        spec=Choice(options=("names",)),
        says="a case touches only what ${fresh:…} names, so that cases may run at the same time",
    ),
    "timeout_ms": TIMEOUT_MS,
    "vars": VARS,
    "sign": SIGN,
    "cookies": Field(
        spec=Choice(options=("jar", "none")),
        says="jar: each runtime is sent back the cookies it has set in the case",
    ),
    "setup": SETUP,
}
CASE = FieldTable(
    fields={
        "name": Field(
            spec=Text(
                pattern=r"[a-z0-9]+(?:-[a-z0-9]+)*", meaning="lower-case words joined by '-'"
            ),
            required=True,
            says="the name, unique in the suite and never reused",
        ),
        "request": Field(spec=REQUEST, says="what is sent to every runtime"),
        "run": STEP.fields["run"],
        "capture": STEP.fields["capture"],
        "expect": STEP.fields["expect"],
        **WAITING,
        "pages": STEP.fields["pages"],
        "steps": Field(
            spec=ListOf(item=STEP, least=1),
            says="several exchanges in order, instead of one request",
        ),
        "cleanup": Field(
            spec=ListOf(item=CLEANUP_STEP),
            says="what is sent last, whatever happened, and is never compared",
        ),
        "matrix": Field(
            spec=MATRIX,
            says="values by name: one case for every combination, with ${name} filled in",
        ),
        **_SHARED,
    },
    one_of=("request", "run", "steps"),
    needs={"expect": ("request", "run"), "capture": "request", "pages": "request", **NEEDS},
)
SUITE = FieldTable(
    fields={
        "suite": Field(spec=SUITE_ID, required=True, says="the id that starts every case id"),
        "against": Field(
            spec=TAG, says="the label of the runtimes to ask; without it all are asked"
        ),
        "include": INCLUDE,
        **SHARED_FIELDS,
        "openapi": Field(
            spec=OPENAPI_FILE,
            says="the OpenAPI document of the service: operations that no case asks are reported",
        ),
        "parallel": Field(
            spec=Flag(),
            says="true: with --jobs its cases, in order, may run beside other suites",
        ),
        "cases": Field(spec=ListOf(item=CASE, least=1), required=True, says="the cases"),
        **_SHARED,
    }
)


def read_suite(file: Path, shown_as: str | None = None) -> tuple[Case, ...]:
    """Return the cases of a suite file; raise BadFileError with all its problems."""
    name = shown_as or str(file)
    raw = source_bytes(file, name)
    files = Files(file.parent)
    entry = SuiteEntry(raw, name, files)
    cases = entry.cases()
    if cases is None:
        cases = _cases(parse_document(raw, name), files)
        entry.keep(cases)
    return cases


def cases_of(root: Node, folder: Path = Path()) -> tuple[Case, ...]:
    """Return the cases of a document; paths in it are relative to `folder`."""
    return _cases(root, Files(folder))


def _cases(root: Node, files: Files) -> tuple[Case, ...]:
    root, expanded = filled_in(with_included(root, files))
    problems = list(check(SUITE, root))
    if problems:
        raise BadFileError([*problems, *_repeated_names(expanded)])
    suite = members(root)
    reading = Reading(
        files=files,
        variables=frozenset(map(text, items(suite.get("env")))),
        defaults=defaults_of(suite.get("request")),
        setup=items(suite.get("setup")),
        vars=frozenset(members(suite.get("vars"))),
    )
    problems = list(_meaning_problems(root, expanded, reading))
    if problems:
        raise BadFileError(problems)
    shared = SuiteSettings().refined_by(root, reading.files)
    named = members(root).get("openapi")
    api = None if named is None else api_document_of(named, reading.files)
    return tuple(_case(root, shared, each, reading, api) for each in expanded)


def filled_in(root: Node) -> tuple[Node, tuple[Expanded, ...]]:
    """Return a document with each matrix and `use` filled in, and its cases."""
    named = NamedParts(root)
    expanded = expand(members(root).get("cases"))
    filled = tuple(replace(each, node=named.filled_in(each.node)) for each in expanded)
    root = named.filled_in(root)
    cases = root.members.get("cases") if isinstance(root, Mapping) else None
    # A root or cases of another form are refused by the check of the suite
    if not isinstance(root, Mapping) or cases is None or not isinstance(cases.node, Sequence):
        return root, filled
    written = Sequence(cases.node.place, tuple(map(attrgetter("node"), filled)))
    together = {**root.members, "cases": Member(cases.key_place, written)}
    return Mapping(root.place, together), filled


def _meaning_problems(
    root: Node, expanded: tuple[Expanded, ...], reading: Reading
) -> Iterator[Problem]:
    """Yield the problems that a field table cannot express.

    They are repeated names, unreadable paths and unknown substitutions.
    """
    suite = members(root)
    named = NamedParts(root)
    holders = (root, *map(attrgetter("node"), expanded))
    yield from _repeated_names(expanded)
    for holder in holders:
        yield from named.problems(holder)
    yield from vars_problems(suite.get("vars"))
    yield from default_problems(suite.get("request"))
    for holder in holders:
        yield from rule_problems(members(holder).get("rules"))
        yield from schema_problems(members(holder).get("schema"), reading.files)
    yield from openapi_problems(suite.get("openapi"), reading.files)
    # Fresh names are known only where a case isolates itself
    isolated = replace(reading, isolated=True)
    for each in expanded:
        given = members(each.node)
        is_isolated = _isolated(root) or "isolate" in given
        yield from step_problems(each.node, isolated if is_isolated else reading)
        has_requires = "requires" in suite or "requires" in given
        if "lacking" in given and not has_requires:
            yield Problem(given["lacking"].place, "field 'lacking' goes with 'requires' only")


def _repeated_names(expanded: tuple[Expanded, ...]) -> Iterator[Problem]:
    """Yield each repeated name; a case without one is refused by the check of the suite."""
    seen: dict[str, Place] = {}
    for each in expanded:
        name = members(each.node).get("name")
        if not isinstance(name, Scalar):
            continue
        known_as = text(name) + each.suffix
        if known_as in seen:
            yield Problem(name.place, f"case {known_as!r} is already at line {seen[known_as].line}")
        seen.setdefault(known_as, name.place)


def _case(
    root: Node,
    inherited: SuiteSettings,
    expanded: Expanded,
    reading: Reading,
    api: ApiDocument | None,
) -> Case:
    suite, node = members(root), expanded.node
    given = members(node)
    settings = inherited.refined_by(node, reading.files)
    setup, steps = (
        _read_as(settings.body, steps)
        for steps in (setup_of(node, reading), steps_of(node, reading))
    )
    return Case(
        suite=text(suite["suite"]),
        name=text(given["name"]) + expanded.suffix,
        place=node.place,
        steps=steps,
        against=text(suite["against"]) if "against" in suite else None,
        compare=settings.compare,
        numbers=settings.numbers,
        headers=tuple(sorted({name.lower() for name in settings.headers})),
        rules=settings.rules,
        tags=settings.tags,
        requires=settings.requires,
        lacking=settings.lacking,
        isolated=_isolated(root)
        or _isolated(node)
        or steps[0].run is not None,  # a command has a folder of its own
        parallel=is_true(suite.get("parallel")),
        setup=setup,
        cleanup=tuple(step_of(step, reading) for step in items(given.get("cleanup"))),
        variables=tuple(
            Variable(name=text(name), place=name.place) for name in items(suite.get("env"))
        ),
        vars=tuple(settings.vars.values()),
        cookies=settings.cookies,
        sign=settings.sign,
        schema=settings.schema,
        api=api,
        timeout_ms=settings.timeout_ms,
    )


def _read_as(body: str, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return steps with a kind of body for their answers; a step with its own kind keeps it."""
    if not body:
        return steps
    return tuple(replace(step, body=step.body or body) for step in steps)


def _isolated(node: Node) -> bool:
    return isinstance(node, Mapping) and "isolate" in node.members
