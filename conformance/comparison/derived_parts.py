"""Parts of multipart bodies: their types and notes follow from the kinds of their bodies."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.bodies.body import Body, BodyPart
from conformance.comparison.bodies.documents_in_parts import parts_at
from conformance.comparison.bodies.label import Label, read_label
from conformance.comparison.derived_columns import LABEL_OF_IT
from conformance.comparison.finding_values import first_followed, is_of_kinds, steps_to
from conformance.model.finding import Finding
from conformance.model.follows import Follows
from conformance.model.json_path import JsonPath, render_path

_BODY: Final = "body"
_TYPE: Final = "type"


def is_of_part_label(finding: Finding, answers: Mapping[str, ReadAnswer]) -> bool:
    """Return whether a finding is about the media types of parts."""
    return bool(_labelled_parts(finding, answers))


def labelled_part(
    finding: Finding,
    of_bodies: Iterable[Finding],
    answers: Mapping[str, ReadAnswer],
    names_only_kind: Callable[[Label, Body], bool],
) -> Follows | None:
    """Return the finding about kinds that the media types of parts follow, or None."""
    parts = _labelled_parts(finding, answers)
    labels = [read_label(part.members.get(_TYPE, "")) for part in parts]
    if not all(map(names_only_kind, labels, map(attrgetter("body"), parts))):
        return None
    place = render_path((*steps_to(finding.place)[:-1], _BODY))
    return first_followed(
        finding, of_bodies, lambda other: is_of_kinds(other) and other.place == place, LABEL_OF_IT
    )


def _labelled_parts(finding: Finding, answers: Mapping[str, ReadAnswer]) -> Sequence[BodyPart]:
    """Return the parts of whose media types a finding is; empty for any other finding."""
    steps = steps_to(finding.place)
    return _parts(finding, answers, (*steps[:-1], _BODY)) if steps[-1:] == (_TYPE,) else ()


def notes_of_parts(finding: Finding, answers: Mapping[str, ReadAnswer]) -> set[str]:
    """Return the notes on the bodies of the parts whose type or kind a finding is about."""
    steps = steps_to(finding.place)
    parts = _labelled_parts(finding, answers) or _parts(finding, answers, steps)
    return set(chain.from_iterable(map(attrgetter("body.notes"), parts)))


def _parts(
    finding: Finding, answers: Mapping[str, ReadAnswer], path: JsonPath
) -> Sequence[BodyPart]:
    """Return the parts with a body at a path that the runtimes of a finding sent."""
    bodies = [answers[each].body for each in finding.runtimes]
    return list(chain.from_iterable(parts_at(body, path) for body in bodies))
