"""A histogram of times with a relative precision of 1/512, as in HDR histograms.

In: whole microseconds. Out: percentiles, and the exact maximum.  Values below 1024 have a bucket
each; above, each doubling has 512 buckets. Adding a value is one addition in a dictionary, so the
cost does not depend on the range.
"""

from typing import Final

# Values keep ten bits, so that the error of a percentile is 0.2 % at most
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
        """Return the value at a percentile, 0 to 100; 0 if there are no values."""
        left = max(1.0, self.total * share / 100)
        for bucket in sorted(self._counts):
            left -= self._counts[bucket]
            if left <= 0:
                width = 1 << max(0, bucket.bit_length() - _EXACT_BITS)
                return min(bucket + width - 1, self.most)
        return self.most
