"""A body that arrives whole at the end has a note; its bounds belong to it."""

import pytest

from conformance.runner.http.timing import ALL_AT_THE_END, timing_notes


@pytest.mark.parametrize(
    ("first_ms", "last_ms", "is_late"),
    [
        pytest.param(90.0, 100.0, True, id="at-the-share"),
        pytest.param(89.9, 100.0, False, id="before-the-share"),
        pytest.param(50.0, 50.0, True, id="long-enough"),
        pytest.param(49.9, 49.9, False, id="too-short-to-say"),
    ],
)
def test_a_body_that_comes_at_the_end(first_ms: float, last_ms: float, *, is_late: bool) -> None:
    """The first byte comes in the last tenth of at least 50 ms."""
    notes = (ALL_AT_THE_END,) if is_late else ()
    assert timing_notes(((first_ms, 1), (last_ms, 9))) == notes


def test_no_bytes_are_not_late() -> None:
    """Nothing that arrived is no body at the end."""
    assert timing_notes(()) == ()
