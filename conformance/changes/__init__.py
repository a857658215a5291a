"""Two runs of the same cases compared: what became of each case, grouped by cause."""
