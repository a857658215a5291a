"""Findings that only follow from another finding.

They are about a digest, a length, a label or a note of what differs.  Such a finding is unchanged,
but listed under the one that it follows.  Both must be between the same runtimes: a digest that
differs alone is a difference of its own.  A digest or length is computed from what each runtime
sent, where that is possible.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain, compress, filterfalse, starmap
from operator import attrgetter, not_
from typing import Final

from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.events import EVENTS
from conformance.comparison.bodies.form import FORM
from conformance.comparison.bodies.html import HTML
from conformance.comparison.bodies.json_lines import JSON_LINES
from conformance.comparison.bodies.kind_names import BINARY, JSON, MULTIPART, TABLE, TEXT
from conformance.comparison.bodies.label import Label
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
from conformance.comparison.derived_parts import is_of_part_label, labelled_part
from conformance.comparison.derived_values import Evidence, followed, is_of_a_part, may_follow
from conformance.comparison.difference import ABSENT, PRESENT, SOMETIMES_PRESENT
from conformance.comparison.finding_values import (
    KIND,
    first_followed,
    is_of_kinds,
    leading_in_step,
)
from conformance.comparison.idioms.errors import ERROR_SHAPE, is_problem_document
from conformance.comparison.idioms.outcomes import RESULT_VS_ERROR
from conformance.comparison.located import Located
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.follows import Follows

AFTER_THE_CUT: Final = "one stream was cut, the other was not"
ONLY_EXTRA: Final = "only extra elements show it"
EXTRA_LACK_IT: Final = "only extra elements lack it"
FORMAT_WITHIN: Final = "the format within it"
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
        or _of_outer_format(each.finding, not_after)
        or numbered(each.finding, not_after, answers[each.finding.step])
        or of_another_object(each.finding, not_after, answers[each.finding.step])
        or of_another_event(each.finding, not_after, answers[each.finding.step])
        or in_namespace(each.finding, namespaces, answers)
        for each in located
    ]
    follow_nothing_yet = compress(located, map(not_, after))
    lead = list(filter(partial(_leads, answers), follow_nothing_yet))
    of_bodies = [*filter(is_of_kinds, findings), *map(_finding, lead)]
    labels = list(filter(partial(_is_of_label, answers), findings))
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


def _is_of_label(answers: Sequence[Mapping[str, ReadAnswer]], finding: Finding) -> bool:
    return finding.place == _LABEL or is_of_part_label(finding, answers[finding.step])


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


def _of_outer_format(finding: Finding, findings: Iterable[Finding]) -> Follows | None:
    """Return the outermost finding about error formats that another one within it follows."""
    if finding.idiom != ERROR_SHAPE.name:
        return None

    def is_around(other: Finding) -> bool:
        is_of_formats = other.idiom == ERROR_SHAPE.name
        return is_of_formats and finding.place.startswith(_below(other.place))

    return first_followed(finding, sorted(findings, key=_depth), is_around, FORMAT_WITHIN)


def _depth(finding: Finding) -> int:
    """Return how long a place is: one that is around another one is shorter."""
    return len(finding.place)


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
    are_of_parts = (is_of_column, is_of_header, is_of_part_label)
    return not any(is_of(finding, of_step) for is_of in are_of_parts)


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
    if finding.place == _LABEL or is_of_part_label(finding, answers):
        return _labelled(finding, of_bodies, answers)
    if finding.place == PARAMETER_OF_HEADERS:
        return of_tables_without(finding, of_bodies)
    if is_note(finding):
        return noted(finding, [*of_bodies, *labels], answers)
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
    if finding.place != _LABEL:
        return labelled_part(finding, of_bodies, answers, _is_label_of_kind)
    sent = [(answers[each].header.label, answers[each].body) for each in finding.runtimes]
    for each in leading_in_step(finding, of_bodies):
        cause = each.place if each.place == KIND else each.idiom
        if all(starmap(_SAY_NO_MORE.get(cause, _says_more), sent)):
            return Follows(each.step, (each.place,), LABEL_OF_IT, whole_body=True)
    return None


def _says_more(_label: Label, _body: Body) -> bool:
    return False


def _is_usual_label(label: Label, body: Body) -> bool:
    return (label.media or ABSENT) == _usual_label(body)


def _is_label_of_kind(label: Label, body: Body) -> bool:
    """Return whether a media type only names the kind of its body: also `text/xml` for XML.

    A type for text or bytes also names their content, and so does that of a problem document.
    """
    if _is_usual_label(label, body):
        return True
    kind = body.kind_by_label
    if kind not in _NAMED_IN_MANY_WAYS:
        return False
    if _PROBLEM in {label.media, _usual_label(body)}:
        return False
    return kind_to_read(label) == kind


def _is_of_result_or_problem(label: Label, body: Body) -> bool:
    """Return whether a media type is JSON, or the problem document's where the body is one."""
    return label.media in {_usual_label(body), _USUAL_LABELS[JSON]}


_SAY_NO_MORE: Final[Mapping[str | None, Callable[[Label, Body], bool]]] = {
    KIND: _is_label_of_kind,
    ERROR_SHAPE.name: _is_usual_label,
    RESULT_VS_ERROR.name: _is_of_result_or_problem,
}
"""For each place or idiom of a leading finding, the check that a media type names only that."""


def _usual_label(body: Body) -> str:
    """Return the media type that only names the kind of a body."""
    is_object = body.kind == JSON and isinstance(body.value, dict)
    if is_object and is_problem_document(body.value):
        return _PROBLEM
    return _USUAL_LABELS.get(body.kind_by_label, "")
