"""Two answers of one step, held against each other at the level that the case asks for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from conformance.comparison.answers.headers import HeaderFacts, header_differences, read_header
from conformance.comparison.answers.status import comparable, status_difference
from conformance.comparison.answers.text import binary_difference, described, text_difference
from conformance.comparison.bodies.body import STRUCTURED, Body, read_body
from conformance.comparison.difference import ABSENT, DIFFERS, PRESENT, Difference, excerpt
from conformance.comparison.identities.alignment import align, shared
from conformance.comparison.identities.differences import Names, aligned_header, aligned_text, with_identities
from conformance.comparison.identities.own_urls import seen_from_their_runtimes
from conformance.comparison.idioms.bodies import body_kind_idiom
from conformance.comparison.idioms.catalogue import IDIOMS, IN_ERRORS
from conformance.comparison.idioms.errors import PROBLEM_DOCUMENT
from conformance.comparison.idioms.statuses import FIRST_ERROR
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import leaves
from conformance.comparison.values.lossless_json import canonical
from conformance.comparison.values.walk import Walk
from conformance.model.case import CompareLevel, NumberPolicy, Rule
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.observation import Answer
from conformance.model.template import KnownName

_SMALL: Final = 64 << 10
"""To walk a larger body takes little more time than to find out first that it differs."""


@dataclass(slots=True, eq=False)
class ReadAnswer:
    """An answer with its header read, and its body as soon as it is needed; equal to itself only.

    `identities` are the runtime's names for values that identify things.
    """

    answer: Answer
    header: HeaderFacts
    base_url: str = ""
    identities: Mapping[str, KnownName] = field(default_factory=dict)
    _body: Body | None = None

    @property
    def body(self) -> Body:
        """Return the body, read once."""
        if self._body is None:
            media = self.header.media
            self._body = read_body(self.answer.body, None if media == ABSENT else media, self.header.charset)
        return self._body


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a case asks of a comparison: how close a look, what is loosened, and the target that was asked for."""

    level: CompareLevel
    rules: tuple[Rule, ...] = ()
    numbers: NumberPolicy = NumberPolicy.VALUE
    target: str = ""


@dataclass(slots=True)
class AnswerComparison:
    """The differences of two answers, how often each rule was needed, and which rules hid most of a body."""

    differences: tuple[Difference, ...]
    rule_hits: Counter[Rule] = field(default_factory=Counter)
    broad_rules: frozenset[Rule] = frozenset()


def read_answer(
    answer: Answer, names: Iterable[KnownName] = (), base_url: str = "", fields: tuple[str, ...] = ()
) -> ReadAnswer:
    """Read an answer that came from a base URL, given what names stand for in the runtime's part of the case.

    `fields` are the header fields that are compared besides those that always are.
    """
    identities = {known.name: known for known in names if known.identity}
    return ReadAnswer(answer, read_header(answer, base_url, fields), base_url, identities)


def compare_answers(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> AnswerComparison:
    """Compare two answers: status, header, notes and body, as far as one of them leaves the next to be compared."""
    found: list[Difference] = []
    if a.answer.status != b.answer.status:
        found.append(status_difference(a.answer, b.answer, terms.target))
    if not comparable(a.answer.status, b.answer.status) or terms.level is CompareLevel.STATUS:
        return AnswerComparison(tuple(found))
    names = shared(a.identities, b.identities)
    header, mixed = (b.header, []) if names is None else aligned_header(a.header, b.header, names)
    found.extend((*mixed, *header_differences(a.header, header, terms.level)))
    loosening = Loosening(terms.rules)
    same_body = names is None and a.answer.body == b.answer.body and a.header.facts[:2] == b.header.facts[:2]
    if not same_body or a.answer.notes != b.answer.notes:
        found.extend(_note_differences(a, b, loosening, same_body=same_body))
    if same_body:
        return AnswerComparison(tuple(found), loosening.hits)
    below = _body_differences(a, b, terms, loosening, names)
    found = [known for known in found if not _is_explained(known, a, b, below)]
    broad = loosening.broad(lambda: max(leaves([a.body.value]), leaves([b.body.value])))
    return AnswerComparison((*found, *below), loosening.hits, broad)


def _body_differences(
    a: ReadAnswer, b: ReadAnswer, terms: Terms, loosening: Loosening, names: Names | None
) -> list[Difference]:
    first, second = a.body, b.body
    if first.kind != second.kind:
        return [_kind_difference(a, b)]
    if terms.level is CompareLevel.VALUE:
        first, second = seen_from_their_runtimes(first, second, (a.base_url, b.base_url))
    if first.kind in STRUCTURED:
        idioms = (IN_ERRORS if _are_errors(a, b) else IDIOMS) if first.kind == "JSON" else ()
        walk = Walk(terms.level, loosening, terms.numbers, idioms)
        if names is None:
            return _structured_differences(first, second, walk, terms.level)
        aligned = align(first.value, second.value, names)
        as_first = replace(second, value=aligned.second)
        return list(with_identities(_structured_differences(first, as_first, walk, terms.level), aligned))
    mixed: list[Difference] = []
    if names is not None and first.kind == "text":
        second, mixed = aligned_text(first, second, names)
    if mixed or terms.level is not CompareLevel.VALUE:
        return mixed
    difference = (text_difference if first.kind == "text" else binary_difference)(first, second)
    return [] if difference is None else [difference]


def _structured_differences(a: Body, b: Body, walk: Walk, level: CompareLevel) -> list[Difference]:
    promising = len(a.raw) == len(b.raw) or len(a.raw) < _SMALL
    if promising and a.outline == b.outline and canonical(a.value) == canonical(b.value):
        return []
    walk.compare(a.value, b.value)
    in_another_order = a.outline != b.outline and level is CompareLevel.VALUE
    if in_another_order and not walk.differences and not walk.loosening.hits:
        return [_order_difference(a, b)]
    return walk.differences


def _is_explained(known: Difference, a: ReadAnswer, b: ReadAnswer, below: list[Difference]) -> bool:
    """Tell whether a difference of media type is the other side of one of the body."""
    if not known.path.startswith("content-type"):
        return False
    medias = {a.header.media, b.header.media}
    problem = "application/problem+json" in medias and any(other.idiom == PROBLEM_DOCUMENT.name for other in below)
    return problem or any(other.kind is DifferenceKind.BODY_KIND for other in below)


def _note_differences(a: ReadAnswer, b: ReadAnswer, loosening: Loosening, *, same_body: bool) -> list[Difference]:
    """Compare what was odd about either answer, as if it were a header."""
    first, second = (
        set(answer.answer.notes if same_body else answer.answer.notes + answer.body.notes) for answer in (a, b)
    )
    return [
        Difference(
            kind=DifferenceKind.NOTE,
            facet=Facet.HEADERS,
            path=note,
            a_fact=PRESENT if note in first else ABSENT,
            b_fact=PRESENT if note in second else ABSENT,
            a_example=_note_example(note, a, is_there=note in first),
            b_example=_note_example(note, b, is_there=note in second),
        )
        for note in sorted(first ^ second)
        if not loosening.note(note)
    ]


def _note_example(note: str, seen: ReadAnswer, *, is_there: bool) -> str:
    said = seen.body.misfit if is_there and note in seen.body.notes else ""
    return f"{note}: {said or (PRESENT if is_there else ABSENT)}"


def _are_errors(a: ReadAnswer, b: ReadAnswer) -> bool:
    return min(a.answer.status, b.answer.status) >= FIRST_ERROR


def _kind_difference(a: ReadAnswer, b: ReadAnswer) -> Difference:
    kinds = {a.body.kind, b.body.kind}
    return Difference(
        kind=DifferenceKind.BODY_KIND,
        facet=Facet.SHAPE,
        path="$",
        a_fact=a.body.kind,
        b_fact=b.body.kind,
        a_example=_shown(a.body),
        b_example=_shown(b.body),
        idiom=body_kind_idiom(kinds, errors=_are_errors(a, b)),
    )


def _order_difference(a: Body, b: Body) -> Difference:
    return Difference(
        kind=DifferenceKind.VALUE,
        facet=Facet.VALUE,
        path="$",
        a_fact=DIFFERS,
        b_fact=DIFFERS,
        a_example=excerpt(" ".join(a.outline)),
        b_example=excerpt(" ".join(b.outline)),
        detail="the same elements in another order",
    )


def _shown(body: Body) -> str:
    return described(body.raw) if body.kind == "binary" else excerpt(body.raw.decode("utf-8", "backslashreplace"))
