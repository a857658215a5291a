"""The type of an event is of a stream's shape, as the tag of an element is of a document's."""

import pytest

from conformance.model.case import CompareLevel
from conformance.model.rule import RuleKind
from tests.comparison.differences import answer, between, rule, seen, value_at

MEDIA = "text/event-stream"
AT = "$[*].event"


def events(*types: str) -> str:
    """Return a stream with an event of each type, all with the same data."""
    return "".join(f'event: {name}\ndata: {{"a":1}}\n\n' for name in types)


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        (events("delta", "error"), events("delta", "delta"), [("value", AT)]),
        (events("start", "delta"), events("delta"), [("value", AT)]),
        (events("start", "delta", "delta"), events("start", "delta"), []),
        (events("start", "delta"), events("delta", "start"), []),
    ],
    ids=["another-type", "a-missing-type", "one-type-more-often", "another-order"],
)
def test_types_count_by_shape(a: str, b: str, wanted: list[tuple[str, str]]) -> None:
    """Which types there are is compared; how many of each, and in which order, is a value."""
    assert seen(a, b, MEDIA, CompareLevel.SHAPE) == wanted


@pytest.mark.parametrize(
    ("a", "b", "places"),
    [
        (("s x", "d a", "e y"), ("d b", "d c"), {"$", AT, "$[*].data.v"}),
        (("s a", "d b", "e c"), ("d a", "d c"), {"$", AT, "$[*].data.v"}),
        (("s a", "d b", "e c"), ("x b", "e c"), {"$", AT}),
    ],
    ids=["nothing-else-in-common", "data-in-common", "a-renamed-type"],
)
def test_events_of_one_type_belong_together(
    a: tuple[str, ...], b: tuple[str, ...], places: set[str]
) -> None:
    """An event is not taken for one of another type that both streams have."""
    first, second = map(typed, (a, b))
    assert {place for _, place in seen(first, second, MEDIA)} == places


def typed(given: tuple[str, ...]) -> str:
    """Return a stream of events, each given as its type and the value in its data."""
    both = (each.split() for each in given)
    return "".join(f'event: {name}\ndata: {{"v":"{value}"}}\n\n' for name, value in both)


def test_a_rule_accepts_any_type() -> None:
    """A rule about the type holds by shape, too."""
    both = answer(events("a"), media=MEDIA), answer(events("b"), media=MEDIA)
    assert between(*both) == [value_at(AT)]
    assert between(*both, rules=(rule(AT, RuleKind.ANY),)) == []


def test_a_member_of_json_is_no_type() -> None:
    """A list of objects with a member `event` has texts there, of which any is as good."""
    assert seen('[{"event":"a"}]', '[{"event":"b"}]', "application/json", CompareLevel.SHAPE) == []
