"""Differences in the data of events that follow from a difference in the names of the events."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from operator import attrgetter
from typing import Any, Final

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.bodies.events import EVENTS
from conformance.comparison.finding_values import first_followed, steps_to
from conformance.comparison.values.objects import not_none
from conformance.comparison.values.side import found_under
from conformance.model.finding import Facet, Finding
from conformance.model.follows import Follows
from conformance.model.json_path import ANY_ELEMENT, JsonPath

DATA_OF_ANOTHER_EVENT: Final = "the data of another event"
_NAME: Final = "event"
_DATA: Final = "data"
_NAMES: Final = f"$[*].{_NAME}"


def of_another_event(
    finding: Finding, others: Iterable[Finding], answers: Mapping[str, ReadAnswer]
) -> Follows | None:
    """Return the finding about names of events that a finding about their data follows, or None.

    For example, an event `error` has other data than an event `item`.  Data of the same members
    under another name is the same data.  All streams must have as many events, and events with the
    same name must agree at the finding's place.
    """
    path = steps_to(finding.place)
    if path[:2] != (ANY_ELEMENT, _DATA):
        return None
    bodies = list(map(attrgetter("body"), not_none(map(answers.get, finding.runtimes))))
    if not {EVENTS}.issuperset(map(attrgetter("kind"), bodies)):
        return None
    streams = list(map(attrgetter("value"), bodies))
    if len(set(map(len, streams))) > 1:
        return None
    for events in zip(*streams, strict=True):
        if not all(
            _agree_or_are_two(*pair, path[1:], finding.facet) for pair in combinations(events, 2)
        ):
            return None
    return first_followed(
        finding, others, lambda other: other.place == _NAMES, DATA_OF_ANOTHER_EVENT
    )


def _agree_or_are_two(first: Any, second: Any, path: JsonPath, facet: Facet) -> bool:
    """Return whether two events agree at a path, or are two by their names and their data.

    Data are those of two events if they have no member in common, or only one of them has members.
    """
    values = found_under([first], path), found_under([second], path)
    if facet is not Facet.VALUE:
        values = list(map(type, values[0])), list(map(type, values[1]))
    if values[0] == values[1]:
        return True
    if first.get(_NAME) == second.get(_NAME):
        return False
    data = first.get(_DATA), second.get(_DATA)
    are_objects = [isinstance(each, dict) for each in data]
    return set(data[0]).isdisjoint(data[1]) if all(are_objects) else any(are_objects)
