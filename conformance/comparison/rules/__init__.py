"""Rules applied to two answers: which differences they accept, and where they were needed."""
