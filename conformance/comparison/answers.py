"""Two answers of one step, held against each other at the level that the case asks for."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from conformance.comparison.body import Body, read_body
from conformance.comparison.difference import DIFFERS, Difference, excerpt, printable
from conformance.comparison.header_differences import ABSENT, PRESENT, HeaderFacts, header_differences, read_header
from conformance.comparison.identities import Aligned, Identities, align, align_text, shared
from conformance.comparison.idioms.catalogue import TEXT_VS_JSON
from conformance.comparison.lossless_json import canonical
from conformance.comparison.walk import Walk
from conformance.model.case import CompareLevel, Rule
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import render_path
from conformance.model.observation import Answer
from conformance.model.template import KnownName

_FIRST_ERROR_STATUS: Final = 400
_SUCCESS: Final = 2
_SEPARATORS: Final = re.compile(r"([/?&=#;:])")


@dataclass(frozen=True, slots=True, eq=False)
class ReadAnswer:
    """An answer with its header and body read once, however often it is compared; equal to itself only.

    `identities` are the runtime's names for values that identify things.
    """

    answer: Answer
    header: HeaderFacts
    body: Body
    identities: Mapping[str, KnownName] = field(default_factory=dict)


@dataclass(slots=True)
class AnswerComparison:
    """The differences of two answers, and how often each rule was needed."""

    differences: tuple[Difference, ...]
    rule_hits: Counter[Rule] = field(default_factory=Counter)


def read_answer(answer: Answer, names: Iterable[KnownName] = ()) -> ReadAnswer:
    """Read an answer's header and body, given what names stand for in the runtime's part of the case."""
    header = read_header(answer)
    media = header.of("content-type")
    body = read_body(answer.body, None if media == ABSENT else media)
    return ReadAnswer(answer, header, body, {known.name: known for known in names if known.identity})


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
    names = shared(a.identities, b.identities)
    header = (b.header, []) if names is None else _aligned_header(a.header, b.header, names)
    found.extend(header[1])
    found.extend(header_differences(a.header, header[0], level))
    found.extend(_note_differences(a, b))
    if a.body.kind != b.body.kind:
        body = _kind_difference(a, b)
        if body.idiom is not None:
            found = [difference for difference in found if not difference.path.startswith("content-type")]
        return AnswerComparison((*found, body))
    if a.body.kind != "JSON":
        found.extend(_text_difference(a.body, b.body, level, names))
        return AnswerComparison(tuple(found))
    walk = Walk(level, rules)
    if names is not None:
        aligned = align(a.body.value, b.body.value, names)
        if canonical(aligned.first) != canonical(aligned.second):
            walk.compare(aligned.first, aligned.second)
        return AnswerComparison((*found, *_with_identities(walk.differences, aligned)), walk.rule_hits)
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


def _aligned_header(
    a: HeaderFacts, b: HeaderFacts, names: tuple[Identities, Identities]
) -> tuple[HeaderFacts, list[Difference]]:
    """Return the second header with the Location's identities spelled as in the first, and those that are mixed up."""
    if a.location is None or b.location is None:
        return b, []
    aligned = align(_SEPARATORS.split(a.location), _SEPARATORS.split(b.location), names)
    mixed = [_identity_difference("location", each.first, each.second) for each in aligned.mixed]
    return replace(b, location="".join(aligned.second)), mixed


def _with_identities(differences: Iterable[Difference], aligned: Aligned) -> Iterator[Difference]:
    """Yield differences of value that are identities mixed up, or in another order, under that name."""
    mixed = {printable(render_path(each.path)): each for each in aligned.mixed}
    disordered = {printable(render_path(path)) for path in aligned.disordered}
    for path, each in mixed.items():
        yield _identity_difference(path, each.first, each.second)
    for difference in differences:
        if difference.kind is not DifferenceKind.VALUE or difference.path not in mixed.keys() | disordered:
            yield difference
        elif difference.path not in mixed:
            yield replace(difference, kind=DifferenceKind.IDENTITY)


def _identity_difference(path: str, a_shows: str, b_shows: str) -> Difference:
    return Difference(
        kind=DifferenceKind.IDENTITY,
        facet=Facet.VALUE,
        path=path,
        a_fact=a_shows,
        b_fact=b_shows,
        a_example=a_shows,
        b_example=b_shows,
        detail="one runtime shows another thing here than the other, by what the case captured or named",
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


def _text_difference(
    a: Body, b: Body, level: CompareLevel, names: tuple[Identities, Identities] | None
) -> list[Difference]:
    raw, mixed = b.raw, []
    if names is not None and a.kind == "text":
        text, found = align_text(a.raw.decode("utf-8"), b.raw.decode("utf-8"), names)
        raw, mixed = text.encode("utf-8"), [_identity_difference("$", each.first, each.second) for each in found]
    if mixed or level is not CompareLevel.VALUE or a.raw == raw:
        return mixed
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
