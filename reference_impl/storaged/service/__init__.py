"""The rules of storaged: pure. What may be a key, which conditions hold, which range is meant."""
