"""A column that a table lacks follows its header alone."""

from conformance.model.case import CompareLevel
from tests.comparison.compared_steps import compared
from tests.comparison.differences import answer

CSV = "text/csv"


def test_a_missing_column_does_not_follow_a_value_in_another_column() -> None:
    """A cell that differs says nothing of the header: both are causes of their own."""
    full, less = (
        answer("a,y,z\n1,2,3\n", media=CSV),
        answer("a,y\n9,2\n", media=CSV),
    )
    found = compared(level=CompareLevel.VALUE, a=full, b=less).findings
    assert {each.place: each.follows for each in found} == {
        "$.rows[*].z": None,
        "$.rows[*].a": None,
    }
