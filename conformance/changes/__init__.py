"""Two runs of the same cases held against each other: what became of each case, grouped by cause."""
