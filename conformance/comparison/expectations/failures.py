"""The first oracle: what a case itself demands, asked of every answer whatever the others say.

If the status is not the expected one, the rest of the answer is not checked: one failure gives one
reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice, product
from typing import Final

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.reading import read_body_of
from conformance.comparison.difference import excerpt, printable
from conformance.comparison.expectations.matching import Mismatch, describe, mismatches
from conformance.comparison.expectations.schemas import schema_mismatches
from conformance.model.case import Case, step_name
from conformance.model.expectation import Expectation, JsonSchema, Matcher
from conformance.model.json_path import render_path
from conformance.model.observation import Answer, Cell
from conformance.model.template import KnownName
from conformance.model.verdict import ExpectationFailure

MAX_FAILURES: Final = 20
"""How many failures of one answer are reported; the rest have most often the same cause."""


def expectation_failures(case: Case, cells: Sequence[Cell]) -> Iterator[ExpectationFailure]:
    """Yield every answer that its step does not accept, and every conversation at a dead end.

    An answer is not accepted where it is not what its step demands.
    """
    # A conversation may end in its setup, before the first step
    for cell in cells:
        yield from _dead_end_at(_SETUP, cell)
    for index, cell in product(range(len(case.steps)), cells):
        yield from islice(_failures_at(index, case, cell), MAX_FAILURES)
        yield from _dead_end_at(index, cell)


def _failures_at(index: int, case: Case, cell: Cell) -> Iterator[ExpectationFailure]:
    """Yield where a runtime's answer to a step is not what the step or the case demands."""
    step = case.steps[index]
    answer = cell.observations[index]
    is_demanded = step.expectation or case.schema
    if not is_demanded or not isinstance(answer, Answer):
        return
    known = {each.name: each for each in cell.names}
    for wrong in _wrong(step.expectation, step.body, case.schema, answer, known):
        where, wanted, got = map(printable, map(excerpt, wrong))
        yield ExpectationFailure(
            step=index,
            runtime=cell.runtime,
            where=where,
            wanted=wanted,
            got=got,
        )


def first_mismatch(
    expected: Expectation, answer: Answer, declared: str, known: Mapping[str, KnownName]
) -> tuple[str, str, str] | None:
    """Return the first place where an answer is not as expected, or None.

    The expected and the actual value there come with it.

    `declared` is the kind that the body is read as, if any.
    """
    return next(_wrong(expected, declared, None, answer, known), None)


def _dead_end_at(index: int, cell: Cell) -> Iterator[ExpectationFailure]:
    """Yield the dead end of a conversation, if it ends at a step or in its setup."""
    end = cell.dead_end
    if end is None or max(end.step, _SETUP) != index:
        return
    is_a_step = end.name == step_name(end.step)
    yield ExpectationFailure(
        step=end.step,
        runtime=cell.runtime,
        where=end.name if is_a_step else f"'{end.name}'",
        wanted=printable(end.wanted),
        got=printable(excerpt(end.got)),
        dead_end=True,
    )


_SETUP: Final = -1
"""The index of the last step of a setup; those before it have lower ones."""
_Wrong = tuple[str, str, str]
"""Where, what was wanted, what came."""
_NO_DEMANDS: Final = (None, None, None, None)
"""Of a body: nothing that is wanted in it, and no schema."""


def _wrong(
    expected: Expectation,
    declared: str,
    schema: JsonSchema | None,
    answer: Answer,
    known: Mapping[str, KnownName],
) -> Iterator[_Wrong]:
    if not expected.accepts_status(answer.status):
        wanted = " or ".join(expected.statuses)
        yield "status", f"status {wanted}", str(answer.status)
        return
    yield from _wrong_fields(expected, answer, known)
    # To read a body takes time: only where something of it is demanded
    if (expected.body, expected.json, expected.notes, schema) == _NO_DEMANDS:
        return
    body = read_body_of(answer, declared)
    yield from _wrong_notes(expected, answer, body)
    if expected.body is not None:
        for mismatch in mismatches(expected.body, body.as_text, known):
            yield "the body", mismatch.wanted, mismatch.got
    is_value_demanded = expected.json is not None or schema is not None
    if is_value_demanded:
        yield from _wrong_value(expected.json, schema, body, known)


def _wrong_fields(
    expected: Expectation, answer: Answer, known: Mapping[str, KnownName]
) -> Iterator[_Wrong]:
    for name, matcher in expected.headers:
        value = answer.header(name)
        for mismatch in mismatches(matcher, value, known):
            got = "no such field" if value is None else mismatch.got
            yield f"header {name}", mismatch.wanted, got


def _wrong_notes(expected: Expectation, answer: Answer, body: Body) -> Iterator[_Wrong]:
    if expected.notes is None:
        return
    notes = tuple(sorted({*answer.notes, *body.notes}))
    if expected.notes == notes:
        return
    demanded = ", ".join(expected.notes)
    wanted = f"the notes {demanded}" if demanded else "no notes"
    yield "notes", wanted, ", ".join(notes) or "none"


def _wrong_value(
    matcher: Matcher | None, schema: JsonSchema | None, body: Body, known: Mapping[str, KnownName]
) -> Iterator[_Wrong]:
    """Yield where a body, read by its kind, is not what is wanted."""
    if not body.structured:
        wanted = "JSON" if matcher is None else describe(matcher, known)
        yield "$", wanted, body.without_value
        return
    found: list[Iterator[Mismatch]] = []
    if matcher is not None:
        found.append(mismatches(matcher, body.value, known))
    if schema is not None:
        found.append(schema_mismatches(schema, body.value))
    for mismatch in chain.from_iterable(found):
        yield render_path(mismatch.path), mismatch.wanted, mismatch.got
