"""Values that differ because the runtimes show two different things: they follow the thing's id."""

from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.finding_values import first_followed, steps_to
from conformance.comparison.idioms.member_names import words_of
from conformance.comparison.values.objects import not_none
from conformance.comparison.values.own_ids import is_of_ids
from conformance.comparison.values.side import found_under
from conformance.model.finding import DifferenceKind, Facet, Finding
from conformance.model.follows import Follows
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath, path_of_place

ANOTHER_OBJECT: Final = "a value of another thing"
_IDS_OF_ANOTHER: Final = 2
"""So many words in a name make it the id of another thing, such as `owner_id`; fewer, of the
object."""


def of_another_object(
    finding: Finding, others: Iterable[Finding], answers: Mapping[str, ReadAnswer]
) -> Follows | None:
    """Return the finding about an object's own id that the value of a member follows, or None.

    In a list this is only known if the list has one element.
    """
    path = path_of_place(finding.place)
    is_of_value = finding.facet is Facet.VALUE and finding.kind is not DifferenceKind.IDENTITY
    if path is None or not is_of_value:
        return None
    read = not_none(map(answers.get, finding.runtimes))

    def is_of_same_object(other: Finding) -> bool:
        holder = _holder_of_own_id(other)
        if holder is None or path[: len(holder)] != holder:
            return False
        return all(map(_is_one_object, repeat(holder), read))

    return first_followed(finding, others, is_of_same_object, ANOTHER_OBJECT)


def _holder_of_own_id(finding: Finding) -> JsonPath | None:
    """Return the path of the object whose own id differs; None for any other finding."""
    if finding.kind is not DifferenceKind.IDENTITY:
        return None
    path = steps_to(finding.place)
    name = next(reversed(path), None)
    if not isinstance(name, str) or not is_of_ids(name):
        return None
    is_own = len(words_of(name)) < _IDS_OF_ANOTHER
    return path[:-1] if is_own else None


def _is_one_object(holder: JsonPath, answer: ReadAnswer) -> bool:
    """Return whether an answer has just one object at a path; always if it is in no list."""
    if {ANY_ELEMENT, ANY_MEMBER}.isdisjoint(holder):
        return True
    return len(found_under([answer.body.value], holder)) == 1
