"""Times near the usual one, which are accepted where a range holds it."""

import pytest

from conformance.fuzzing.json_nodes import text_node, value_of
from conformance.fuzzing.renaming import next_year
from conformance.fuzzing.time_spellings import is_time, later, spellings_of_time
from conformance.fuzzing.values import Spot, first_values


def test_a_time_is_spelled_without_seconds_with_a_fraction_and_as_a_date() -> None:
    spelled = dict(spellings_of_time("2026-05-04T09:00:00Z"))

    assert spelled["a time without seconds"] == "2026-05-04T09:00Z"
    assert spelled["a time with a fraction"] == "2026-05-04T09:00:00.25Z"
    assert spelled["a date for a time"] == "2026-05-04"


@pytest.mark.parametrize(
    ("date", "none"), [("2026-05-04", "2026-02-30"), ("2026-02-04", "2026-02-31")]
)
def test_a_date_has_one_beside_it_that_no_calendar_has(date: str, none: str) -> None:
    assert dict(spellings_of_time(date))["a date that is none"] == none


def test_spellings_of_the_usual_time_are_tried_first_and_no_letters_are_put_before_it() -> None:
    usual = text_node("2026-05-04T09:00:00Z")
    tried = {each.node for each in first_values(Spot("start", {"type": "string"}, usual))}

    assert text_node("2026-05-04T09:00Z") in tried
    assert text_node("z026-05-04T09:00:00Z") not in tried


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("2026-05-04T10:00:00Z", "2026-05-04T11:00:00Z"),
        ("2026-05-04T10:00:00+02:00", "2026-05-04T11:00:00+02:00"),
        ("2026-05-04", "2026-05-04"),
        ("9999-12-31T23:30:00Z", "9999-12-31T23:30:00Z"),
        ("2026-02-31T10:00:00Z", "2026-02-31T10:00:00Z"),
    ],
)
def test_a_time_is_moved_by_as_long_as_a_range_is(text: str, moved: str) -> None:
    assert later(text, "2026-05-04T09:00:00Z", "2026-05-04T10:00:00Z") == moved


def test_only_whole_dates_and_times_are_times() -> None:
    assert is_time("2026-05-04")
    assert is_time("2026-05-04T09:00:00.5+01:00")
    assert not is_time("2026-05-04 or so")
    assert not is_time(20260504)


@pytest.mark.parametrize(
    ("text", "next_one"),
    [
        ("2024-02-29", "2025-02-28"),
        ("2024-02-29T10:30:00Z", "2025-02-28T10:30:00Z"),
        ("2026-01-15", "2027-01-15"),
    ],
)
def test_a_date_of_the_next_year_is_one_of_the_calendar(text: str, next_one: str) -> None:
    assert value_of(next_year(text)) == next_one
