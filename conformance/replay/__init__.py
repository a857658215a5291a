"""Cases replayed and judged: here, and on worker processes."""
