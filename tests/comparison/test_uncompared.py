"""The places at which two answers were not compared, as a later decision needs them."""

import pytest

from conformance.model.case import CompareLevel
from tests.comparison.compared_steps import compared
from tests.comparison.differences import answer

SHAPE, VALUE, STATUS = CompareLevel.SHAPE, CompareLevel.VALUE, CompareLevel.STATUS


@pytest.mark.parametrize(
    ("level", "reasons"),
    [
        pytest.param(VALUE, [], id="values"),
        pytest.param(
            SHAPE, [("only the shapes of bodies are compared in this case", True)], id="shapes"
        ),
        pytest.param(STATUS, [("only statuses are compared in this case", False)], id="statuses"),
    ],
)
def test_a_level_leaves_out_what_it_does_not_compare(
    level: CompareLevel, reasons: list[tuple[str, bool]]
) -> None:
    """By value all is compared, by shape all but the values, and by status no body."""
    seen = compared(level=level, a=answer('{"x":1}'), b=answer('{"x":2}')).uncompared
    assert [(each.why, each.values) for each in seen] == reasons


def test_other_statuses_leave_out_the_whole_body() -> None:
    """A success and an error have no body in common that says something of a row."""
    seen = compared(level=VALUE, a=answer('{"x":1}'), b=answer('{"x":1}', 404)).uncompared
    assert [(each.why, each.places) for each in seen] == [("their statuses differ", ("", ""))]
