"""Members that number the elements of a list: their values follow its length and its order."""

from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.finding_values import first_followed, steps_to
from conformance.comparison.idioms.catalogue import OF_ORDER
from conformance.comparison.values.numbered_elements import count_from_one_start
from conformance.comparison.values.side import found_under
from conformance.model.finding import DifferenceKind, Facet, Finding
from conformance.model.follows import Follows
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath, path_of_place

NUMBERS: Final = "the number of each element"
_MANY: Final = frozenset({ANY_ELEMENT, ANY_MEMBER})


def numbered(
    finding: Finding, others: Iterable[Finding], answers: Mapping[str, ReadAnswer]
) -> Follows | None:
    """Return the length or order of the list whose element numbers differ in a finding, or None.

    All runtimes number from the same start, so only another length or order makes a difference.
    """
    path = steps_to(finding.place)
    if finding.facet is not Facet.VALUE or ANY_ELEMENT not in path:
        return None
    of_list = path[: path.index(ANY_ELEMENT)]
    if not _MANY.isdisjoint((*of_list, *path[len(of_list) + 1 :])):
        return None

    def is_of_its_elements(other: Finding) -> bool:
        is_length_or_order = other.kind is DifferenceKind.LENGTH or other.idiom in OF_ORDER
        return is_length_or_order and path_of_place(other.place) == of_list

    leaders = list(filter(is_of_its_elements, others))
    if not leaders or not _are_numbers(path, map(answers.get, finding.runtimes)):
        return None
    return first_followed(finding, leaders, is_of_its_elements, NUMBERS)


def _are_numbers(path: JsonPath, answers: Iterable[ReadAnswer | None]) -> bool:
    """Return whether the values at a path number the list from the same start in each answer."""
    bodies = [[] if answer is None else [answer.body.value] for answer in answers]
    return count_from_one_start(map(found_under, bodies, repeat(path)))
