"""Findings that only follow from another finding.

They are about a digest, a length, a label or a note of what differs.  Such a finding is unchanged,
but listed under the one that it follows.  Both must be between the same runtimes: a digest that
differs alone is a difference of its own.  A digest or length is computed from what each runtime
sent, where that is possible.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain, compress, filterfalse
from operator import attrgetter, not_
from typing import Final

from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.bodies.events import EVENTS
from conformance.comparison.bodies.form import FORM
from conformance.comparison.bodies.html import HTML
from conformance.comparison.bodies.json_lines import JSON_LINES
from conformance.comparison.bodies.kind_names import BINARY, JSON, MULTIPART, TABLE, TEXT
from conformance.comparison.bodies.reading import EMPTY, kind_to_read
from conformance.comparison.bodies.xml import XML
from conformance.comparison.derived_columns import (
    LABEL_OF_IT,
    PARAMETER_OF_HEADERS,
    in_header,
    is_of_column,
    is_of_header,
    of_names,
    of_tables_without,
)
from conformance.comparison.derived_events import of_another_event
from conformance.comparison.derived_namespaces import in_namespace, is_of_namespace
from conformance.comparison.derived_notes import is_not_reached, is_note, noted
from conformance.comparison.derived_numbers import numbered
from conformance.comparison.derived_objects import of_another_object
from conformance.comparison.derived_values import Evidence, followed, is_of_a_part, may_follow
from conformance.comparison.difference import ABSENT, PRESENT, SOMETIMES_PRESENT
from conformance.comparison.finding_values import KIND, first_followed, leading_in_step
from conformance.comparison.idioms.errors import ERROR_SHAPE, is_problem_document
from conformance.comparison.idioms.outcomes import RESULT_VS_ERROR
from conformance.comparison.located import Located
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.follows import Follows

AFTER_THE_CUT: Final = "one stream was cut, the other was not"
ONLY_EXTRA: Final = "only extra elements show it"
EXTRA_LACK_IT: Final = "only extra elements lack it"
_SOME_WITHOUT: Final = frozenset({PRESENT, SOMETIMES_PRESENT})
_LABEL: Final = "header content-type"
_USUAL_LABELS: Final[Mapping[str, str]] = {
    EMPTY: ABSENT,
    JSON: "application/json",
    JSON_LINES: "application/x-ndjson",
    EVENTS: "text/event-stream",
    TABLE: "text/csv",
    XML.name: "application/xml",
    HTML.name: "text/html",
    FORM.name: "application/x-www-form-urlencoded",
    MULTIPART: "multipart/form-data",
    TEXT: "text/plain",
    BINARY: "application/octet-stream",
}
"""For each kind of body, the media type that only says that it is of this kind."""
_NAMED_IN_MANY_WAYS: Final = frozenset(
    {JSON, JSON_LINES, EVENTS, TABLE, XML.name, HTML.name, FORM.name, MULTIPART}
)
"""Kinds of body with media types that are only about this kind."""
_PROBLEM: Final = "application/problem+json"
_finding: Final = attrgetter("finding")


def with_what_they_follow(
    located: Sequence[Located], answers: Sequence[Mapping[str, ReadAnswer]]
) -> tuple[Finding, ...]:
    """Return the findings of a case, with `follows` set on each that follows from another one.

    `answers` has the answers of each step by runtime.
    """
    findings = list(map(_finding, located))
    not_after = list(map(_finding, filterfalse(attrgetter("after_the_cut"), located)))
    namespaces = list(filter(is_of_namespace, findings))
    after = [
        _shown_alone(each, not_after)
        or numbered(each.finding, not_after, answers[each.finding.step])
        or of_another_object(each.finding, not_after, answers[each.finding.step])
        or of_another_event(each.finding, not_after, answers[each.finding.step])
        or in_namespace(each.finding, namespaces, answers)
        for each in located
    ]
    follow_nothing_yet = compress(located, map(not_, after))
    lead = list(filter(partial(_leads, answers), follow_nothing_yet))
    of_bodies = [*filter(_is_of_kinds, findings), *map(_finding, lead)]
    labels = list(filter(_is_of_label, findings))
    # Most cases have nothing that could follow, and need no digests
    may_any_follow = any((of_bodies, labels, *after))
    if not may_any_follow or len(lead) == len(findings):
        return tuple(findings)
    evidence = Evidence(answers)
    found: list[Finding] = []
    for each, known in zip(located, after, strict=True):
        follows = known or _follows(each, lead, of_bodies, labels, evidence)
        found.append(replace(each.finding, follows=follows))
    return tuple(found)


def _is_of_kinds(finding: Finding) -> bool:
    return finding.place == KIND


def _is_of_label(finding: Finding) -> bool:
    return finding.place == _LABEL


def _shown_alone(located: Located, findings: Iterable[Finding]) -> Follows | None:
    """Return what a finding follows that only part of one side's body shows, or None.

    It follows the note that the other stream was cut, or the length of the longer list around it.
    """
    finding = located.finding
    if located.after_the_cut:
        return first_followed(finding, findings, is_not_reached, AFTER_THE_CUT)
    if not located.of_extra:
        return None
    lengths = filter(_is_of_length, leading_in_step(finding, findings))
    # An element of markup that occurs once has a place without `[*]`
    around = [each.place for each in lengths if finding.place.startswith(_below(each.place))]
    # with two nested lists it is not known which one's extra elements show it
    if len(around) != 1:
        return None
    how = EXTRA_LACK_IT if _is_of_some_without(finding) else ONLY_EXTRA
    return Follows(finding.step, tuple(around), how)


def _below(place: str) -> tuple[str, str]:
    """Return the two beginnings that places below a place may have."""
    return f"{place}.", f"{place}["


def _is_of_some_without(finding: Finding) -> bool:
    """Return whether all sides have a member, and some have it only in part of their objects."""
    facts = chain.from_iterable(map(finding.facts_of, range(len(finding.sides))))
    return _SOME_WITHOUT.issuperset(facts)


def _is_of_length(finding: Finding) -> bool:
    return finding.kind is DifferenceKind.LENGTH


def _leads(answers: Sequence[Mapping[str, ReadAnswer]], located: Located) -> bool:
    """Return whether other findings may follow from one: it is in a body, and follows from none.

    A digest, a length or a column of a table is taken to follow; but not the digest by which the
    bytes of a multipart part are compared.
    """
    finding = located.finding
    of_step = answers[finding.step]
    follows_others = may_follow(finding) and not is_of_a_part(finding, of_step)
    if follows_others or not finding.place.startswith("$"):
        return False
    return not is_of_column(finding, of_step) and not is_of_header(finding, of_step)


def _follows(
    located: Located,
    leading: Iterable[Located],
    of_bodies: Sequence[Finding],
    labels: Sequence[Finding],
    evidence: Evidence,
) -> Follows | None:
    """Return what a finding follows, or None: labels, notes and columns by their own rules."""
    finding = located.finding
    answers = evidence.answers[finding.step]
    if finding.place == _LABEL:
        return _labelled(finding, of_bodies, answers)
    if finding.place == PARAMETER_OF_HEADERS:
        return of_tables_without(finding, of_bodies)
    if is_note(finding):
        return noted(finding, [*of_bodies, *labels])
    if is_of_column(finding, answers):
        return in_header(finding, of_bodies)
    if is_of_header(finding, answers):
        return of_names(finding, of_bodies)
    return followed(located, leading, of_bodies, evidence)


def _labelled(
    finding: Finding, of_bodies: Iterable[Finding], answers: Mapping[str, ReadAnswer]
) -> Follows | None:
    """Return the finding that a difference of media types follows, or None.

    The difference follows from bodies of several kinds, or from a problem document beside another
    error or a result.  Each media type must be the usual one of its body; beside a body of another
    kind, any that names the kind.  Any other one carries information of its own, and may change by
    itself.
    """
    labelled = list(map(answers.__getitem__, finding.runtimes))
    for each in leading_in_step(finding, of_bodies):
        cause = each.place if each.place == KIND else each.idiom
        says_no_more = _SAY_NO_MORE.get(cause)
        if says_no_more is not None and all(map(says_no_more, labelled)):
            return Follows(each.step, (each.place,), LABEL_OF_IT, whole_body=True)
    return None


def _is_usual_label(answer: ReadAnswer) -> bool:
    return answer.header.media == _usual_label(answer)


def _is_label_of_kind(answer: ReadAnswer) -> bool:
    """Return whether a media type only names the kind of its body: also `text/xml` for XML.

    A type for text or bytes also names their content, and so does that of a problem document.
    """
    if _is_usual_label(answer):
        return True
    kind = answer.body.kind_by_label
    if kind not in _NAMED_IN_MANY_WAYS:
        return False
    if _PROBLEM in {answer.header.media, _usual_label(answer)}:
        return False
    return kind_to_read(answer.header.label) == kind


def _is_of_result_or_problem(answer: ReadAnswer) -> bool:
    """Return whether a media type is JSON, or the problem document's where the body is one."""
    return answer.header.media in {_usual_label(answer), _USUAL_LABELS[JSON]}


_SAY_NO_MORE: Final[Mapping[str | None, Callable[[ReadAnswer], bool]]] = {
    KIND: _is_label_of_kind,
    ERROR_SHAPE.name: _is_usual_label,
    RESULT_VS_ERROR.name: _is_of_result_or_problem,
}
"""For each place or idiom of a leading finding, the check that a media type names only that."""


def _usual_label(answer: ReadAnswer) -> str:
    """Return the media type that only names the kind of the answer's body."""
    body = answer.body
    is_object = body.kind == JSON and isinstance(body.value, dict)
    if is_object and is_problem_document(body.value):
        return _PROBLEM
    return _USUAL_LABELS.get(body.kind_by_label, "")
