"""The first oracle: check each answer against the expectations of its case.

What the runtimes agree on does not matter here.  If the status is not an expected one, the rest of
the answer is not checked: one cause gives one failure.
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
"""The most failures reported per answer; further ones most often have the same cause."""


def expectation_failures(case: Case, cells: Sequence[Cell]) -> Iterator[ExpectationFailure]:
    """Yield a failure wherever an answer or a conversation does not meet its case's expectations.

    A conversation fails where it ends early: its dead end is a failure too.  At most MAX_FAILURES
    are yielded per answer.
    """
    # A conversation may already end in its setup
    for cell in cells:
        yield from _dead_end_at(_SETUP, cell)
    for index, cell in product(range(len(case.steps)), cells):
        yield from islice(_failures_at(index, case, cell), MAX_FAILURES)
        yield from _dead_end_at(index, cell)


def _failures_at(index: int, case: Case, cell: Cell) -> Iterator[ExpectationFailure]:
    """Yield where a runtime's answer fails the expectation of its step or the case's schema."""
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
    """Return where an answer first fails an expectation, with the wanted and the actual value.

    All three are texts for a report.  Return None if the answer meets the expectation.  `declared`
    is the kind of body that the suite declares, or empty; `known` are the names that are filled in.
    """
    return next(_wrong(expected, declared, None, answer, known), None)


def _dead_end_at(index: int, cell: Cell) -> Iterator[ExpectationFailure]:
    """Yield the conversation's dead end if it lies at the step with this index.

    The index `_SETUP` covers every step of the setup.
    """
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
"""The index of the last setup step; earlier setup steps have lower indexes."""
_Wrong = tuple[str, str, str]
"""Where an answer is wrong, what was wanted there, and what came."""
_NO_DEMANDS: Final = (None, None, None, None)
"""No expectation for body, JSON or notes, and no schema: then the body need not be read."""


def _wrong(
    expected: Expectation,
    declared: str,
    schema: JsonSchema | None,
    answer: Answer,
    known: Mapping[str, KnownName],
) -> Iterator[_Wrong]:
    """Yield where an answer fails an expectation or a schema: status first, then the rest."""
    if not expected.accepts_status(answer.status):
        wanted = " or ".join(expected.statuses)
        yield "status", f"status {wanted}", str(answer.status)
        return
    yield from _wrong_fields(expected, answer, known)
    # Reading a body takes time, so it is read only if an expectation needs it
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
    """Yield where the header fields are not as expected."""
    for name, matcher in expected.headers:
        value = answer.header(name)
        for mismatch in mismatches(matcher, value, known):
            got = "no such field" if value is None else mismatch.got
            yield f"header {name}", mismatch.wanted, got


def _wrong_notes(expected: Expectation, answer: Answer, body: Body) -> Iterator[_Wrong]:
    """Yield a failure if the notes on the answer and its body are not exactly the expected ones."""
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
    """Yield the paths at which a body's value fails a matcher or a schema.

    A body without structure has no value: it fails as a whole.
    """
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
