"""The first oracle: what a case itself demands, asked of every answer whatever the others say.

If the status is not the expected one, the rest of the answer is not checked: one failure gives one
reason.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.reading import read_body_of
from conformance.comparison.bodies.text import text_of
from conformance.comparison.difference import excerpt, printable
from conformance.comparison.expectations.matching import describe, mismatches
from conformance.comparison.expectations.schemas import schema_mismatches
from conformance.comparison.values.lossless_json import NoJsonError, parse
from conformance.model.case import Case, step_name
from conformance.model.expectation import Expectation, JsonSchema, Matcher
from conformance.model.json_path import render_path
from conformance.model.observation import Answer, Cell, DeadEnd
from conformance.model.template import KnownName
from conformance.model.verdict import ExpectationFailure

MAX_FAILURES: Final = 20
"""How many failures of one answer are told; the rest have most often the same cause."""


def expectation_failures(case: Case, cells: Sequence[Cell]) -> Iterator[ExpectationFailure]:
    """Yield every answer that its step does not accept, and every conversation at a dead end.

    An answer is not accepted where it is not what its step demands.
    """
    yield from (
        _dead_end(cell, cell.dead_end) for cell in cells if cell.dead_end and cell.dead_end.step < 0
    )
    for index, step in enumerate(case.steps):
        for cell in cells:
            seen = cell.observations[index]
            if (step.expectation or case.schema) and isinstance(seen, Answer):
                known = {each.name: each for each in cell.names}
                wrong = _wrong(step.expectation, step.body, case.schema, seen, known)
                failures = (_failure(index, cell, found) for found in wrong)
                yield from itertools.islice(failures, MAX_FAILURES)
            end = cell.dead_end
            if end is not None and end.step == index:
                yield _dead_end(cell, end)


def first_mismatch(
    expected: Expectation, answer: Answer, declared: str, known: Mapping[str, KnownName]
) -> tuple[str, str, str] | None:
    """Return the first place where an answer is not as expected, or None.

    The expected and the actual value there come with it.

    `declared` is the kind that the body is read as, if any.
    """
    return next(_wrong(expected, declared, None, answer, known), None)


def _dead_end(cell: Cell, end: DeadEnd) -> ExpectationFailure:
    return ExpectationFailure(
        step=end.step,
        runtime=cell.runtime,
        where=end.name if end.name == step_name(end.step) else f"'{end.name}'",
        wanted=printable(end.wanted),
        got=printable(excerpt(end.got)),
        dead_end=True,
    )


_Wrong = tuple[str, str, str]
"""Where, what was wanted, what came."""


def _failure(step: int, cell: Cell, wrong: _Wrong) -> ExpectationFailure:
    where, wanted, got = (printable(excerpt(text)) for text in wrong)
    return ExpectationFailure(step=step, runtime=cell.runtime, where=where, wanted=wanted, got=got)


def _wrong(
    expected: Expectation,
    declared: str,
    schema: JsonSchema | None,
    answer: Answer,
    known: Mapping[str, KnownName],
) -> Iterator[_Wrong]:
    if not expected.accepts_status(answer.status):
        yield "status", "status " + " or ".join(expected.statuses), str(answer.status)
        return
    for name, matcher in expected.headers:
        for found in mismatches(matcher, answer.header(name), known):
            yield (
                f"header {name}",
                found.wanted,
                found.got if answer.header(name) is not None else "no such field",
            )
    if (
        expected.body is None
        and expected.json is None
        and expected.notes is None
        and schema is None
    ):
        return
    body = read_body_of(answer, declared)
    noted = tuple(sorted({*answer.notes, *body.notes}))
    if expected.notes is not None and noted != expected.notes:
        wanted = f"the notes {', '.join(expected.notes)}" if expected.notes else "no notes"
        yield "notes", wanted, ", ".join(noted) or "none"
    if expected.body is not None:
        for found in mismatches(expected.body, text_of(body.raw, body.text), known):
            yield "the body", found.wanted, found.got
    if expected.json is not None or schema is not None:
        yield from _wrong_value(expected.json, schema, body, known)


def _wrong_value(
    matcher: Matcher | None, schema: JsonSchema | None, body: Body, known: Mapping[str, KnownName]
) -> Iterator[_Wrong]:
    """Yield where a body, read by its kind, is not what is wanted.

    One without structure is held to be JSON.
    """
    try:
        value = body.value if body.structured else parse(body.raw).value
    except NoJsonError as error:
        wanted = describe(matcher, known) if matcher is not None else "JSON"
        yield "$", wanted, f"a body that is no JSON: {error}" if body.raw else "no body"
        return
    if matcher is not None:
        for found in mismatches(matcher, value, known):
            yield render_path(found.path), found.wanted, found.got
    if schema is not None:
        for found in schema_mismatches(schema, value):
            yield render_path(found.path), found.wanted, found.got
