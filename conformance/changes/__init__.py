"""Comparison of two runs of the same cases: the changes of each case, grouped by cause."""
