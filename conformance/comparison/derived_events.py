"""Differences in the data of events that follow from a difference in the names of the events."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.bodies.events import EVENTS
from conformance.comparison.shown_in_findings import first_followed, steps_to
from conformance.comparison.values.objects import not_none
from conformance.comparison.values.side import found_under
from conformance.model.finding import Facet, Finding
from conformance.model.follows import Follows
from conformance.model.json_path import ANY_ELEMENT

DATA_OF_ANOTHER_EVENT: Final = "the data of another event"
_NAME: Final = "event"
_NAMES: Final = f"$[*].{_NAME}"


def of_another_event(
    finding: Finding, others: Iterable[Finding], answers: Mapping[str, ReadAnswer]
) -> Follows | None:
    """Return the finding about names of events that a finding about their data follows, or None.

    For example, an event `error` has other data than an event `item`.  The data follows only if
    events with the same name agree at the finding's place, and all streams have as many events.
    """
    path = steps_to(finding.place)
    if path[:2] != (ANY_ELEMENT, "data"):
        return None
    bodies = [answer.body for answer in not_none(map(answers.get, finding.runtimes))]
    if any(body.kind != EVENTS for body in bodies):
        return None
    streams = [body.value for body in bodies]
    if len(set(map(len, streams))) > 1:
        return None
    reduced = _as_sent if finding.facet is Facet.VALUE else type
    for events in zip(*streams, strict=True):
        names = [event.get(_NAME) for event in events]
        values = [list(map(reduced, found_under([event], path[1:]))) for event in events]
        if _are_equal(names) and not _are_equal(values):
            return None
    return first_followed(
        finding, others, lambda other: other.place == _NAMES, DATA_OF_ANOTHER_EVENT
    )


def _as_sent(value: Any) -> Any:
    """Return a value unchanged: it is compared itself, not only by its type."""
    return value


def _are_equal(values: Sequence[Any]) -> bool:
    return all(value == values[0] for value in values)
