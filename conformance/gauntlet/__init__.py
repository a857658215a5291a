"""The gauntlet: smoke, review, parity, load and assessment of a change, one after the other, and a verdict on it."""
