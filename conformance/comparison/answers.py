"""Two answers of one step, held against each other at the level that the case asks for."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from conformance.comparison.body import Body, read_body
from conformance.comparison.difference import DIFFERS, Difference, excerpt
from conformance.comparison.header_differences import ABSENT, PRESENT, HeaderFacts, header_differences, read_header
from conformance.comparison.idioms.catalogue import TEXT_VS_JSON
from conformance.comparison.lossless_json import canonical
from conformance.comparison.walk import Walk
from conformance.model.case import CompareLevel, Rule
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.observation import Answer

_FIRST_ERROR_STATUS: Final = 400
_SUCCESS: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class ReadAnswer:
    """An answer with its header and body read once, however often it is compared; equal to itself only."""

    answer: Answer
    header: HeaderFacts
    body: Body


@dataclass(slots=True)
class AnswerComparison:
    """The differences of two answers, and how often each rule was needed."""

    differences: tuple[Difference, ...]
    rule_hits: Counter[Rule] = field(default_factory=Counter)


def read_answer(answer: Answer) -> ReadAnswer:
    """Read an answer's header and body."""
    header = read_header(answer)
    media = header.of("content-type")
    return ReadAnswer(answer, header, read_body(answer.body, None if media == ABSENT else media))


def compare_answers(a: ReadAnswer, b: ReadAnswer, level: CompareLevel, rules: tuple[Rule, ...]) -> AnswerComparison:
    """Compare two answers.

    Where the statuses differ, nothing further is compared unless both are successes: two different errors, or an error
    and a success, differ in everything for one reason already told.
    """
    found: list[Difference] = []
    if a.answer.status != b.answer.status:
        found.append(_status_difference(a.answer, b.answer))
        if {a.answer.status // 100, b.answer.status // 100} != {_SUCCESS}:
            return AnswerComparison(tuple(found))
    if level is CompareLevel.STATUS:
        return AnswerComparison(tuple(found))
    found.extend(header_differences(a.header, b.header, level))
    found.extend(_note_differences(a, b))
    if a.body.kind != b.body.kind:
        body = _kind_difference(a, b)
        if body.idiom is not None:
            found = [difference for difference in found if not difference.path.startswith("content-type")]
        return AnswerComparison((*found, body))
    if a.body.kind != "JSON":
        found.extend(_text_difference(a.body, b.body, level))
        return AnswerComparison(tuple(found))
    walk = Walk(level, rules)
    if a.body.raw != b.body.raw and canonical(a.body.value) != canonical(b.body.value):
        walk.compare(a.body.value, b.body.value)
    return AnswerComparison((*found, *walk.differences), walk.rule_hits)


def _status_difference(a: Answer, b: Answer) -> Difference:
    return Difference(
        kind=DifferenceKind.STATUS,
        facet=Facet.STATUS,
        path="status",
        a_fact=str(a.status),
        b_fact=str(b.status),
        a_example=f"{a.status} {excerpt(a.reason)}",
        b_example=f"{b.status} {excerpt(b.reason)}",
    )


def _note_differences(a: ReadAnswer, b: ReadAnswer) -> list[Difference]:
    """Compare what was odd about either answer, as if it were a header."""
    first, second = set(a.answer.notes + a.body.notes), set(b.answer.notes + b.body.notes)
    return [
        Difference(
            kind=DifferenceKind.NOTE,
            facet=Facet.HEADERS,
            path=note,
            a_fact=PRESENT if note in first else ABSENT,
            b_fact=PRESENT if note in second else ABSENT,
        )
        for note in sorted(first ^ second)
    ]


def _kind_difference(a: ReadAnswer, b: ReadAnswer) -> Difference:
    errors = min(a.answer.status, b.answer.status) >= _FIRST_ERROR_STATUS
    return Difference(
        kind=DifferenceKind.BODY_KIND,
        facet=Facet.SHAPE,
        path="$",
        a_fact=a.body.kind,
        b_fact=b.body.kind,
        a_example=_shown(a.body),
        b_example=_shown(b.body),
        idiom=TEXT_VS_JSON if errors and {a.body.kind, b.body.kind} == {"JSON", "text"} else None,
    )


def _text_difference(a: Body, b: Body, level: CompareLevel) -> list[Difference]:
    if level is not CompareLevel.VALUE or a.raw == b.raw:
        return []
    difference = Difference(
        kind=DifferenceKind.TEXT,
        facet=Facet.VALUE,
        path="$",
        a_fact=DIFFERS,
        b_fact=DIFFERS,
        a_example=_shown(a),
        b_example=_shown(b),
    )
    return [difference]


def _shown(body: Body) -> str:
    return excerpt(body.raw.decode("utf-8", "backslashreplace"))
