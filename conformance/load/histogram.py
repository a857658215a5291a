"""A histogram of times with a stated precision, as in HDR histograms.

A value is kept to 1/512 of itself.

In: whole microseconds. Out: percentiles, and the largest value exactly.  Values below 1024 have a
bucket each; above, each doubling has 512 buckets.  Adding is an addition to a dictionary, so that
the cost is the same for any range.
"""

from typing import Final

# Values keep ten bits, so that a percentile is off by 0.2 % at most
_EXACT_BITS: Final = 10


class Histogram:
    """Counts of values by bucket."""

    def __init__(self) -> None:
        self.total = 0
        self.most = 0
        self._counts: dict[int, int] = {}

    def add(self, value: int) -> None:
        """Count a value."""
        shift = max(0, value.bit_length() - _EXACT_BITS)
        bucket = value >> shift << shift
        self._counts[bucket] = self._counts.get(bucket, 0) + 1
        self.total += 1
        self.most = max(self.most, value)

    def percentile(self, share: float) -> int:
        """Return the least value that so many of a hundred are not above, 0 where there is none."""
        left = max(1.0, self.total * share / 100)
        for bucket in sorted(self._counts):
            left -= self._counts[bucket]
            if left <= 0:
                width = 1 << max(0, bucket.bit_length() - _EXACT_BITS)
                return min(bucket + width - 1, self.most)
        return self.most
