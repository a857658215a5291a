"""Histograms keep what they promise: percentiles within their precision, for any values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.load.histogram import Histogram

PRECISION = 1 / 512


def test_nothing_counted_is_nothing() -> None:
    assert (Histogram().percentile(99), Histogram().most, Histogram().total) == (0, 0, 0)


@given(
    st.lists(st.integers(0, 2**40), min_size=1, max_size=200),
    st.sampled_from([0.0, 50.0, 90.0, 99.0, 100.0]),
)
def test_percentiles_against_sorted_values(values: list[int], share: float) -> None:
    """A percentile is the value of its rank, at most so much too large."""
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    rank = max(1, -(-len(values) * int(share) // 100))
    exact = sorted(values)[rank - 1]
    assert exact <= histogram.percentile(share) <= exact * (1 + PRECISION)
    assert (histogram.most, histogram.total) == (max(values), len(values))


def test_small_values_are_exact() -> None:
    histogram = Histogram()
    for value in reversed(range(1_024)):
        histogram.add(value)
    assert [histogram.percentile(share) for share in (50, 99, 100)] == [511, 1_013, 1_023]
    assert histogram.percentile(0) == pytest.approx(0)
