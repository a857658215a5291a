"""Members that differ only because some elements of that name are in another namespace."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import compress, repeat
from operator import is_not, not_
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.bodies.markup import TEXT
from conformance.comparison.finding_values import first_followed, steps_to
from conformance.comparison.idioms.member_names import NAMESPACE
from conformance.comparison.values.columns import Column, elements_of, holds_only, is_text
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import have_member
from conformance.comparison.values.presence import presence_of
from conformance.comparison.values.steps import below, values_at
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.follows import Follows
from conformance.model.json_path import ANY_ELEMENT, Segment

IN_NAMESPACE: Final = "only elements in it differ"


def is_of_namespace(finding: Finding) -> bool:
    """Return whether a finding is that only some runtimes have elements in a namespace."""
    if finding.kind is not DifferenceKind.MEMBER or NAMESPACE not in finding.place:
        return False
    return _names(finding)[-1].startswith(NAMESPACE)


def in_namespace(
    finding: Finding, namespaces: Sequence[Finding], answers: Sequence[Mapping[str, ReadAnswer]]
) -> Follows | None:
    """Return the namespace finding that explains a finding about a member, or None.

    Without the elements in that namespace, all runtimes have the member equally often.
    """
    if not namespaces or finding.name != DifferenceKind.MEMBER.value or is_of_namespace(finding):
        return None
    explains = partial(_explains, finding=finding, answers=answers[finding.step])
    return first_followed(finding, namespaces, explains, IN_NAMESPACE)


def _explains(other: Finding, finding: Finding, answers: Mapping[str, ReadAnswer]) -> bool:
    """Return whether all runtimes have a member equally often outside a namespace."""
    *parents, name = _names(finding)
    *around, namespace = _names(other)
    if parents != around:
        return False
    left = [_elements(answers[each].body.value, parents, namespace) for each in finding.runtimes]
    return len(set(map(_presence, left, repeat(name)))) == 1


def _names(finding: Finding) -> list[str]:
    """Return the tags on the way to a place, and the name of the member there."""
    names = filter(partial(is_not, ANY_ELEMENT), steps_to(finding.place))
    return list(map(str, names))


def _elements(value: Json, tags: Iterable[str], namespace: str) -> Column:
    """Return the elements at a path of tags in a document, without those in a namespace."""
    elements = values_at([value], tuple(tags), _children)
    in_namespace = have_member(elements, namespace)
    return list(compress(elements, map(not_, in_namespace)))


def _children(element: Json, tag: Segment) -> Sequence[Json]:
    """Return the children of an element with a tag, whether it occurs once or is a list."""
    children = list(below(element, tag))
    return elements_of(children) if holds_only(children, list) else children


def _presence(elements: Column, name: str) -> str:
    """Return as a fact how many of some elements have a member; a plain text has only its text."""
    having = list(compress(elements, have_member(elements, name)))
    if name == TEXT:
        having += filter(is_text, elements)
    return presence_of(having, len(elements))
