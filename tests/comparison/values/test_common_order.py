"""How many elements two lists have in one order, and that it takes no longer where many are alike."""

import json

from hypothesis import given
from hypothesis import strategies as st

from conformance.comparison.values.common_order import common_subsequence_length
from tests.comparison.differences import by_value
from tests.comparison.laws import LAW

MARKS = st.lists(st.sampled_from([b"a", b"b"]), max_size=40)


@LAW
@given(first=MARKS, second=MARKS)
def test_alike_elements_are_counted_as_one_by_one(first: list[bytes], second: list[bytes]) -> None:
    """The length of the longest common subsequence, by the usual table."""
    rows = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, mark in enumerate(first):
        for j, other in enumerate(second):
            rows[i + 1][j + 1] = (
                rows[i][j] + 1 if mark == other else max(rows[i][j + 1], rows[i + 1][j])
            )
    assert common_subsequence_length(first, second) == rows[-1][-1]


def test_an_order_among_thousands_that_are_alike() -> None:
    """Two million pairs of equal elements are not too many to see another order."""
    first = ["x"] * 1_500 + ["y"] * 1_500
    assert [name for name, *_ in by_value(json.dumps(first), json.dumps(first[::-1]))] == [
        "another-order"
    ]
